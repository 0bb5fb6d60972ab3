// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/match.hpp"

#include <string_view>

namespace sluice::policy {

/// An object as Kyverno judges it.
///
/// A namespaced object without a namespace is in `default`; null labels, annotations, matchLabels, nodeSelectors, data and
/// stringData, wherever they stand, are empty mappings.
struct Object {
  Value value;
  std::string_view api_version, group, version, kind;
  std::string_view name;  ///< or generateName
  std::string_view name_space;
  std::string_view subresource;
};

/// `name_space` is what the stream says of an object that names none; empty: "default" if the kind has namespaces. `cluster_scoped`
/// kinds of the stream's own CRDs are the caller's knowledge: it passes an object of such a kind with Scope::cluster.
enum class Scope : std::uint8_t { look_up, cluster };
Object normalise(Arena& arena, const Value& manifest, std::string_view name_space, Scope scope);

}  // namespace sluice::policy
