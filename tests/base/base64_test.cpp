// SPDX-License-Identifier: Apache-2.0
#include "base/base64.hpp"

#include <gtest/gtest.h>

namespace sluice {
namespace {

/// RFC 4648, section 10.
TEST(Base64, WritesTheVectorsOfTheRfc) {
  EXPECT_EQ(base64_encode(""), "");
  EXPECT_EQ(base64_encode("f"), "Zg==");
  EXPECT_EQ(base64_encode("fo"), "Zm8=");
  EXPECT_EQ(base64_encode("foo"), "Zm9v");
  EXPECT_EQ(base64_encode("foobar"), "Zm9vYmFy");
  EXPECT_EQ(base64_encode("\xFB\xFF"), "+/8=");
  EXPECT_EQ(base64_encode(std::string_view("\xFF\x00\xFE", 3)), "/wD+");
}

TEST(Base64, ReadsAsGoDoes) {
  struct Row {
    std::string_view text;
    std::optional<std::string> bytes;
  };
  const Row rows[] = {
      {"", ""},
      {"Zg==", "f"},
      {"Zm8=", "fo"},
      {"Zm9vYmFy", "foobar"},
      {"Zm9v\r\nYmFy\n", "foobar"},
      {"Zh==", "f"},  // unused bits that are not zero
      {"Zm9v YmFy", std::nullopt},
      {"Zg", std::nullopt},
      {"Zg=", std::nullopt},
      {"Z", std::nullopt},
      {"Zg==Zg==", std::nullopt},
      {"====", std::nullopt},
      {"Zm-_", std::nullopt},
  };
  for (const auto& [text, bytes] : rows) {
    EXPECT_EQ(base64_decode(text), bytes) << text;
  }
}

}  // namespace
}  // namespace sluice
