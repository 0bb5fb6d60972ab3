// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"
#include "base/sha256.hpp"
#include "yaml/document.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace sluice::yaml {

/// Appends the node as JSON with sorted keys and no spaces: integers in decimal, reals in the
/// shortest form that reads back the same, strings with the escapes that JSON demands and no
/// others. Equal values give equal bytes, however they were written.
void append_canonical_json(const Document& document, const Node& node, std::string& out);

/// SHA-256 of the canonical JSON.
Digest digest(const Document& document, const Node& node);

/// The integer of a Kind::integer node, or of a real without a fraction (3.0, 1e2), as Kubernetes
/// decodes it; nothing when it does not fit or is none.
std::optional<std::int64_t> as_int64(const Node& node);

/// The number of an integer or real node.
std::optional<double> as_double(const Node& node);

/// true, yes, on, y, in their spellings. Precondition: Kind::boolean.
bool as_bool(const Node& node);

}  // namespace sluice::yaml
