// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "k8s/resource.hpp"
#include "schema/builtin.hpp"
#include "schema/table.hpp"

#include <cstdint>
#include <vector>

namespace sluice::schema {

/// What checking one object may cost: visits of (schema, value) pairs. A schema of somebody else's
/// with nested alternatives could otherwise take for ever.
constexpr std::uint64_t default_visit_limit = 20'000'000;

/// What of a schema counts.
enum class Demands : std::uint8_t {
  all,
  decoding,  ///< what the API server refuses when it decodes one of its own kinds: fields and
             ///< types; nothing is required, and no value is out of range that its type holds
};

/// Compares an object with its schema as the API server decodes it with strict field validation,
/// and appends what does not fit: schema/unknown-field, type, required, enum, format, range,
/// pattern, null-item, duplicate-item, alternatives, limit.
///
/// Null means absent, as the API server has it, but not as an item of a list. Below `status` only
/// fields and types are looked at: the server drops what a manifest says there.
///
/// Good objects cost no allocation. Definitions of Kubernetes that the schema refers to are those
/// of `version`.
void check(const k8s::Resource& resource,
           Place schema,
           KubeVersion version,
           std::vector<diag::Finding>& findings,
           Demands demands = Demands::all,
           std::uint64_t visit_limit = default_visit_limit);

}  // namespace sluice::schema
