// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace sluice::promote {

/// The files of one state of a repository: a commit, or a folder on disk.
class Tree {
 public:
  virtual ~Tree() = default;

  /// Regular files that one of the globs matches, sorted.
  virtual Result<std::vector<std::string>> list(std::span<const std::string> globs) = 0;
  /// Nothing when there is no such file (a link is none).
  virtual Result<std::optional<std::string>> read(const std::string& path) = 0;
};

}  // namespace sluice::promote
