// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::promote {

/// The files of one state of a repository: a commit, or a folder on disk.
class Tree {
 public:
  virtual ~Tree() = default;

  /// Regular files that one of the globs matches, sorted.
  virtual Result<std::vector<std::string>> list(std::span<const std::string> globs) = 0;

  /// Reads those of them that `wanted` says yes to, in order; the bytes are valid during the call
  /// only.
  virtual Status scan(
      std::span<const std::string> globs,
      const std::function<bool(const std::string& path)>& wanted,
      const std::function<void(const std::string& path, std::string_view bytes)>& visit) = 0;

  /// Nothing when there is no such file (a link is none).
  virtual Result<std::optional<std::string>> read(const std::string& path) = 0;
};

}  // namespace sluice::promote
