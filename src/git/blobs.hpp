// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"
#include "git/read.hpp"

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Many objects of one repository at once: opened once, nothing copied.
namespace sluice::git {

/// Calls `visit` with the bytes of each file, in their order; they are valid during the call only.
/// Files above 64 MiB are given as empty. Errors: not_found, io.
Status read_blobs(const std::string& repository,
                  std::span<const TreeFile> files,
                  const std::function<void(const TreeFile& file, std::string_view bytes)>& visit);

/// The files that differ between two commits (either may be empty: no files), sorted; folders that
/// are equal are not entered. Errors: not_found, io, limit (more than a million).
Result<std::vector<std::string>> changed_files(const std::string& repository,
                                               const std::string& from,
                                               const std::string& to);

}  // namespace sluice::git
