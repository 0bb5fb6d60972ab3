// SPDX-License-Identifier: Apache-2.0
#include "diag/catalogue.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace sluice::diag {
namespace {

bool is_word(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

TEST(Catalogue, EveryRowIsWhole) {
  ASSERT_FALSE(catalogue().empty());
  for (const CatalogueRow& row : catalogue()) {
    SCOPED_TRACE(std::string(row.code));
    const std::size_t slash = row.code.find('/');
    ASSERT_NE(slash, std::string_view::npos);
    EXPECT_TRUE(is_word(row.code.substr(0, slash)));
    EXPECT_TRUE(is_word(row.code.substr(slash + 1)));
    for (const std::string_view text : {row.title, row.why, row.fix}) {
      EXPECT_FALSE(text.empty());
      EXPECT_FALSE(text.ends_with('.')) << text;
      EXPECT_EQ(text.find('\n'), std::string_view::npos) << text;
    }
  }
}

TEST(Catalogue, FindsEachRowAndNothingElse) {
  for (const CatalogueRow& row : catalogue()) {
    ASSERT_NE(find(row.code), nullptr);
    EXPECT_EQ(find(row.code)->title, row.title);
  }
  for (const std::string_view code : {"", "a", "schema", "schema/unknown-fiel", "zzz/zzz"}) {
    EXPECT_EQ(find(code), nullptr) << code;
  }
}

}  // namespace
}  // namespace sluice::diag
