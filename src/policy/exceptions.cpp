// SPDX-License-Identifier: Apache-2.0
#include "policy/exceptions.hpp"

#include "base/text.hpp"
#include "policy/check.hpp"
#include "policy/load.hpp"

#include <algorithm>
#include <array>

namespace sluice::policy {

using std::string_view;

bool is_exception(const Value& object) {
  const auto api = object.text({"apiVersion"});
  return object.text({"kind"}) == "PolicyException" &&
         (api == "kyverno.io/v2" || api == "kyverno.io/v2beta1");
}

std::string PolicyException::key() const {
  return name_space.empty() ? name : name_space + "/" + name;
}

bool PolicyException::covers(const Policy& policy, const Rule& rule) const {
  return std::any_of(covered.begin(), covered.end(), [&](const Covered& entry) {
    const string_view wanted = entry.policy;
    const auto slash = wanted.find('/');
    const bool named = policy.cluster_wide ? wanted == policy.name
                                           : slash != string_view::npos &&
                                                 wanted.substr(0, slash) == policy.name_space &&
                                                 wanted.substr(slash + 1) == policy.name;
    return named && std::any_of(entry.rules.begin(), entry.rules.end(), [&](const auto& pattern) {
             return text::wildcard_match(pattern, rule.name);
           });
  });
}

PolicyException compile_exception(const Value& object, std::shared_ptr<const void> document_owner) {
  constexpr std::array<string_view, 5> keys = {"background", "match", "conditions", "exceptions",
                                               "podSecurity"};
  constexpr std::array<string_view, 2> covered_keys = {"policyName", "ruleNames"};
  PolicyException made;
  made.source = object;
  made.document_owner = std::move(document_owner);
  made.arena = std::make_shared<Arena>();
  made.expressions = std::make_shared<ExpressionStore>();
  made.name = std::string(object.text({"metadata", "name"}));
  made.name_space = std::string(object.text({"metadata", "namespace"}));
  Loader loader(*made.arena, *made.expressions, made.problems);
  const Value spec = object.get({"spec"});
  loader.known_keys(spec, "the spec of a PolicyException", keys);
  made.match = loader.filters(spec.get({"match"}), "the match of a PolicyException");
  if (!made.match.present || made.match.form == FilterBlock::Form::single) {
    loader.invalid(spec, "a PolicyException needs a match with any or all");
  }
  made.conditions = loader.conditions(spec.get({"conditions"}), "conditions");
  made.pod_security = loader.pod_exclusions(spec.get({"podSecurity"}));
  const Value covered = spec.get({"exceptions"});
  if (!covered.is(Type::array)) {
    loader.invalid(spec, "a PolicyException needs a list of exceptions");
  }
  for (std::size_t i = 0; i < covered.size() && covered.is(Type::array); ++i) {
    loader.known_keys(covered.at(i), "an exception", covered_keys);
    made.covered.push_back({.policy = loader.string(covered.at(i), "policyName", "policyName"),
                            .rules = loader.strings(covered.at(i), "ruleNames", "ruleNames")});
    if (made.covered.back().policy.empty()) {
      loader.invalid(covered.at(i), "an exception needs a policyName");
    }
  }
  return made;
}

std::vector<const PolicyException*> Checker::exceptions() {
  std::vector<const PolicyException*> matched;
  const Candidate candidate = candidate_of(request_, operation_);
  for (const PolicyException* exception : request_.exceptions) {
    if (!exception->problems.empty() || !exception->covers(policy_, rule_) ||
        !excepts(exception->match, candidate)) {
      continue;
    }
    ConditionsResult met{.holds = true, .message = {}};
    Failure failure;
    if (!exception->conditions.blocks.empty() &&
        !evaluate(exception->conditions, context(), met, failure)) {
      continue;  // Kyverno takes conditions that fail for unmet ones
    }
    if (met.holds) {
      matched.push_back(exception);
    }
  }
  return matched;
}

RuleResult Checker::excepted(std::span<const PolicyException* const> by, string_view words) {
  std::string keys;
  for (const PolicyException* exception : by) {
    keys += (keys.empty() ? "" : ", ") + exception->key();
  }
  RuleResult result = ended(RuleStatus::skip, std::string(words) + keys);
  result.exception = by.front();
  return result;
}

}  // namespace sluice::policy
