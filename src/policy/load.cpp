// SPDX-License-Identifier: Apache-2.0
#include "policy/load.hpp"

#include "base/text.hpp"
#include "policy/autogen.hpp"
#include "policy/generate.hpp"
#include "policy/mutate.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace sluice::policy {

using std::string_view;

void Loader::invalid(const Value& at, std::string message, std::string hint) {
  problems_.push_back({Problem::Kind::invalid, rule_, std::move(message), std::move(hint), at});
}

void Loader::unsupported(const Value& at, std::string feature) {
  problems_.push_back({Problem::Kind::unsupported, rule_, std::move(feature), "", at});
}

bool Loader::known_keys(const Value& object, string_view what, std::span<const string_view> keys) {
  if (object.is_null()) {
    return true;
  }
  if (!object.is(Type::object)) {
    invalid(object, std::string(what) + " must be a mapping");
    return false;
  }
  bool all = true;
  for (std::size_t i = 0; i < object.size(); ++i) {
    const auto key = object.key_at(i);
    if (std::find(keys.begin(), keys.end(), key) != keys.end()) {
      continue;
    }
    const auto near = text::nearest(key, keys);
    invalid(object.member_at(i),
            "\"" + text::printable(key) + "\" is not a field of " + std::string(what),
            near ? "did you mean \"" + std::string(*near) + "\"?" : "");
    all = false;
  }
  return all;
}

std::vector<std::string> Loader::strings(const Value& object, string_view key, string_view what) {
  std::vector<std::string> all;
  const Value list = object.get({key});
  if (!list.is_null() && !list.is(Type::array)) {
    invalid(list, std::string(what) + " must be a list");
  }
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (list.at(i).is(Type::string)) {
      all.emplace_back(list.at(i).as_string());
    } else {
      invalid(list.at(i), std::string(what) + " must hold strings only");
    }
  }
  return all;
}

std::string Loader::string(const Value& object, string_view key, string_view what) {
  const Value value = object.get({key});
  if (!value.is_null() && !value.is(Type::string)) {
    invalid(value, std::string(what) + " must be a string");
  }
  return value.is(Type::string) ? std::string(value.as_string()) : std::string();
}

namespace {

class PolicyLoader {
 public:
  explicit PolicyLoader(Policy& policy)
      : policy_(policy), loader_(*policy.arena, *policy.expressions, policy.problems) {}

  void run() {
    constexpr std::array<string_view, 5> keys = {"apiVersion", "kind", "metadata", "spec",
                                                 "status"};
    constexpr std::array<string_view, 16> spec_keys = {"rules",
                                                       "applyRules",
                                                       "failurePolicy",
                                                       "validationFailureAction",
                                                       "emitWarning",
                                                       "admission",
                                                       "background",
                                                       "validationFailureActionOverrides",
                                                       "schemaValidation",
                                                       "generateExisting",
                                                       "webhookTimeoutSeconds",
                                                       "mutateExistingOnPolicyUpdate",
                                                       "useServerSideApply",
                                                       "webhookConfiguration",
                                                       "generateExistingOnPolicyUpdate",
                                                       "skipBackgroundRequests"};
    const Value spec = policy_.source.get({"spec"});
    loader_.known_keys(policy_.source, "a policy", keys);
    loader_.known_keys(spec, "spec", spec_keys);
    check_types(policy_.source, loader_);
    if (!spec.get({"webhookConfiguration", "matchConditions"}).is_null()) {
      loader_.unsupported(spec.get({"webhookConfiguration"}),
                          "webhookConfiguration.matchConditions (CEL)");
    }
    action_ = loader_.action(spec, "validationFailureAction").value_or(Action::audit);
    overrides_ = loader_.overrides(spec.get({"validationFailureActionOverrides"}));
    policy_.first_rule_only = spec.text({"applyRules"}) == "One";
    policy_.scored =
        policy_.source.text({"metadata", "annotations", "policies.kyverno.io/scored"}) != "false";
    refuse_policy(loader_, policy_.source);
    rules(spec.get({"rules"}));
  }

 private:
  void rules(const Value& list) {
    if (!list.is(Type::array) || list.size() == 0) {
      loader_.invalid(policy_.source.get({"spec"}), "a policy needs rules");
      return;
    }
    std::set<std::string_view> names;
    for (std::size_t i = 0; i < list.size(); ++i) {
      const auto name = list.at(i).text({"name"});
      if (!names.insert(name).second) {
        loader_.invalid(list.at(i), "two rules are called \"" + text::printable(name) + "\"");
      }
      loader_.enter_rule(std::string(name));
      refuse_rule(loader_, policy_.source, list.at(i));
      loader_.enter_rule("");
      policy_.rules.push_back(rule(list.at(i), std::string(name)));
    }
    const std::size_t problems = policy_.problems.size();
    policy_.controllers = autogen_controllers(policy_.source);
    std::vector<std::string> others = policy_.controllers;
    std::erase(others, "CronJob");
    for (std::size_t i = 0; i < list.size(); ++i) {
      const std::string base(list.at(i).text({"name"}));
      generate(autogen_rule(*policy_.arena, list.at(i), others), base);
      if (others.size() != policy_.controllers.size()) {
        generate(autogen_cronjob_rule(*policy_.arena, list.at(i)), base);
      }
    }
    // What is wrong with a generated rule was said of the rule it comes from.
    policy_.problems.resize(problems);
  }

  void generate(const Value& source, const std::string& base) {
    if (!source.is_null()) {
      policy_.generated.push_back(rule(source, base));
    }
  }

