// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "diag/finding.hpp"
#include "schema/builtin.hpp"

#include <string>
#include <vector>

namespace sluice::schema {

/// Why a kind has no schema, in words.
struct UnknownKind {
  std::string code;  ///< schema/unknown-kind, or schema/removed-api when another version of
                     ///< Kubernetes serves it
  std::string message;
  std::string hint;
  bool custom =
      false;  ///< the group is not one of Kubernetes: a CustomResourceDefinition would help
};

/// Explains a kind that find() has no schema for: an API version that is gone, with its
/// replacement; one that comes later; a kind misspelt (among those of Kubernetes and
/// `custom_kinds`); else a custom resource whose definition is missing.
UnknownKind explain_unknown_kind(const GroupVersionKind& name,
                                 KubeVersion version,
                                 const std::vector<GroupVersionKind>& custom_kinds);

}  // namespace sluice::schema
