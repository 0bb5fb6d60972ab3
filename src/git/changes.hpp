// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "git/raw.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Inside of src/git only.
namespace sluice::git {

/// Which commits of a first-parent history may have changed which paths: what a walk would
/// otherwise find out again by reading a few objects for each commit, as Git's commit-graph with
/// its filters of changed paths, which libgit2 does not write. Kept in the file `changes` of the
/// cache's copy. It says where to look, never what is there: each commit that it names is read.
class Changes {
 public:
  /// As kept; empty when it is missing or damaged.
  static Changes load(const std::string& repository);

  /// The history of `tip`, with what is known of it already. Errors: io (damaged objects), limit
  /// (so many changes that looking them up is no help).
  static Result<Changes> extend(const Changes& known, git_odb* odb, const git_oid& tip);

  /// Over an older one. That it cannot be kept is no error: the next time costs as much again.
  void save(const std::string& repository) const;

  /// Where a commit stands: 0 is the first commit of the history.
  [[nodiscard]] std::optional<std::size_t> find(const git_oid& commit) const;
  [[nodiscard]] const git_oid& commit(std::size_t position) const { return commits_[position]; }

  /// The last commit, at `from` or before it, that may have changed one of the paths.
  [[nodiscard]] std::optional<std::size_t> last_before(std::size_t from,
                                                       std::span<const std::uint32_t> paths) const;

  /// How paths are kept: FNV-1a. Two that are alike cost a look, and nothing else.
  static std::uint32_t hash(std::string_view path);

 private:
  void append(const git_oid& id, std::span<const std::uint32_t> hashes);
  [[nodiscard]] std::span<const std::uint32_t> hashes_of(std::size_t position) const;

  std::vector<git_oid> commits_;     ///< the oldest first
  std::vector<std::uint32_t> ends_;  ///< of each commit's hashes
  std::vector<std::uint32_t> hashes_;
};

}  // namespace sluice::git
