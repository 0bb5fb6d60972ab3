// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "policy-test/kyverno.hpp"
#include "policy/findings.hpp"
#include "policy/strict.hpp"

#include <algorithm>
#include <charconv>
#include <map>

namespace sluice::policy_test {
namespace {

using policy::Value;

/// The pointer in "... failed at path /spec/containers/0/image/"; empty when there is none.
std::string pointer_in(std::string_view message) {
  constexpr std::string_view words = "at path ";
  const auto at = message.rfind(words);
  if (at == std::string_view::npos) {
    return "";
  }
  auto path = message.substr(at + words.size());
  path = path.substr(0, path.find(' '));
  while (path.ends_with('/')) {
    path.remove_suffix(1);
  }
  return std::string(path);
}

/// The node that the pointer names, or the nearest above it.
const yaml::Node& node_at(const k8s::Resource& resource, std::string_view pointer) {
  Value place = Value::of(*resource.document, *resource.object);
  for (const auto word : text::split(pointer, '/')) {
    std::optional<Value> next;
    if (place.is(jmespath::Type::object)) {
      next = place.find(word);
    } else if (place.is(jmespath::Type::array)) {
      std::size_t index = place.size();
      std::from_chars(word.data(), word.data() + word.size(), index);
      next = index < place.size() ? std::optional(place.at(index)) : std::nullopt;
    }
    if (!word.empty() && (!next || next->node() == nullptr)) {
      break;
    }
    place = word.empty() ? place : *next;
  }
  return *place.node();
}

const policy::Policy* policy_of(const PolicySet& set,
                                const CliResult& result,
                                std::string_view env) {
  for (const auto* list : {&set.policies, &set.others}) {
    for (const auto& policy : *list) {
      const bool named =
          policy.name == result.policy || policy.name_space + "/" + policy.name == result.policy;
      if (named && (!policy.from_stream || policy.environment == env)) {
        return &policy;
      }
    }
  }
  return nullptr;
}

const policy::Rule* rule_of(const policy::Policy& policy, std::string_view name) {
  for (const auto* rules : {&policy.rules, &policy.generated}) {
    for (const auto& rule : *rules) {
      if (rule.name == name) {
        return &rule;
      }
    }
  }
  return nullptr;
}

/// Audit of a classic rule, or of validationActions without Deny.
diag::Severity severity_of(const policy::Policy* policy,
                           const CliResult& result,
                           const k8s::Resource& resource) {
  if (policy == nullptr || result.status == "error") {
    return diag::Severity::error;
  }
  bool enforced = true;
  if (const auto* rule = rule_of(*policy, result.rule)) {
    const std::string_view space =
        resource.ref.name_space.empty() ? "default" : resource.ref.name_space;
    enforced = policy::action_for(*rule, space, nullptr) == policy::Action::enforce;
  } else if (const Value actions = policy->source.get({"spec", "validationActions"});
             actions.size() > 0) {
    enforced = false;
    for (std::size_t i = 0; i < actions.size(); ++i) {
      enforced = enforced ||
                 (actions.at(i).is(jmespath::Type::string) && actions.at(i).as_string() == "Deny");
    }
  }
  return enforced && result.status == "fail" ? diag::Severity::error : diag::Severity::warning;
}

std::string names_of(const CliResult& result) {
  return "policy " + text::printable(result.policy) +
         (result.rule.empty() ? "" : ", rule " + text::printable(result.rule));
}

diag::Finding finding_of(const CliResult& result,
                         const policy::Policy* policy,
                         const k8s::Resource& resource) {
  const std::string pointer = pointer_in(result.message);
  diag::Finding finding = k8s::finding_at(resource, node_at(resource, pointer));
  finding.code = result.status == "error" ? "policy/error" : "policy/fail";
  finding.severity = severity_of(policy, result, resource);
  finding.path = pointer;
  const std::string words = policy::one_line(result.message);
  finding.message = (words.empty() ? "a rule is broken" : words) + " (" + names_of(result) + ")";
  return finding;
}

/// A rule whose results both engines report.
bool is_compared(const PolicySet& set, const CliResult& result, std::string_view env) {
  const auto* policy = policy_of(set, result, env);
  const auto* rule = policy == nullptr ? nullptr : rule_of(*policy, result.rule);
  return rule == nullptr || !rule->source.get({"validate"}).is_null();
}

using Place = std::tuple<std::size_t, std::string, std::string>;  ///< resource, policy, rule
using Said = std::map<Place, std::pair<std::string, std::string>>;

}  // namespace

void report_kyverno(const CliRun& run,
                    const Input& input,
                    const PolicySet& set,
                    Strict strict,
                    diag::Report& report) {
  report.no_verdict.insert(report.no_verdict.end(), run.no_verdict.begin(), run.no_verdict.end());
  std::vector<bool> applied(set.policies.size());
  std::size_t failed = 0;
  for (const auto& result : run.results) {
    const auto& resource = input.resources[result.resource];
    const auto* policy = policy_of(set, result, resource.env());
    for (std::size_t i = 0; i < applied.size(); ++i) {
      applied[i] = applied[i] || policy == &set.policies[i];
    }
    if (result.status != "pass" && result.status != "skip") {
      ++failed;
      report.findings.push_back(finding_of(result, policy, resource));
    }
  }
  for (const auto& resource : input.resources) {
    report.ledger.push_back(k8s::ledger_row(resource, "checked"));
  }
  if (strict == Strict::yes) {
    report_idle({.input = input, .policies = set.policies}, applied, report);
  }
  report.summary.push_back(text::counted(run.results.size(), "rule result") + ", " +
                           std::to_string(failed) + " failed");
}

void report_differences(const CliRun& run,
                        const std::vector<Outcome>& outcomes,
                        const Input& input,
                        const PolicySet& set,
                        diag::Report& report) {
  Said said;
  for (const auto& outcome : outcomes) {
    if (!outcome.rule->source.get({"validate"}).is_null()) {
      said[{outcome.resource, outcome.policy->name, outcome.rule->name}].first =
          std::string(policy::name(outcome.status));
    }
  }
  for (const auto& result : run.results) {
    if (is_compared(set, result, input.resources[result.resource].env())) {
      const auto name = result.policy.substr(result.policy.rfind('/') + 1);
      said[{result.resource, name, result.rule}].second = result.status;
    }
  }
  std::size_t compared = 0;
  for (const auto& [place, words] : said) {
    const auto& [index, policy, rule] = place;
    ++compared;
    if (words.first == words.second) {
      continue;
    }
    const auto& resource = input.resources[index];
    diag::Finding finding = k8s::finding_at(resource, *resource.object);
    finding.code = "policy/engines-differ";
    const auto verdict = [](const std::string& word) { return word.empty() ? "nothing" : word; };
    finding.message = "policy " + text::printable(policy) + ", rule " + text::printable(rule) +
                      ": the native engine says " + verdict(words.first) + ", Kyverno " +
                      run.version + " says " + verdict(words.second);
    finding.hint = "the CLI sees no ConfigMaps; if the policy asks for none, report it";
    report.findings.push_back(std::move(finding));
  }
  report.summary.push_back("compared with Kyverno " + run.version + ": " +
                           text::counted(compared, "rule result"));
}

}  // namespace sluice::policy_test
