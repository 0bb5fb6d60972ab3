// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"

#include <gtest/gtest.h>

namespace sluice::text {
namespace {

TEST(EditDistance, CountsEdits) {
  struct Row {
    const char* a;
    const char* b;
    std::size_t limit;
    std::size_t edits;
  };
  constexpr Row rows[] = {
      {"", "", 3, 0},
      {"", "abc", 3, 3},
      {"abc", "abc", 0, 0},
      {"abcd", "abdc", 3, 1},  // neighbours swapped
      {"kitten", "sitting", 5, 3},
      {"kitten", "sitting", 2, 3},
      {"a", "abcdef", 2, 3},
      {"ca", "abc", 5, 3},  // a pair is swapped only when nothing came between
  };
  for (const Row& row : rows) {
    EXPECT_EQ(edit_distance(row.a, row.b, row.limit), row.edits) << row.a << ' ' << row.b;
    EXPECT_EQ(edit_distance(row.b, row.a, row.limit), row.edits) << row.b << ' ' << row.a;
  }
}

TEST(Nearest, SuggestsWhatWasMeant) {
  constexpr std::string_view candidates[] = {"replicas", "selector", "cost-center",
                                             "template", "status",   "env"};
  struct Row {
    const char* word;
    const char* meant;  ///< empty: nothing
  };
  constexpr Row rows[] = {
      {"replica", "replicas"},
      {"relpicas", "replicas"},
      {"costCenter", "cost-center"},
      {"COST_CENTER", "cost-center"},
      {"temlate", "template"},
      {"selectors", "selector"},
      {"banana", ""},
      {"", ""},
      {"en", "env"},
      {"e", ""},  // an edit of a single letter says nothing
  };
  for (const Row& row : rows) {
    EXPECT_EQ(nearest(row.word, candidates).value_or(""), row.meant) << row.word;
  }
  EXPECT_FALSE(nearest(std::string(100'000, 'x'), candidates));
}

TEST(Nearest, TakesTheFirstOfEquals) {
  constexpr std::string_view candidates[] = {"cat", "bat"};
  EXPECT_EQ(nearest("rat", candidates), "cat");
}

}  // namespace
}  // namespace sluice::text
