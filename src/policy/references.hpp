// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"
#include "policy/scalars.hpp"

#include <string>
#include <string_view>
#include <vector>

/// What in a policy stands for another place: "$(./../limits/memory)" for a value of the policy
/// itself, "{{@}}" for the value of the object at the same place.
namespace sluice::policy {

/// Keys and indices from the root of a document to one of its strings.
using DocumentPath = std::vector<std::string>;

bool has_reference(std::string_view text);

/// The text with each "$(path)" replaced by what stands there in `root`, and "\$(" by "$(".
/// Paths are absolute or begin at the text itself; an operator may stand before one ("$(<=./x)").
/// Errors (Kind::parse): nothing or no text stands there.
Result<std::string> resolve_references(std::string_view text,
                                       const Value& root,
                                       const DocumentPath& path);

/// The expression of the place that "{{@}}" at `path` means, below the object: without the first
/// two steps, which name the part of a rule ("mutate", "patchStrategicMerge"); of a pattern, which
/// Kyverno looks at by itself, they are lost. Empty: the object itself.
std::string own_place(const DocumentPath& path);

}  // namespace sluice::policy
