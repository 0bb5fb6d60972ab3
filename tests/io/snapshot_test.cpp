// SPDX-License-Identifier: Apache-2.0
#include "io/snapshot.hpp"

#include "support/tree.hpp"

#include <gtest/gtest.h>

namespace sluice::io {
namespace {

/// A repository beside a folder that is none of its business, with links of every sort.
class Linked {
 public:
  Linked() {
    tree_.link("repo/link.yaml", "app/values.yaml");
    tree_.link("repo/link", "app");
    tree_.link("repo/out", "../other");
    tree_.link("repo/app/secret", "../../other/secret");
    tree_.link("repo/dangling", "nowhere");
    tree_.link("repo/round", "round");
  }
  [[nodiscard]] std::string root() const { return tree_.root() + "/repo"; }

 private:
  support::Tree tree_{{"repo/app/values.yaml", "a: 1\n"},
                      {"repo/app/deep/er/x.yaml", "b: 1\n"},
                      {"other/secret", "s"}};
};

TEST(Snapshot, ResolvesAsResolveInside) {
  const Linked linked;
  const Snapshot files(linked.root());
  for (const std::string path : {".",
                                 "app",
                                 "app/values.yaml",
                                 "app/deep/er/x.yaml",
                                 "app/deep/er",
                                 "link.yaml",
                                 "link",
                                 "link/values.yaml",
                                 "link/deep/er/x.yaml",
                                 "out",
                                 "out/secret",
                                 "app/secret",
                                 "dangling",
                                 "dangling/x",
                                 "round",
                                 "round/x",
                                 "none",
                                 "app/none",
                                 "app/values.yaml/x",
                                 "app/../app",
                                 "app//values.yaml",
                                 "./app",
                                 "link/../other",
                                 "../other/secret",
                                 "/etc/hostname",
                                 "",
                                 "app/"}) {
    SCOPED_TRACE(path);
    for (int times = 0; times < 2; ++times) {  // anew, and remembered
      const auto expected = resolve_inside(linked.root(), path);
      const auto found = files.resolve(path);
      ASSERT_EQ(found.has_value(), expected.has_value());
      if (expected) {
        EXPECT_EQ(*found, *expected);
        EXPECT_EQ(files.kind(path), kind_of(*expected));
      } else {
        EXPECT_EQ(found.error().kind, expected.error().kind);
        EXPECT_EQ(files.kind(path), EntryKind::other);
        EXPECT_FALSE(files.read(path));
      }
    }
  }
}

TEST(Snapshot, RefusesAPathWithoutEnd) {
  const Linked linked;
  std::string path = "app";
  for (int i = 0; i < 100'000; ++i) {
    path += "/app";
  }
  EXPECT_FALSE(Snapshot(linked.root()).resolve(path));
}

TEST(Snapshot, SeesEachFileOnce) {
  const Linked linked;
  const auto file = linked.root() + "/app/values.yaml";
  const Snapshot files(linked.root());
  ASSERT_EQ(**files.read("app/values.yaml"), "a: 1\n");
  EXPECT_EQ(files.kind("later.yaml"), EntryKind::other);
  EXPECT_EQ((*files.walk("app"))->size(), 5U);
  (void)write_atomically(file, "a: 2\n");
  (void)write_atomically(linked.root() + "/later.yaml", "c: 1\n");
  (void)write_atomically(linked.root() + "/app/later.yaml", "c: 1\n");
  EXPECT_EQ(**files.read("app/values.yaml"), "a: 1\n");
  EXPECT_EQ(*files.digest("app/values.yaml"), sha256("a: 1\n"));
  EXPECT_EQ(files.kind("later.yaml"), EntryKind::other);
  EXPECT_EQ((*files.walk("app"))->size(), 5U);
  EXPECT_EQ(**Snapshot(linked.root()).read("app/values.yaml"), "a: 2\n");
}

TEST(Snapshot, SaysOnlyThePathOfAFileThatIsTooLarge) {
  const Linked linked;
  const Snapshot files(linked.root());
  for (int times = 0; times < 2; ++times) {
    const auto bytes = files.read("app/values.yaml", 2);
    ASSERT_FALSE(bytes);
    EXPECT_EQ(bytes.error().kind, Error::Kind::limit);
    EXPECT_EQ(bytes.error().message, "app/values.yaml has 5 bytes, more than the 2 allowed");
    EXPECT_TRUE(files.read("app/values.yaml"));  // kept now, and still too large for the next
  }
}

}  // namespace
}  // namespace sluice::io
