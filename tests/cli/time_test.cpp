// SPDX-License-Identifier: Apache-2.0
#include "cli/request.hpp"

#include <gtest/gtest.h>

namespace sluice::cli {
namespace {

TEST(ParseTime, GivesUtc) {
  struct Row {
    const char* text;
    const char* utc;
  };
  constexpr Row rows[] = {
      {"2026-11-20", "2026-11-20T00:00:00Z"},
      {"2028-02-29", "2028-02-29T00:00:00Z"},
      {"2026-11-20T14:05:09Z", "2026-11-20T14:05:09Z"},
      {"2026-11-20t14:05:09.123456789z", "2026-11-20T14:05:09Z"},
      {"2026-02-28T23:30:00-01:00", "2026-03-01T00:30:00Z"},
      {"2026-01-01T00:30:00+05:45", "2025-12-31T18:45:00Z"},
  };
  for (const Row& row : rows) {
    const auto time = parse_time(row.text);
    ASSERT_TRUE(time) << row.text;
    EXPECT_EQ(*time, row.utc);
  }
}

TEST(ParseTime, Refuses) {
  for (const char* text :
       {"", "2026", "2026-2-3", "2026-02-30", "2026-13-01", "2026-00-10", "2026-11-20T",
        "2026-11-20T14:05:09", "2026-11-20 14:05:09Z", "2026-11-20T24:00:00Z",
        "2026-11-20T23:59:60Z", "2026-11-20T14:05:09.Z", "2026-11-20T14:05:09+0100",
        "2026-11-20T14:05:09+24:00", "2026-11-20Z", "+026-11-20", "now", "2026-11-20 "}) {
    EXPECT_FALSE(parse_time(text)) << text;
  }
}

}  // namespace
}  // namespace sluice::cli
