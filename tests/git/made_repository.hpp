// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "io/files.hpp"

#include <git2.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace sluice::git {

/// A repository made object by object, so that it can also hold what Git itself refuses to write.
class MadeRepository {
 public:
  struct Entry {
    std::string mode;  ///< "100644", "40000"
    std::string name;
    git_oid id;
  };

  MadeRepository() {
    (void)git_libgit2_init();
    EXPECT_EQ(git_repository_init(&repository_, path().c_str(), 0), 0);
    EXPECT_EQ(git_repository_odb(&odb_, repository_), 0);
  }
  ~MadeRepository() {
    git_odb_free(odb_);
    git_repository_free(repository_);
    (void)git_libgit2_shutdown();
  }
  MadeRepository(const MadeRepository&) = delete;
  MadeRepository& operator=(const MadeRepository&) = delete;

  [[nodiscard]] const std::string& path() const { return folder_.path(); }
  [[nodiscard]] git_repository* get() const { return repository_; }

  git_oid object(std::string_view bytes, git_object_t type) {
    git_oid id{};
    EXPECT_EQ(git_odb_write(&id, odb_, bytes.data(), bytes.size(), type), 0);
    return id;
  }
  git_oid blob(std::string_view bytes) { return object(bytes, GIT_OBJECT_BLOB); }

  /// A tree with these entries, in this order, unchecked.
  git_oid tree(const std::vector<Entry>& entries) {
    std::string bytes;
    for (const Entry& entry : entries) {
      bytes += entry.mode + ' ' + entry.name + '\0';
      bytes.append(reinterpret_cast<const char*>(entry.id.id), GIT_OID_RAWSZ);
    }
    return object(bytes, GIT_OBJECT_TREE);
  }

  /// A commit of that tree, as branch "main".
  git_oid commit(const git_oid& tree) {
    const std::string bytes = "tree " + hex(tree) +
                              "\nauthor A <a@example.com> 1700000000 +0000"
                              "\ncommitter A <a@example.com> 1700000000 +0000\n\nmessage\n";
    const git_oid id = object(bytes, GIT_OBJECT_COMMIT);
    git_reference* reference = nullptr;
    EXPECT_EQ(git_reference_create(&reference, repository_, "refs/heads/main", &id, 1, ""), 0);
    git_reference_free(reference);
    return id;
  }

  /// An entry of the index; the file need not be there.
  void add(const std::string& name, std::uint32_t mode = GIT_FILEMODE_BLOB) {
    git_index* index = nullptr;
    ASSERT_EQ(git_repository_index(&index, repository_), 0);
    git_index_entry entry{};
    entry.path = name.c_str();
    entry.mode = mode;
    entry.id = mode == GIT_FILEMODE_COMMIT ? blob("stands for a commit") : blob("x");
    EXPECT_EQ(git_index_add(index, &entry), 0) << git_error_last()->message;
    EXPECT_EQ(git_index_write(index), 0);
    git_index_free(index);
  }

  static std::string hex(const git_oid& id) {
    char text[GIT_OID_HEXSZ + 1];
    return git_oid_tostr(text, sizeof text, &id);
  }

 private:
  io::TemporaryDirectory folder_ = std::move(*io::TemporaryDirectory::make("git-test"));
  git_repository* repository_ = nullptr;
  git_odb* odb_ = nullptr;
};

}  // namespace sluice::git
