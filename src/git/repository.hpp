// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"

#include <string>
#include <vector>

/// RAII over libgit2; the only folder that sees git2.h. No hooks, no filters, no configuration of
/// the machine is followed.
namespace sluice::git {

/// The tracked files of the repository that holds `path`, relative to `path` and below it, sorted.
/// Errors: not_found (no repository there), io.
Result<std::vector<std::string>> tracked_files(const std::string& path);

/// Addresses of the remote `origin`, sorted, or none; without the user name and password that CI
/// systems put into them.
Result<std::vector<std::string>> origin_urls(const std::string& path);

/// The full commit id of a revision ("main", "HEAD~1", "v1.2"). Errors: not_found, with a hint
/// about shallow clones.
Result<std::string> resolve(const std::string& path, const std::string& revision);

/// Writes the tree of `revision` (only what lies below `path`) into the empty folder `out`: regular
/// files with their bytes as committed, symbolic links as links. The work tree and the index are
/// not touched. Errors: not_found, io, unsupported (a submodule: its name).
Status export_tree(const std::string& path, const std::string& revision, const std::string& out);

}  // namespace sluice::git
