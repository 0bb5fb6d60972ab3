// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"

#include <gtest/gtest.h>

namespace sluice::text {
namespace {

using namespace std::string_literals;

TEST(Printable, EscapesWhatATerminalWouldObey) {
  struct Row {
    std::string text;
    std::string safe;
  };
  const Row rows[] = {
      {"plain \xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80", "plain \xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"},
      {"a\x1b[31m\n\t\x7f", "a\\x1b[31m\\x0a\\x09\\x7f"},
      {"\0"s, "\\x00"},
      {"\xff\xc3", "\\xff\\xc3"},                             // no UTF-8; cut off
      {"\xc0\xaf\xe0\x80\x80", "\\xc0\\xaf\\xe0\\x80\\x80"},  // overlong
      {"\xed\xa0\x80", "\\xed\\xa0\\x80"},                    // a surrogate
      {"\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80"},           // above U+10FFFF
      {"\xe2\x80\xae"
       "x",
       "\\u{202e}x"},                                  // right-to-left override
      {"\xe2\x80\xa8\xc2\x85", "\\u{2028}\\u{0085}"},  // line breaks to some
      {"\xf3\xa0\x81\x81", "\\u{e0041}"},              // an invisible "A"
  };
  for (const Row& row : rows) {
    EXPECT_EQ(printable(row.text), row.safe);
  }
}

TEST(Printable, CutsBetweenCharacters) {
  EXPECT_EQ(printable("abcdef", 6), "abcdef");
  EXPECT_EQ(printable("abcdef", 5), "abcde...");
  EXPECT_EQ(printable("a\xc3\xa9z", 2), "a...");
  EXPECT_EQ(printable("ab\n", 4), "ab...") << "an escape is whole or not there";
}

TEST(Split, KeepsEmptyParts) {
  using Parts = std::vector<std::string_view>;
  EXPECT_EQ(split("", ','), Parts({""}));
  EXPECT_EQ(split("a,,b,", ','), Parts({"a", "", "b", ""}));
}

TEST(Words, SmallHelpers) {
  EXPECT_EQ(trim(" \t a b\r\n"), "a b");
  EXPECT_EQ(trim(" \n"), "");
  EXPECT_EQ(replace_all("aaa", "aa", "b"), "ba");
  EXPECT_EQ(replace_all("abc", "", "x"), "abc");
  EXPECT_EQ(replace_all("a|b|", "|", "||"), "a||b||");
  EXPECT_EQ(to_lower("AbC-\xc3\x89"), "abc-\xc3\x89") << "ASCII only, no locale";
  const std::vector<std::string> words = {"a", "", "c"};
  EXPECT_EQ(join(words, ", "), "a, , c");
  EXPECT_EQ(join({}, ", "), "");
}

TEST(PercentEncode, RoundTripsAllBytes) {
  std::string all;
  for (int c = 0; c < 256; ++c) {
    all += static_cast<char>(c);
  }
  const std::string encoded = percent_encode(all);
  EXPECT_EQ(percent_decode(encoded), all);
  for (const char c : encoded) {
    EXPECT_TRUE(c > ' ' && c < 0x7F) << static_cast<int>(c);
  }
  EXPECT_EQ(percent_encode("a b/c@1.2:3=\n"), "a%20b/c@1.2:3%3d%0a");
  EXPECT_EQ(percent_decode("%2F%2f%zz%4"), "//%zz%4");
}

TEST(Counted, SpeaksEnglish) {
  EXPECT_EQ(counted(0, "object"), "0 objects");
  EXPECT_EQ(counted(1, "policy"), "1 policy");
  EXPECT_EQ(counted(2, "policy"), "2 policies");
  EXPECT_EQ(counted(2, "key"), "2 keys");
  EXPECT_EQ(counted(3, "patch"), "3 patches");
  EXPECT_EQ(counted(999, "x"), "999 xes");
  EXPECT_EQ(counted(1'000, "object"), "1,000 objects");
  EXPECT_EQ(counted(1'234'567, "byte"), "1,234,567 bytes");
}

}  // namespace
}  // namespace sluice::text
