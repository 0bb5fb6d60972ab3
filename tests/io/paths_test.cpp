// SPDX-License-Identifier: Apache-2.0
#include "io/files.hpp"

#include <gtest/gtest.h>

#include <filesystem>

namespace sluice::io {
namespace {

namespace fs = std::filesystem;

TEST(NormaliseInside, ResolvesByWordsAlone) {
  struct Row {
    const char* path;
    const char* result;  ///< nullptr: it leaves the root
  };
  constexpr Row rows[] = {
      {"a", "a"},
      {"a/b/", "a/b"},
      {"./a//b/.", "a/b"},
      {"a/../b", "b"},
      {"", "."},
      {".", "."},
      {"a/..", "."},
      {"..", nullptr},
      {"../a", nullptr},
      {"a/../../b", nullptr},
      {"/etc", nullptr},
      {"/", nullptr},
      {"..a/b..", "..a/b.."},
      {"a\\..\\b", "a\\..\\b"},
      {"...", "..."},
      {"../../x/../..", nullptr},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.path);
    const auto path = normalise_inside(row.path);
    ASSERT_EQ(path.has_value(), row.result != nullptr);
    if (path) {
      EXPECT_EQ(*path, row.result);
    } else {
      EXPECT_EQ(path.error().kind, Error::Kind::usage);
      EXPECT_EQ(path.error().message,
                "path \"" + std::string(row.path) + "\" leaves the repository");
    }
  }
  EXPECT_FALSE(normalise_inside(std::string_view("a\0b", 3)));
}

TEST(ResolveInside, FollowsLinksButNotOut) {
  auto folder = TemporaryDirectory::make("paths-test");
  ASSERT_TRUE(folder);
  const std::string root = folder->path() + "/repo";
  ASSERT_TRUE(write_atomically(root + "/a/x", ""));
  ASSERT_TRUE(write_atomically(folder->path() + "/repo2/secret", ""));
  fs::create_symlink("../a", root + "/a/up");
  fs::create_symlink("/etc", root + "/etc");
  fs::create_symlink("../repo2", root + "/sibling");
  fs::create_symlink("loop", root + "/loop");
  fs::create_symlink(root, folder->path() + "/alias");

  const std::string real = fs::canonical(root).string();
  EXPECT_EQ(*resolve_inside(root, "a/x"), real + "/a/x");
  EXPECT_EQ(*resolve_inside(root, "a/up/up/x"), real + "/a/x");
  EXPECT_EQ(*resolve_inside(root, "."), real);
  EXPECT_EQ(*resolve_inside(folder->path() + "/alias", "a/x"), real + "/a/x");

  struct Row {
    const char* path;
    Error::Kind kind;
  };
  constexpr Row refused[] = {
      {"../repo/a/x", Error::Kind::usage},    {"/etc", Error::Kind::usage},
      {"etc/passwd", Error::Kind::usage},     {"etc", Error::Kind::usage},
      {"sibling/secret", Error::Kind::usage},  // "repo2" begins with "repo"
      {"a/none", Error::Kind::not_found},     {"loop", Error::Kind::io},
  };
  for (const Row& row : refused) {
    SCOPED_TRACE(row.path);
    const auto path = resolve_inside(root, row.path);
    ASSERT_FALSE(path) << *path;
    EXPECT_EQ(path.error().kind, row.kind) << path.error().message;
  }
}

}  // namespace
}  // namespace sluice::io
