// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/scalars.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::policy {

enum class Operation : std::uint8_t { create, update, remove, connect };
std::optional<Operation> parse_operation(
    std::string_view name);  ///< "CREATE", "UPDATE", "DELETE", "CONNECT"
std::string_view name(Operation operation);

/// A kind of a policy: "Pod", "apps/v1/Deployment", "*/Pod.status", "Pod/eviction". Each part is a
/// wildcard.
struct KindSelector {
  std::string group, version, kind, subresource;
};
KindSelector parse_kind_selector(std::string_view text);

/// The kind that a selector asks for, without group, version and sub-resource, as autogen looks at
/// it.
std::string kind_of_selector(std::string_view text);

struct SelectorRequirement {
  enum class Op : std::uint8_t { in, not_in, exists, does_not_exist };
  std::string key;
  Op op = Op::in;
  std::vector<std::string> values;
};

/// A label selector; wildcards are allowed in matchLabels.
struct LabelSelector {
  std::vector<std::pair<std::string, std::string>> match_labels;
  std::vector<SelectorRequirement> requirements;
};

using Labels = std::map<std::string, std::string, std::less<>>;

struct Subject {
  std::string kind, name_space, name;
};

/// Who sends the request; only with a userinfo file.
struct UserInfo {
  std::string username;
  std::string uid;
  std::vector<std::string> groups, roles, cluster_roles;
};

/// One filter: all its attributes must fit, of a list any element.
struct Filter {
  std::vector<std::string> kind_texts;  ///< as written
  std::vector<KindSelector> kinds;
  std::string name;
  std::vector<std::string> names, namespaces;
  std::vector<std::pair<std::string, std::string>> annotations;
  std::optional<LabelSelector> selector, namespace_selector;
  std::vector<Operation> operations;
  std::vector<std::string> roles, cluster_roles;
  std::vector<Subject> subjects;

  [[nodiscard]] bool describes_nothing() const {
    return kinds.empty() && name.empty() && names.empty() && namespaces.empty() &&
           annotations.empty() && !selector && !namespace_selector && operations.empty();
  }
  [[nodiscard]] bool names_no_user() const {
    return roles.empty() && cluster_roles.empty() && subjects.empty();
  }
};

struct FilterBlock {
  enum class Form : std::uint8_t { any, all, single };
  Form form = Form::single;
  std::vector<Filter> filters;
  bool present = false;
};

/// The object as match and exclude look at it.
struct Candidate {
  std::string_view group, version, kind, subresource;
  std::string_view name;                     ///< or its generateName
  std::string_view name_space;               ///< empty for a cluster-scoped object
  Value labels, annotations;                 ///< objects, or null
  const Labels* namespace_labels = nullptr;  ///< never nullptr
  Operation operation = Operation::create;
  const UserInfo* user = nullptr;  ///< nullptr: nobody is known
};

/// Whether the rule applies. `policy_namespace` is that of a Policy, empty for a ClusterPolicy.
bool applies(const FilterBlock& match,
             const FilterBlock& exclude,
             std::string_view policy_namespace,
             const Candidate& candidate);

/// Whether the match of a PolicyException takes the object in: operations are not asked, what is
/// said of a user holds only for a known one, and the selector of namespaces is not asked of a
/// Namespace.
bool excepts(const FilterBlock& match, const Candidate& candidate);

bool matches_kind(const Filter& filter, const Candidate& candidate);

bool matches_selector(const LabelSelector& selector, const Labels& labels);

}  // namespace sluice::policy
