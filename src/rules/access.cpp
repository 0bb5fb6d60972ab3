// SPDX-License-Identifier: Apache-2.0
// Roles and their bindings (RBAC).
#include "rules/kinds.hpp"
#include "rules/metadata.hpp"
#include "rules/selector.hpp"

#include <array>

namespace sluice::rules {
namespace {

constexpr std::string_view group = "rbac.authorization.k8s.io";

void check_rule(Object& object, const Node& rule, Scope scope) {
  if (object.items(&rule, "verbs").empty()) {
    object.required(&rule, "verbs", "with at least one verb");
  }
  if (!object.items(&rule, "nonResourceURLs").empty()) {
    if (scope == Scope::namespaced) {
      object.forbidden({&rule, "nonResourceURLs"}, "in a Role", "a ClusterRole may have it");
    }
    for (const std::string_view field : {"apiGroups", "resources", "resourceNames"}) {
      if (!object.items(&rule, field).empty()) {
        object.forbidden({&rule, field}, "beside nonResourceURLs", "make a rule of its own of it");
      }
    }
    return;
  }
  if (object.items(&rule, "apiGroups").empty()) {
    object.required(&rule, "apiGroups", "with at least one group",
                    "\"\" is the group of Pods, Services, ConfigMaps and their like");
  }
  if (object.items(&rule, "resources").empty()) {
    object.required(&rule, "resources", "with at least one resource");
  }
}

void check_role_ref(Object& object, std::initializer_list<std::string_view> kinds) {
  const Node* ref = object.get(object.root(), "roleRef");
  if (ref == nullptr) {
    return object.required(object.root(), "roleRef");
  }
  object.one_of(ref, "apiGroup", {group});
  object.chosen(ref, "kind", kinds);
  object.named(ref, "name", Form::path_segment);
}

void check_subject(Object& object, const Node& subject, Scope scope) {
  const std::string_view kind = object.text(&subject, "kind");
  const std::string_view api = object.text(&subject, "apiGroup");
  if (object.text(&subject, "name").empty()) {
    object.required(&subject, "name");
  }
  if (kind == "ServiceAccount") {
    object.form(&subject, "name", Form::dns_subdomain);
    if (!api.empty()) {
      object.forbidden({&subject, "apiGroup"}, "for a ServiceAccount");
    }
    if (scope == Scope::cluster && object.text(&subject, "namespace").empty()) {
      object.required(&subject, "namespace", "for a ServiceAccount in a ClusterRoleBinding");
    }
  } else if (kind == "User" || kind == "Group") {
    object.one_of(&subject, "apiGroup", {group});
  } else {
    object.chosen(&subject, "kind", {"ServiceAccount", "User", "Group"});
  }
}

void check_subjects(Object& object, Scope scope) {
  for (const Node& subject : object.items(object.root(), "subjects")) {
    check_subject(object, subject, scope);
  }
}

}  // namespace

void check_role(Object& object) {
  for (const Node& rule : object.items(object.root(), "rules")) {
    check_rule(object, rule, Scope::namespaced);
  }
}

void check_cluster_role(Object& object) {
  for (const Node& rule : object.items(object.root(), "rules")) {
    check_rule(object, rule, Scope::cluster);
  }
  const Node* aggregation = object.get(object.root(), "aggregationRule");
  if (aggregation == nullptr) {
    return;
  }
  const auto selectors = object.items(aggregation, "clusterRoleSelectors");
  if (selectors.empty()) {
    object.required(aggregation, "clusterRoleSelectors", "with at least one selector");
  }
  for (const Node& selector : selectors) {
    check_selector(object, &selector);
  }
}

void check_role_binding(Object& object) {
  check_role_ref(object, {"Role", "ClusterRole"});
  check_subjects(object, Scope::namespaced);
}

void check_cluster_role_binding(Object& object) {
  check_role_ref(object, {"ClusterRole"});
  check_subjects(object, Scope::cluster);
}

}  // namespace sluice::rules
