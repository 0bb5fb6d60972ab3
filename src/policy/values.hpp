// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"
#include "policy/match.hpp"

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

/// What a run is told besides manifests: a values file (cli.kyverno.io/v1alpha1 Values) and a
/// userinfo file.
namespace sluice::policy {

using NamedValues = std::vector<std::pair<std::string, Value>>;

struct ForEachValues {
  std::string name;
  std::vector<Value> of_element;
};

struct RuleValues {
  NamedValues values;
  std::vector<ForEachValues> foreach_values;
};

struct PolicyValues {
  std::map<std::string, NamedValues, std::less<>> resources;  ///< by the object's name
  std::map<std::string, RuleValues, std::less<>> rules;
};

/// An object of this kind is a request to a sub-resource of that one.
struct SubresourceKind {
  std::string kind, version, group;
  std::string subresource;
  std::string parent_kind, parent_version, parent_group;
};

struct Values {
  NamedValues globals;  ///< dotted names: "request.operation"
  std::map<std::string, PolicyValues, std::less<>> policies;
  std::map<std::string, Labels, std::less<>> namespace_labels;
  std::vector<SubresourceKind> subresources;
  Value source;                       ///< the document, for findings
  std::shared_ptr<const void> owner;  ///< keeps the manifest alive
};

/// Reads a document of kind Values, or the same without its header under a test's `variables` key.
/// Errors (Kind::parse): an unknown field, a wrong type, with what it is about.
Result<Values> read_values(const Value& document, std::shared_ptr<const void> owner);

/// Reads a document of kind UserInfo. Errors (Kind::parse): as above.
Result<UserInfo> read_user_info(const Value& document);

}  // namespace sluice::policy
