// SPDX-License-Identifier: Apache-2.0
#include "cache/store.hpp"

#include "support/tree.hpp"

#include <gtest/gtest.h>

namespace sluice::cache {
namespace {

Digest key(std::string_view part) {
  return Key("test").add(part).finish();
}

TEST(Key, KeepsPartsApart) {
  EXPECT_NE(Key("t").add("ab").add("c").finish(), Key("t").add("a").add("bc").finish());
  EXPECT_NE(Key("t").add("a").finish(), Key("u").add("a").finish());
  EXPECT_EQ(Key("t").add("a").finish(), Key("t").add("a").finish());
}

TEST(Key, TellsAnAbsentFileFromAnEmptyOne) {
  EXPECT_NE(Key("t").add_file("a", sha256("")).finish(),
            Key("t").add_file("a", std::nullopt).finish());
}

TEST(Store, GivesBackWhatItWasGiven) {
  const support::Tree tree;
  const Store store(tree.root() + "/cache");
  EXPECT_FALSE(store.get(key("a")));
  ASSERT_TRUE(store.put(key("a"), "one\n"));
  ASSERT_TRUE(store.put(key("b"), ""));
  EXPECT_EQ(store.get(key("a")), "one\n");
  EXPECT_EQ(store.get(key("b")), "");
}

TEST(Store, NeverGivesADamagedEntry) {
  const support::Tree tree;
  const Store store(tree.root());
  ASSERT_TRUE(store.put(key("a"), "one\n"));
  const auto name = hex(key("a"));
  const auto path = tree.root() + "/" + name.substr(0, 2) + "/" + name.substr(2);
  const auto whole = *io::read_file(path);
  for (const auto& damaged : {whole.substr(0, whole.size() - 1), whole + "x", std::string(), whole.substr(0, 20)}) {
    SCOPED_TRACE(damaged.size());
    ASSERT_TRUE(io::write_atomically(path, damaged));
    EXPECT_FALSE(store.get(key("a")));
  }
}

}  // namespace
}  // namespace sluice::cache
