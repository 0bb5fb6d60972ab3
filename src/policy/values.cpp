// SPDX-License-Identifier: Apache-2.0
#include "policy/values.hpp"

#include "base/text.hpp"
#include "policy/selectors.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace sluice::policy {

namespace {

using std::string_view;

Status known(const Value& object, string_view what, std::span<const string_view> keys) {
  for (std::size_t i = 0; i < object.size(); ++i) {
    const auto key = object.key_at(i);
    if (std::find(keys.begin(), keys.end(), key) == keys.end()) {
      const auto near = text::nearest(key, keys);
      return Error{Error::Kind::parse,
                   "\"" + text::printable(key) + "\" is not a field of " + std::string(what) +
                       (near ? "; did you mean \"" + std::string(*near) + "\"?" : "")};
    }
  }
  return ok;
}

NamedValues named(const Value& object) {
  NamedValues values;
  for (std::size_t i = 0; i < object.size(); ++i) {
    values.emplace_back(object.key_at(i), object.member_at(i));
  }
  return values;
}

std::vector<std::string> strings(const Value& list) {
  std::vector<std::string> all;
  for (std::size_t i = 0; i < list.size(); ++i) {
    all.push_back(go_text(list.at(i)));
  }
  return all;
}

Result<PolicyValues> read_policy(const Value& policy) {
  constexpr std::array<string_view, 3> keys = {"name", "resources", "rules"};
  constexpr std::array<string_view, 2> resource_keys = {"name", "values"};
  constexpr std::array<string_view, 3> rule_keys = {"name", "values", "foreachValues"};
  PolicyValues values;
  SLUICE_TRY(known(policy, "policies", keys));
  const Value resources = policy.get({"resources"});
  for (std::size_t i = 0; i < resources.size(); ++i) {
    SLUICE_TRY(known(resources.at(i), "resources", resource_keys));
    values.resources.emplace(resources.at(i).text({"name"}),
                             named(resources.at(i).get({"values"})));
  }
  const Value rules = policy.get({"rules"});
  for (std::size_t i = 0; i < rules.size(); ++i) {
    SLUICE_TRY(known(rules.at(i), "rules", rule_keys));
    RuleValues rule{.values = named(rules.at(i).get({"values"})), .foreach_values = {}};
    for (const auto& [name, list] : named(rules.at(i).get({"foreachValues"}))) {
      ForEachValues each{.name = name, .of_element = {}};
      for (std::size_t j = 0; j < list.size(); ++j) {
        each.of_element.push_back(list.at(j));
      }
      rule.foreach_values.push_back(std::move(each));
    }
    values.rules.emplace(rules.at(i).text({"name"}), std::move(rule));
  }
  return values;
}

}  // namespace

Result<Values> read_values(const Value& document, std::shared_ptr<const void> owner) {
  constexpr std::array<string_view, 8> keys = {"apiVersion",        "kind",        "metadata",
                                               "globalValues",      "policies",    "namespaces",
                                               "namespaceSelector", "subresources"};
  Values values;
  values.owner = std::move(owner);
  values.source = document;
  SLUICE_TRY(known(document, "Values", keys));
  values.globals = named(document.get({"globalValues"}));
  const Value policies = document.get({"policies"});
  for (std::size_t i = 0; i < policies.size(); ++i) {
    PolicyValues policy;
    SLUICE_TRY_ASSIGN(policy, read_policy(policies.at(i)));
    values.policies.emplace(policies.at(i).text({"name"}), std::move(policy));
  }
  const Value selectors = document.get({"namespaceSelector"});
  for (std::size_t i = 0; i < selectors.size(); ++i) {
    values.namespace_labels[std::string(selectors.at(i).text({"name"}))] =
        labels_of(selectors.at(i).get({"labels"}));
  }
  const Value namespaces = document.get({"namespaces"});
  for (std::size_t i = 0; i < namespaces.size(); ++i) {
    const Value name_space = namespaces.at(i);
    values.namespace_labels[std::string(name_space.text({"metadata", "name"}))] =
        labels_of(name_space.get({"metadata", "labels"}));
  }
  const Value subresources = document.get({"subresources"});
  for (std::size_t i = 0; i < subresources.size(); ++i) {
    const Value own = subresources.at(i).get({"subresource"});
    const Value parent = subresources.at(i).get({"parentResource"});
    const auto name = own.text({"name"});
    values.subresources.push_back({.kind = std::string(own.text({"kind"})),
                                   .version = std::string(own.text({"version"})),
                                   .group = std::string(own.text({"group"})),
                                   .subresource = std::string(name.substr(name.find('/') + 1)),
                                   .parent_kind = std::string(parent.text({"kind"})),
                                   .parent_version = std::string(parent.text({"version"})),
                                   .parent_group = std::string(parent.text({"group"}))});
  }
  return values;
}

Result<UserInfo> read_user_info(const Value& document) {
  constexpr std::array<string_view, 6> keys = {"apiVersion", "kind",  "metadata",
                                               "userInfo",   "roles", "clusterRoles"};
  SLUICE_TRY(known(document, "UserInfo", keys));
  const Value user = document.get({"userInfo"});
  return UserInfo{.username = std::string(user.text({"username"})),
                  .uid = std::string(user.text({"uid"})),
                  .groups = strings(user.get({"groups"})),
                  .roles = strings(document.get({"roles"})),
                  .cluster_roles = strings(document.get({"clusterRoles"}))};
}

}  // namespace sluice::policy
