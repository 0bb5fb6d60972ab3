// SPDX-License-Identifier: Apache-2.0
// Where a pod may run: nodeSelector, affinity, tolerations, topology spread.
#include "rules/metadata.hpp"
#include "rules/pod.hpp"
#include "rules/selector.hpp"

#include <algorithm>

namespace sluice::rules {
namespace {

void check_node_field(Object& object, const Node& requirement) {
  object.chosen(&requirement, "operator", {"In", "NotIn"});
  object.chosen(&requirement, "key", {"metadata.name"});
  const auto values = object.items(&requirement, "values");
  if (values.size() != 1) {
    object.invalid({&requirement, "values"}, "schema/range", "be one name");
  }
  for (const Node& value : values) {
    object.text_form({&value}, object.text(&value), Form::dns_subdomain);
  }
}

void check_node_term(Object& object, const Node* term, Selects what) {
  for (const Node& requirement : object.items(term, "matchExpressions")) {
    check_requirement(object, requirement, what);
  }
  for (const Node& requirement : object.items(term, "matchFields")) {
    check_node_field(object, requirement);
  }
}

void check_weight(Object& object, const Node& term) {
  const auto weight = object.integer(&term, "weight").value_or(0);
  if (weight < 1 || weight > 100) {
    object.invalid({&term, "weight"}, "schema/range", "lie between 1 and 100");
  }
}

constexpr std::string_view must = "requiredDuringSchedulingIgnoredDuringExecution";
constexpr std::string_view should = "preferredDuringSchedulingIgnoredDuringExecution";

void check_node_affinity(Object& object, const Node* affinity) {
  if (const Node* selector = object.get(affinity, must)) {
    const auto terms = object.items(selector, "nodeSelectorTerms");
    if (terms.empty()) {
      object.required(selector, "nodeSelectorTerms", "with at least one term");
    }
    for (const Node& term : terms) {
      check_node_term(object, &term, Selects::nodes);
    }
  }
  for (const Node& term : object.items(affinity, should)) {
    check_weight(object, term);
    check_node_term(object, object.get(&term, "preference"), Selects::preferred_nodes);
  }
}

bool selector_has_key(const Object& object, const Node* selector, std::string_view key) {
  for (const auto& [name, value] : object.pairs(selector, "matchLabels")) {
    if (name.text == key) {
      return true;
    }
  }
  const auto expressions = object.items(selector, "matchExpressions");
  return std::any_of(expressions.begin(), expressions.end(), [&](const Node& expression) {
    return object.text(&expression, "key") == key;
  });
}

/// Whether the selector says the key twice: the server adds matchLabelKeys to it, and may see its
/// own addition again.
std::size_t times_in_selector(const Object& object, const Node* selector, std::string_view key) {
  std::size_t times = 0;
  for (const auto& [name, value] : object.pairs(selector, "matchLabels")) {
    times += name.text == key ? 1 : 0;
  }
  for (const Node& expression : object.items(selector, "matchExpressions")) {
    times += object.text(&expression, "key") == key ? 1 : 0;
  }
  return times;
}

void check_label_keys(Object& object, const Node* term) {
  const Node* selector = object.get(term, "labelSelector");
  const auto unwanted = object.items(term, "mismatchLabelKeys");
  for (const std::string_view field : {"matchLabelKeys", "mismatchLabelKeys"}) {
    const auto keys = object.items(term, field);
    if (keys.empty()) {
      continue;
    }
    if (selector == nullptr) {
      object.forbidden({term, field}, "without labelSelector");
      continue;
    }
    for (const Node& key : keys) {
      object.text_form({&key}, object.text(&key), Form::qualified_name, "meta/label");
      const bool both = field == "matchLabelKeys" &&
                        std::any_of(unwanted.begin(), unwanted.end(), [&](const Node& other) {
                          return object.text(&other) == object.text(&key);
                        });
      if (both) {
        object.invalid({&key}, "schema/conflict", "not stand in mismatchLabelKeys too");
      } else if (field == "matchLabelKeys" &&
                 times_in_selector(object, selector, object.text(&key)) > 1) {
        object.invalid({&key}, "schema/conflict", "not stand in labelSelector too");
      }
    }
  }
}

void check_pod_term(Object& object, const Node* term) {
  check_selector(object, object.get(term, "labelSelector"));
  check_selector(object, object.get(term, "namespaceSelector"));
  for (const Node& name : object.items(term, "namespaces")) {
    object.text_form({&name}, object.text(&name), Form::dns_label, "meta/name");
  }
  check_label_keys(object, term);
  if (object.text(term, "topologyKey").empty()) {
    object.required(term, "topologyKey", {}, "such as kubernetes.io/hostname");
  }
  object.form(term, "topologyKey", Form::qualified_name, "meta/label");
}

void check_pod_affinity(Object& object, const Node* affinity) {
  for (const Node& term : object.items(affinity, must)) {
    check_pod_term(object, &term);
  }
  for (const Node& term : object.items(affinity, should)) {
    check_weight(object, term);
    const Node* inner = object.get(&term, "podAffinityTerm");
    if (inner == nullptr) {
      object.required(&term, "podAffinityTerm");
    } else {
      check_pod_term(object, inner);
    }
  }
}

void check_toleration(Object& object, const Node& toleration) {
  const std::string_view key = object.text(&toleration, "key");
  const std::string_view op = object.text(&toleration, "operator");
  object.form(&toleration, "key", Form::qualified_name, "meta/label");
  if (key.empty() && op != "Exists") {
    object.invalid({&toleration, "operator"}, "schema/conflict", "be Exists without a key",
                   "Exists without a key tolerates everything");
  }
  if (object.has(&toleration, "tolerationSeconds") &&
      object.text(&toleration, "effect") != "NoExecute") {
    object.invalid({&toleration, "effect"}, "schema/conflict",
                   "be NoExecute with tolerationSeconds");
  }
  if (op == "Exists") {
    if (!object.text(&toleration, "value").empty()) {
      object.forbidden({&toleration, "value"}, "with the operator Exists");
    }
  } else if (op.empty() || op == "Equal") {
    object.text_form({&toleration, "value"}, object.text(&toleration, "value"), Form::label_value,
                     "meta/label");
  } else if (object.minor() >= 35) {
    object.one_of(&toleration, "operator", {"Exists", "Equal", "Lt", "Gt"});
  } else {
    object.one_of(&toleration, "operator", {"Exists", "Equal"});
  }
  object.one_of(&toleration, "effect", {"NoSchedule", "PreferNoSchedule", "NoExecute"});
}

void check_spread(Object& object, const Node& constraint) {
  const auto skew = object.integer(&constraint, "maxSkew").value_or(0);
  if (skew <= 0) {
    object.invalid({&constraint, "maxSkew"}, "schema/range", "be more than 0");
  }
  if (object.text(&constraint, "topologyKey").empty()) {
    object.required(&constraint, "topologyKey", {}, "such as topology.kubernetes.io/zone");
  }
  object.chosen(&constraint, "whenUnsatisfiable", {"DoNotSchedule", "ScheduleAnyway"});
  if (const auto domains = object.integer(&constraint, "minDomains")) {
    if (*domains <= 0) {
      object.invalid({&constraint, "minDomains"}, "schema/range", "be more than 0");
    }
    if (object.text(&constraint, "whenUnsatisfiable") != "DoNotSchedule") {
      object.forbidden({&constraint, "minDomains"}, "unless whenUnsatisfiable is DoNotSchedule");
    }
  }
  for (const std::string_view field : {"nodeAffinityPolicy", "nodeTaintsPolicy"}) {
    if (object.has(&constraint, field)) {
      object.chosen(&constraint, field, {"Honor", "Ignore"});
    }
  }
  const Node* selector = object.get(&constraint, "labelSelector");
  const auto keys = object.items(&constraint, "matchLabelKeys");
  if (!keys.empty() && selector == nullptr) {
    object.forbidden({&constraint, "matchLabelKeys"}, "without labelSelector");
  }
  for (const Node& key : keys) {
    object.text_form({&key}, object.text(&key), Form::qualified_name, "meta/label");
    if (selector_has_key(object, selector, object.text(&key))) {
      object.invalid({&key}, "schema/conflict", "not stand in labelSelector too");
    }
  }
  check_selector(object, selector);
}

void check_spreads(Object& object, const Pod& pod) {
  const auto constraints = object.items(pod.spec, "topologySpreadConstraints");
  std::vector<std::pair<std::string_view, std::string_view>> seen;
  for (const Node& constraint : constraints) {
    check_spread(object, constraint);
  }
  if (constraints.size() < 2) {
    return;
  }
  for (const Node& constraint : constraints) {
    const std::pair key{object.text(&constraint, "topologyKey"),
                        object.text(&constraint, "whenUnsatisfiable")};
    if (seen.size() < 1000 && std::find(seen.begin(), seen.end(), key) != seen.end()) {
      object.duplicate({&constraint}, "topologyKey and whenUnsatisfiable of another constraint");
    }
    seen.push_back(key);
  }
}

}  // namespace

void check_scheduling(Object& object, const Pod& pod) {
  check_labels(object, object.get(pod.spec, "nodeSelector"));
  if (const Node* affinity = object.get(pod.spec, "affinity")) {
    check_node_affinity(object, object.get(affinity, "nodeAffinity"));
    check_pod_affinity(object, object.get(affinity, "podAffinity"));
    check_pod_affinity(object, object.get(affinity, "podAntiAffinity"));
  }
  for (const Node& toleration : object.items(pod.spec, "tolerations")) {
    check_toleration(object, toleration);
  }
  check_spreads(object, pod);
}

}  // namespace sluice::rules
