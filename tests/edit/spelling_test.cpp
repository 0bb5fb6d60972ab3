// SPDX-License-Identifier: Apache-2.0
#include "edit/spelling.hpp"

#include "edit/compare.hpp"

#include <gtest/gtest.h>

#include <string>

namespace sluice::edit {
namespace {

TEST(Spelling, WhatSomeReaderTakesForAnotherType) {
  for (const auto* text : {"",
                           "~",
                           "null",
                           "Null",
                           "yes",
                           "No",
                           "on",
                           "OFF",
                           "y",
                           "N",
                           "true",
                           "1",
                           "-1",
                           "+1",
                           "017",
                           "0o7",
                           "0x1F",
                           "0b1",
                           "1_000",
                           "1.5",
                           ".5",
                           "1.",
                           "1e5",
                           "1E-5",
                           ".inf",
                           "-.Inf",
                           ".nan",
                           "08",
                           "2001-1-1",
                           "2001-01-01",
                           "2001-12-14t21:59:43.10-05:00",
                           "2001-12-14 21:59:43",
                           "1:30",
                           "190:20:30.15",
                           "-1:30",
                           "<<",
                           "=",
                           "12345678901234567890123"}) {
    EXPECT_TRUE(reads_as_other_type(text)) << text;
  }
  for (const auto* text : {"v1", "1.4.2", "1.4.2-rc.1", "abc", "0abc", "1e", "e5", "x1", "2001-01",
                           "2001-01-01-abc", "20240102T", "nulls", "onn", "1.2.3_4", "a:1", ":"}) {
    EXPECT_FALSE(reads_as_other_type(text)) << text;
  }
}

TEST(Spelling, Plain) {
  for (const auto* text : {"v1", "a b", "a:b", "/x", ".hidden", "$x", "_a", "x@y", "a-b"}) {
    EXPECT_TRUE(can_be_plain(text, Context::block)) << text;
    EXPECT_FALSE(can_be_plain(text, Context::json)) << text;
  }
  EXPECT_FALSE(can_be_plain("a:b", Context::flow));
  for (const auto* text : {"",   " a",  "a ", "a: b", "a:",  "a #b", "#a",   "- a",     "-",  "?",
                           "[a", "{a",  "a]", "a,b",  "*a",  "&a",   "!a",   "%a",      "@a", "`a",
                           "'a", "\"a", "|",  ">",    "...", "---",  "a\tb", "\xC3\xA9"}) {
    EXPECT_FALSE(can_be_plain(text, Context::block)) << text;
  }
}

TEST(Spelling, Scalars) {
  const auto plain = yaml::Style::plain;
  EXPECT_EQ(write_scalar("v1", plain, Context::block), "v1");
  EXPECT_EQ(write_scalar("1.10", plain, Context::block), "\"1.10\"");
  EXPECT_EQ(write_scalar("a\\b", plain, Context::block), "'a\\b'");
  EXPECT_EQ(write_scalar("a\"'b", plain, Context::block), "'a\"''b'");
  EXPECT_EQ(write_scalar("a\\b", plain, Context::json), "\"a\\\\b\"");
  EXPECT_EQ(write_scalar("a'b", yaml::Style::single_quoted, Context::block), "'a''b'");
  EXPECT_EQ(write_scalar("v1", yaml::Style::double_quoted, Context::block), "\"v1\"");
}

/// The check after every edit must see what an edit could do wrong.
TEST(Compare, FindsEveryOtherDifference) {
  const std::string before = "a: &x v1\nb: [1, {c: 'd'}]\ne: *x\n---\nf: v1\n";
  const auto tree = Tree::read(before, "v.yaml");
  ASSERT_TRUE(tree);
  const auto* a = tree->documents()[0].find(tree->documents()[0].root(), "a");
  const Expected expected{{a, "v2"}};
  const auto check = [&](const std::string& after) {
    const auto other = Tree::read(after, "v.yaml");
    return other && compare(*tree, *other, expected);
  };
  EXPECT_TRUE(check("a: &x v2\nb: [1, {c: 'd'}]\ne: *x\n---\nf: v1\n"));
  EXPECT_TRUE(check("a: &x \"v2\"\nb: [1, {c: 'd'}]\ne: *x\n---\nf: v1\n"));
  const std::string wrong[] = {
      before,                                                        // not changed
      "a: &x v3\nb: [1, {c: 'd'}]\ne: *x\n---\nf: v1\n",             // another value
      "a: &x v2\nb: [2, {c: 'd'}]\ne: *x\n---\nf: v1\n",             // another scalar too
      "a: &x v2\nb: ['1', {c: 'd'}]\ne: *x\n---\nf: v1\n",           // its type
      "a: &x v2\nb: [1, {c: \"d\"}]\ne: *x\n---\nf: v1\n",           // its style
      "a: &x v2\nb: [1, {c: d}]\ne: *x\n---\nf: v1\n",               // its quotes
      "a: &x v2\nb: [1, {k: 'd'}]\ne: *x\n---\nf: v1\n",             // a key
      "a: &x v2\nb: [1, {c: 'd'}, 2]\ne: *x\n---\nf: v1\n",          // an item
      "a: &x v2\nb:\n- 1\n- {c: 'd'}\ne: *x\n---\nf: v1\n",          // the style of a collection
      "a: &x v2\nb: [1, {c: 'd'}]\ne: v2\n---\nf: v1\n",             // an alias
      "a: &x v2\nb: [1, {c: 'd'}]\ne: *x\n---\nf: v2\n",             // another document
      "a: &x v2\nb: [1, {c: 'd'}]\ne: *x\n",                         // a document lost
      "a: &x v2\nb: [1, {c: 'd'}]\ne: *x\n---\nf: v1\n---\ng: 1\n",  // one more
      "a: &x v2\nb: [1, {c: 'd'}]\ne: *x\n---\nf: [v1\n",            // a document broken
      "a: v2\nb: [1, {c: 'd'}]\ne: *x\n---\nf: v1\n",                // the anchor lost
  };
  for (const auto& after : wrong) {
    EXPECT_FALSE(check(after)) << after;
  }
}

}  // namespace
}  // namespace sluice::edit
