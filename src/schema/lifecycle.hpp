// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "schema/builtin.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace sluice::schema {

/// When an API version of Kubernetes became deprecated and when it goes, as minor versions of 1.
struct Lifecycle {
  std::string_view group;
  std::string_view version;
  std::string_view kind;  ///< empty: all kinds of the API version that have no row of their own
  std::uint32_t deprecated = 0;
  std::uint32_t removed = 0;  ///< 0: it stays
  std::string_view replacement;
};

/// The row of a kind; nullptr for those that are not deprecated.
const Lifecycle* lifecycle_of(const GroupVersionKind& name);

/// Another API version of the same kind that `version` serves, the most settled one: "apps/v1".
/// Empty when there is none.
std::string served_as(const GroupVersionKind& name, KubeVersion version);

/// What the API server of `version` warns of when such an object is sent to it.
struct Deprecation {
  std::string message;
  std::string hint;

  friend bool operator==(const Deprecation&, const Deprecation&) = default;
};
std::optional<Deprecation> deprecation_of(const GroupVersionKind& name, KubeVersion version);

}  // namespace sluice::schema
