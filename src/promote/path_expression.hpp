// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::promote {

/// One step of a path that a person writes.
struct PathStep {
  std::string key;                   ///< a member; with `value`, what an item of a list must have
  std::optional<std::string> value;  ///< [key=value]
  std::optional<std::size_t> index;  ///< [0]; and in a JSON pointer, where `key` says it too
};

/// `images[name=ghcr.io/acme/iris].newTag`, `data."app.yaml".x`, `spec.containers[0].image`, or a
/// JSON pointer. Errors (Kind::usage): what is wrong, and where.
Result<std::vector<PathStep>> parse_path(std::string_view text);

}  // namespace sluice::promote
