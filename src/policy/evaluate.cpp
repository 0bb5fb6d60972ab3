// SPDX-License-Identifier: Apache-2.0
#include "policy/evaluate.hpp"

#include "base/text.hpp"
#include "policy/check.hpp"
#include "policy/images.hpp"

#include <algorithm>
#include <array>

namespace sluice::policy {

namespace {

const Labels no_labels;

/// Values for this policy and object, those of the object last.
NamedValues values_for(const Values* values, const Policy& policy, const Object& object) {
  NamedValues all;
  if (values == nullptr) {
    return all;
  }
  all = values->globals;
  if (const auto found = values->policies.find(policy.name); found != values->policies.end()) {
    if (const auto own = found->second.resources.find(object.name);
        own != found->second.resources.end()) {
      all.insert(all.end(), own->second.begin(), own->second.end());
    }
  }
  return all;
}

const Labels& labels_of_namespace(const Request& request) {
  if (request.namespace_labels != nullptr) {
    return *request.namespace_labels;
  }
  if (request.values != nullptr) {
    const auto found = request.values->namespace_labels.find(request.object.name_space);
    if (found != request.values->namespace_labels.end()) {
      return found->second;
    }
  }
  return no_labels;
}

Operation operation_of(const Request& request, const NamedValues& values) {
  if (request.operation) {
    return *request.operation;
  }
  Operation operation = Operation::create;
  for (const auto& [name, value] : values) {
    if (name == "request.operation" && value.is(Type::string)) {
      operation = parse_operation(value.as_string()).value_or(operation);
    }
  }
  return operation;
}

Value strings_value(Arena& arena, const std::vector<std::string>& strings) {
  std::vector<Value> list;
  for (const auto& text : strings) {
    list.push_back(Value::string(text));
  }
  return make_array(arena, list);
}

void add_user(Context& context, const UserInfo& user, std::vector<Member>& request) {
  Arena& arena = context.arena();
  const std::array<Member, 3> info = {{{"groups", strings_value(arena, user.groups)},
                                       {"uid", Value::string(user.uid)},
                                       {"username", Value::string(user.username)}}};
  request.push_back({"userInfo", make_object(arena, info)});
  request.push_back({"roles", strings_value(arena, user.roles)});
  request.push_back({"clusterRoles", strings_value(arena, user.cluster_roles)});
  constexpr std::string_view prefix = "system:serviceaccount:";
  const auto parts = text::split(user.username, ':');
  const bool account = user.username.starts_with(prefix) && parts.size() == 4;
  context.set("serviceAccountName", Value::string(account ? parts[3] : std::string_view()));
  context.set("serviceAccountNamespace", Value::string(account ? parts[2] : std::string_view()));
}

void fill_root(Context& context,
               const Request& request,
               Operation operation,
               const NamedValues& values) {
  Arena& arena = context.arena();
  std::vector<Member> members = {{"namespace", Value::string(request.object.name_space)},
                                 {"operation", Value::string(name(operation))}};
  if (operation != Operation::remove) {
    members.push_back({"object", request.object.value});
  }
  if (operation == Operation::update || operation == Operation::remove) {
    members.push_back({"oldObject", request.object.value});
  }
  if (request.user != nullptr) {
    add_user(context, *request.user, members);
  }
  context.set("request", make_object(arena, members));
  context.now = request.now;
  context.deleting = operation == Operation::remove;
  for (const auto& [name, value] : values) {
    if (name != "request.operation") {
      context.merge(dotted_path(arena, name), value);
    }
  }
}

bool touches_object(const NamedValues& values) {
  return std::any_of(values.begin(), values.end(), [](const auto& pair) {
    return pair.first.starts_with("request.object") || pair.first.starts_with("request.oldObject");
  });
}

bool allows_existing_violations(const Rule& rule) {
  const Value asked = rule.source.get({"validate", "allowExistingViolations"});
  return rule.action == Action::enforce && (!asked.is(Type::boolean) || asked.as_boolean());
}

}  // namespace

std::string_view name(RuleStatus status) {
  constexpr std::array<std::string_view, 7> names = {"none",  "pass", "fail",      "warn",
                                                     "error", "skip", "no verdict"};
  return names[static_cast<std::size_t>(status)];
}

Candidate candidate_of(const Request& request, Operation operation) {
  const Object& object = request.object;
  return {.group = object.group,
          .version = object.version,
          .kind = object.kind,
          .subresource = object.subresource,
          .name = object.name,
          .name_space = object.name_space,
          .labels = object.value.get({"metadata", "labels"}),
          .annotations = object.value.get({"metadata", "annotations"}),
          .namespace_labels = &labels_of_namespace(request),
          .operation = operation,
          .user = request.user};
}

Action action_for(const Rule& rule, std::string_view name_space, const Labels* namespace_labels) {
  for (const auto& entry : rule.overrides) {
    const bool named =
        entry.namespaces.empty() || std::any_of(entry.namespaces.begin(), entry.namespaces.end(),
                                                [&](const std::string& pattern) {
                                                  return text::wildcard_match(pattern, name_space);
                                                });
    const bool selected =
        !entry.namespace_selector ||
        matches_selector(*entry.namespace_selector,
                         namespace_labels == nullptr ? no_labels : *namespace_labels);
    if (named && selected) {
      return entry.action;
    }
  }
  return rule.action;
}

Admission admit(Arena& arena, ExpressionCache& cache, const Policy& policy, const Request& given) {
  Admission made{.request = given,
                 .values = values_for(given.values, policy, given.object),
                 .operation = Operation::create,
                 .candidate = {}};
  made.operation = operation_of(given, made.values);
  if (touches_object(made.values)) {
    Context context(arena, cache);
    fill_root(context, given, made.operation, made.values);
    const std::string_view key = made.operation == Operation::remove ? "oldObject" : "object";
    made.request.object = normalise(arena, context.get("request").get({key}),
                                    given.object.name_space, Scope::cluster);
    made.request.object.subresource = given.object.subresource;
  }
  made.candidate = candidate_of(made.request, made.operation);
  return made;
}

Admission admit(const Request& given) {
  const Operation operation = operation_of(given, {});
  return {.request = given,
          .values = {},
          .operation = operation,
          .candidate = candidate_of(given, operation)};
}

void fill(Context& context, const Admission& admission, Operation operation) {
  fill_root(context, admission.request, operation, admission.values);
}

void Evaluator::judge(const Policy& policy,
                      const Request& given,
                      std::vector<RuleResult>& results) {
  judge(policy, policy.rules_for(given.object.kind), given, results);
}

void Evaluator::judge(const Policy& policy,
                      std::span<const Rule* const> rules,
                      const Request& given,
                      std::vector<RuleResult>& results) {
  judge(policy, rules, admit(arena_, cache_, policy, given), results);
}

void Evaluator::judge(const Policy& policy,
                      std::span<const Rule* const> rules,
                      const Admission& admission,
                      std::vector<RuleResult>& results) {
  const auto& [request, values, operation, candidate] = admission;
  for (const Rule* rule : rules) {
    if (rule->changes() || !applies(rule->match, rule->exclude, policy.name_space, candidate)) {
      continue;
    }
    const auto run = [&, &asked = request](Operation as) {  // clang 14 captures no bindings
      return Checker(arena_, cache_, asked, policy, *rule, as,
                     [&, as](Context& context) { fill(context, admission, as); })
          .run();
    };
    RuleResult result = run(operation);
    if (result.status == RuleStatus::fail && operation == Operation::update &&
        allows_existing_violations(*rule)) {
      // An update may keep what was wrong before it: the object as it was, had it been created,
      // fails too.
      Candidate created = candidate;
      created.operation = Operation::create;
      if (applies(rule->match, rule->exclude, policy.name_space, created) &&
          run(Operation::create).status == RuleStatus::fail) {
        result.status = RuleStatus::skip;
        result.message = "violations that exist already are allowed";
      }
    }
    if (result.status == RuleStatus::none) {
      continue;
    }
    result.policy = &policy;
    result.rule = rule;
    result.action = action_for(*rule, request.object.name_space, candidate.namespace_labels);
    if (result.status == RuleStatus::fail && !policy.scored) {
      result.status = RuleStatus::warn;
    }
    const bool applied = result.status == RuleStatus::pass || result.status == RuleStatus::fail ||
                         result.status == RuleStatus::warn;
    results.push_back(std::move(result));
    if (policy.first_rule_only && applied) {
      break;
    }
  }
}

}  // namespace sluice::policy
