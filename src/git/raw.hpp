// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "git/handle.hpp"

#include <optional>
#include <string_view>

/// Inside of src/git only: commits and trees as Git stores them. Parsing into libgit2's own would
/// cost more than reading.
namespace sluice::git {

using ObjectBytes = Handle<git_odb_object, git_odb_object_free>;

/// Errors: io (missing, damaged, or of another type).
Result<ObjectBytes> read_object(git_odb* odb, const git_oid& id, git_object_t type);
/// As long as the object.
std::string_view bytes_of(const ObjectBytes& object);

/// libgit2 computes the SHA-1 of each object that it reads, which is half of the time of a walk.
/// The checksums of zlib remain; and what is decided by a history is read with the hash afterwards.
class WithoutHashes {
 public:
  WithoutHashes() { (void)git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, 0); }
  ~WithoutHashes() { (void)git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, 1); }
  WithoutHashes(const WithoutHashes&) = delete;
  WithoutHashes& operator=(const WithoutHashes&) = delete;
};

struct TreeEntry {
  std::string_view name;  ///< as long as the tree
  std::string_view mode;  ///< octal
  git_oid id{};
  [[nodiscard]] bool is_folder() const { return mode == "40000"; }
};

/// Takes the first entry off the bytes of a tree; nothing at the end, or where they are damaged.
std::optional<TreeEntry> next_entry(std::string_view& tree);

/// A commit, of which only the first lines are read: "tree <hex>", "parent <hex>".
struct Step {
  git_oid id{};
  git_oid tree{};
  std::optional<git_oid> parent;  ///< the first
};

/// Errors: io.
Result<Step> read_step(git_odb* odb, const git_oid& id);

inline bool is_same(const std::optional<git_oid>& a, const std::optional<git_oid>& b) {
  return a.has_value() == b.has_value() && (!a || git_oid_equal(&*a, &*b) != 0);
}

}  // namespace sluice::git