  Rule rule(const Value& source, const std::string& base) {
    constexpr std::array<string_view, 13> keys = {"name",
                                                  "context",
                                                  "match",
                                                  "exclude",
                                                  "preconditions",
                                                  "celPreconditions",
                                                  "validate",
                                                  "mutate",
                                                  "generate",
                                                  "verifyImages",
                                                  "imageExtractors",
                                                  "skipBackgroundRequests",
                                                  "reportProperties"};
    Rule made;
    made.source = source;
    made.name = std::string(source.text({"name"}));
    made.base_name = base;
    loader_.enter_rule(base);
    const std::size_t problems = policy_.problems.size();
    loader_.known_keys(source, "a rule", keys);
    constexpr std::size_t longest_name = 63;
    if (made.name.empty() || made.base_name.size() > longest_name) {
      loader_.invalid(source, "a rule needs a name of at most 63 characters");
    }
    made.match = loader_.filters(source.get({"match"}), "match");
    made.exclude = loader_.filters(source.get({"exclude"}), "exclude");
    if (!made.match.present) {
      loader_.invalid(source, "a rule needs a match");
    }
    made.context = loader_.context(source.get({"context"}));
    made.preconditions = loader_.conditions(source.get({"preconditions"}), "preconditions");
    sort_of_rule(source, made);
    const auto is_invalid = [](const Problem& p) {
      return p.kind == Problem::Kind::invalid || p.kind == Problem::Kind::unsupported;
    };
    made.supported = (made.check.kind != Check::Kind::none || made.changes()) &&
                     std::none_of(policy_.problems.begin() + static_cast<std::ptrdiff_t>(problems),
                                  policy_.problems.end(), is_invalid);
    loader_.enter_rule("");
    return made;
  }

  void sort_of_rule(const Value& source, Rule& made) {
    for (const string_view feature : {"celPreconditions"}) {
      if (present(source, feature)) {
        loader_.unsupported(source.get({feature}), std::string(feature));
      }
    }
    if (present(source, "mutate")) {
      made.mutation = load_mutation(loader_, source);
    }
    if (present(source, "generate")) {
      made.generation = load_generation(loader_, source);
    }
    const Value validate = source.get({"validate"});
    if (present(source, "imageExtractors")) {
      made.extractors = loader_.extractors(source.get({"imageExtractors"}));
      if (!present(source, "verifyImages")) {
        loader_.invalid(source.get({"imageExtractors"}),
                        "imageExtractors can only be defined for verifyImages rules");
      }
    }
    if (validate.is_null() && present(source, "verifyImages")) {
      made.check = loader_.image_checks(source.get({"verifyImages"}), action_);
      made.action =
          loader_.action(source.get({"verifyImages"}).at(0), "failureAction").value_or(action_);
      made.overrides = overrides_;
      return;
    }
    if (validate.is_null()) {
      if (!present(source, "mutate") && !present(source, "generate") &&
          !present(source, "verifyImages")) {
        loader_.invalid(source, "a rule needs validate, mutate, generate or verifyImages");
      }
      return;
    }
    made.check = loader_.check(validate, false);
    if (present(validate, "message")) {
      made.message = loader_.make_template(validate.get({"message"}));
    }
    made.action = loader_.action(validate, "failureAction").value_or(action_);
    made.overrides = present(validate, "failureActionOverrides")
                         ? loader_.overrides(validate.get({"failureActionOverrides"}))
                         : overrides_;
  }

  Policy& policy_;
  Loader loader_;
  Action action_ = Action::audit;
  std::vector<ActionOverride> overrides_;
};

}  // namespace

PolicySort sort_of(const Value& object) {
  const auto api = object.text({"apiVersion"});
  const auto kind = object.text({"kind"});
  const auto group = api.substr(0, api.find('/'));
  if (group == "kyverno.io" && (kind == "ClusterPolicy" || kind == "Policy")) {
    return PolicySort::classic;
  }
  if (group == "policies.kyverno.io" && kind.ends_with("Policy")) {
    return PolicySort::other;
  }
  const bool admission = group == "admissionregistration.k8s.io" &&
                         (kind == "ValidatingAdmissionPolicy" || kind == "MutatingAdmissionPolicy");
  return admission ? PolicySort::other : PolicySort::none;
}

bool Policy::is_invalid() const {
  return std::any_of(problems.begin(), problems.end(),
                     [](const Problem& p) { return p.kind == Problem::Kind::invalid; });
}

bool Policy::changes() const {
  return std::any_of(rules.begin(), rules.end(), [](const Rule& rule) { return rule.changes(); });
}

std::vector<const Rule*> Policy::rules_for(std::string_view kind) const {
  const bool controller =
      std::find(controllers.begin(), controllers.end(), kind) != controllers.end() &&
      !generated.empty();
  std::vector<const Rule*> all;
  for (const auto& rule : rules) {
    if (!controller || !rule.name.starts_with("autogen-")) {
      all.push_back(&rule);
    }
  }
  for (const auto& rule : generated) {
    if (controller) {
      all.push_back(&rule);
    }
  }
  return all;
}

Policy compile_policy(const Value& object, std::shared_ptr<const void> document_owner) {
  Policy policy;
  policy.source = object;
  policy.document_owner = std::move(document_owner);
  policy.arena = std::make_shared<Arena>();
  policy.expressions = std::make_shared<ExpressionStore>();
  policy.name = std::string(object.text({"metadata", "name"}));
  policy.cluster_wide = object.text({"kind"}) == "ClusterPolicy";
  if (!policy.cluster_wide) {
    const auto given = object.text({"metadata", "namespace"});
    policy.name_space = given.empty() ? "default" : std::string(given);
  }
  PolicyLoader(policy).run();
  return policy;
}

}  // namespace sluice::policy
