// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

/// Reading commits of a repository (bare or not) by full id.
namespace sluice::git {

enum class Mode : std::uint8_t { file, executable, link };

struct TreeFile {
  std::string path;
  Mode mode = Mode::file;
  std::string blob;  ///< full id
};

/// The files of a commit whose path one of the globs matches (text::glob_match; no globs: all),
/// sorted by bytes; submodules are left out. Folders that no glob can match are not entered.
/// Errors: not_found (no such commit), io (damaged), limit (more than a million).
Result<std::vector<TreeFile>> list_files(const std::string& repository,
                                         const std::string& commit,
                                         std::span<const std::string> globs = {});

struct FileBytes {
  Mode mode = Mode::file;
  std::string bytes;
};

/// Errors: not_found (no such commit or file), limit (more than 64 MiB), io (damaged).
Result<FileBytes> read_committed(const std::string& repository,
                                 const std::string& commit,
                                 const std::string& path);

/// A commit of the first-parent history that changed one of the paths asked for.
struct Revision {
  std::string commit;
  std::string parent;     ///< the first; empty for the first commit
  std::int64_t time = 0;  ///< the committer's, seconds since 1970, UTC
  std::string author;     ///< "Name <mail>"; printable
  std::string message;    ///< as stored, cut after 64 KiB
  std::string path;       ///< which of the paths; a commit that changed two is given twice
  std::string blob;       ///< the path after it; empty: it removed the path
  std::string previous;   ///< the path before it; empty: it brought the path in
};

enum class Walk : std::uint8_t { on, stop };

/// From `commit` back along first parents: each commit in which one of the paths (files or folders)
/// differs from the first parent, newest first, until `visit` says stop or the history ends. Costs
/// about two small objects a commit (see bench/). Errors: not_found, io, limit (more than five
/// million commits).
Status walk_history(const std::string& repository,
                    const std::string& commit,
                    std::span<const std::string> paths,
                    const std::function<Walk(const Revision&)>& visit);

/// Whether `ancestor` is `commit` or in its history. False when `ancestor` is not in the
/// repository. Errors: not_found (`commit`), io.
Result<bool> contains(const std::string& repository,
                      const std::string& commit,
                      const std::string& ancestor);

}  // namespace sluice::git
