// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/match.hpp"

#include <cstdint>
#include <string_view>

namespace sluice::policy {

/// An object as Kyverno judges it.
///
/// A namespaced object without a namespace is in `default`; null labels, annotations, matchLabels,
/// nodeSelectors, data and stringData, wherever they stand, are empty mappings.
struct Object {
  Value value;
  std::string_view api_version, group, version, kind;
  std::string_view name;  ///< or generateName
  std::string_view name_space;
  std::string_view subresource;
};

/// What decides whether an object has a namespace.
enum class Scope : std::uint8_t {
  look_up,      ///< its kind, as far as it is known; other kinds have one
  cluster,      ///< it has none, which its CustomResourceDefinition says
  kyverno_cli,  ///< Kubernetes' own kinds; every custom resource has one
};

/// `name_space` is what the stream says of an object that names none; empty: "default" if its kind
/// has namespaces.
Object normalise(Arena& arena, const Value& manifest, std::string_view name_space, Scope scope);

}  // namespace sluice::policy
