// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"
#include "git/sign.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace sluice::git {

struct Person {
  std::string name;   ///< no '<', '>', line break
  std::string email;  ///< likewise
};

/// A file as it shall be. Its mode stays as it is in the parent; a new file is an ordinary one.
struct FileChange {
  std::string path;
  std::string bytes;
};

/// A commit on top of one parent. The same values give the same bytes, and so the same id (a
/// signature apart: gpg's holds the time of signing, ssh's of an ECDSA key random numbers).
struct Draft {
  std::string parent;  ///< full id
  std::vector<FileChange> files;
  Person author;
  Person committer;
  std::int64_t time = 0;  ///< seconds since 1970, UTC; of author and committer
  std::string message;    ///< stored as it is; a final line break is added if there is none
};

/// Writes the commit into the bare repository, without a work tree or an index; no reference is
/// changed. Returns its full id. Errors: usage (a path that Git would not write, that is a folder,
/// link or submodule, or is named twice; a person's text; no files; files that change nothing), io
/// (disk full, parent not there), and those of sign().
Result<std::string> write_commit(const std::string& repository,
                                 const Draft& draft,
                                 const Signing& signing,
                                 const proc::Runner& runner);

}  // namespace sluice::git
