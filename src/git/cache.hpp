// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/descriptor.hpp"
#include "base/result.hpp"

#include <chrono>
#include <string>

namespace sluice::git {

/// The bare copy of one server's repository, kept between runs in `cache_dir/<digest of the URL>/`.
///
///     lock        flock: shared while somebody uses the copy, exclusive to tidy or replace it
///     turn        flock: who of this machine's promoters is trying to push
///     repo.git/   the copy: objects, and refs/sluice/heads/<branch> as last fetched
///     home/       what transport uses as HOME, so that nothing of the user's is read
///
/// A process may be killed at any moment: objects and references appear by rename, locks go with
/// their process, and what else is left is removed by the next user who is alone.
class Cache {
 public:
  /// Takes the shared lock, and makes, tidies or replaces the copy as needed. Errors: usage (the
  /// folder belongs to another user or others may write to it), io (disk full, no rights), limit
  /// (somebody holds it exclusively for more than a minute).
  static Result<Cache> open(const std::string& cache_dir, const std::string& url);

  /// Replaces a damaged copy by an empty one, unless somebody else has done so since open().
  /// Errors: as open().
  Status replace();

  /// Of those who push to one branch at the same time only one can win, and the work of the others
  /// was for nothing: who shares a copy takes turns. Held until the descriptor is closed, or its
  /// process dies. After `longest` without it, an empty one: it saves work, and nothing depends on
  /// it.
  [[nodiscard]] Descriptor take_turn(std::chrono::milliseconds longest) const;

  [[nodiscard]] const std::string& repository() const { return repository_; }

 private:
  Cache(std::string folder, Descriptor lock);

  Status settle();

  std::string folder_;
  std::string repository_;
  Descriptor lock_;
  unsigned long inode_ = 0;  ///< of repo.git when it was opened
};

}  // namespace sluice::git
