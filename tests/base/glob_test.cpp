// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace sluice::text {
namespace {

struct Row {
  const char* pattern;
  const char* path;
  bool matches;
};

constexpr Row globs[] = {
    {"", "", true},
    {"", "a", false},
    {"dev", "dev", true},
    {"dev", "dev2", false},
    {"dev", "de", false},
    {"*-dev", "iris-dev", true},
    {"*.yaml", "a.yaml", true},
    {"*.yaml", ".yaml", true},
    {"*.yaml", "a/b.yaml", false},
    {"a?c", "abc", true},
    {"a?c", "a/c", false},
    {"**", "", true},
    {"**", "a/b", true},
    {"**/*.yaml", "a.yaml", true},
    {"**/*.yaml", "a/b/c.yaml", true},
    {"**/*.yaml", "a/b/c.yml", false},
    {"envs/dev/**", "envs/dev", true},  // the folder itself is in its tree
    {"envs/dev/**", "envs/dev/x/y", true},
    {"envs/dev/**", "envs/device", false},
    {"a/**/b", "a/b", true},
    {"a/**/b", "a/x/y/b", true},
    {"a/**/b", "ab", false},
    {"a/**/b", "axb", false},
    {"a**b", "a/x/b", true},
    {"[a-c]x", "bx", true},
    {"[a-c]x", "dx", false},
    {"[!a-c]x", "bx", false},
    {"[^a-c]x", "dx", true},
    {"[!a-c]x", "/x", false},
    {"[]a]", "]", true},
    {"[a-]", "-", true},
    {"[x", "[x", true},  // unclosed: stands for itself
    {"{x", "{x", true},
    {"a}b", "a}b", true},
    {"a,b", "a,b", true},
    {"{a,b}", "b", true},
    {"{a,b}", "a,b", false},
    {"{a,}x", "x", true},
    {"{a,b{c,d}}/x", "bd/x", true},
    {"{a,b{c,d}}/x", "b/x", false},
    {"{**/a,b}", "x/a", true},
    {"{[,],b}x", ",x", true},
    {"*.{yaml,yml}", "a.yml", true},
    {"\\*", "*", true},
    {"\\*", "a", false},
    {"\\{a,b}", "{a,b}", true},
    {"\xc3\xa9*", "\xc3\xa9t\xc3\xa9", true},
};

TEST(GlobMatch, FollowsItsRules) {
  for (const Row& row : globs) {
    EXPECT_EQ(glob_match(row.pattern, row.path), row.matches) << row.pattern << " ~ " << row.path;
  }
}

constexpr Row wildcards[] = {
    {"*", "", true},          {"", "", true},        {"", "a", false},
    {"?", "", false},         {"a*", "a/b/c", true}, {"*:latest", "x/y:latest", true},
    {"*:latest", "x", false}, {"a?c", "a/c", true},  {"*a*b", "xaxbxb", true},
    {"*a*b", "xaxbx", false}, {"[a]", "a", false},   {"a**", "a", true},
    {"A*", "ab", false},
};

TEST(WildcardMatch, KnowsTwoSigns) {
  for (const Row& row : wildcards) {
    EXPECT_EQ(wildcard_match(row.pattern, row.path), row.matches)
        << row.pattern << " ~ " << row.path;
  }
}

TEST(GlobMatch, IsBoundedForHostilePatterns) {
  std::string nested;
  std::string stars;
  for (int i = 0; i < 2'000; ++i) {
    nested += "{*,";
    stars += "**a*";
  }
  nested += std::string(2'000, '}');
  const std::string path(2'000, 'a');
  const auto start = std::chrono::steady_clock::now();
  EXPECT_TRUE(glob_match(nested, path));
  EXPECT_FALSE(glob_match(stars + "b", path));
  EXPECT_FALSE(wildcard_match(stars + "b", path));
  EXPECT_FALSE(glob_match(std::string(1'000'000, '['), path));
  EXPECT_FALSE(glob_match(std::string(1'000'000, '{'), path));
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5));
}

}  // namespace
}  // namespace sluice::text
