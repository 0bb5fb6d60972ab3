// SPDX-License-Identifier: Apache-2.0
#include "base/time.hpp"

#include <gtest/gtest.h>

namespace sluice::time {
namespace {

using namespace std::chrono_literals;

TEST(ParseTime, ReadsDatesAndRfc3339) {
  struct Row {
    const char* text;
    const char* utc;
  };
  for (const auto& [text, utc] : {Row{"2026-11-20", "2026-11-20T00:00:00Z"},
                                  Row{"2026-11-20T14:00:01Z", "2026-11-20T14:00:01Z"},
                                  Row{"2026-11-20t14:00:00.75+02:00", "2026-11-20T12:00:00Z"},
                                  Row{"2024-02-29T23:30:00-01:00", "2024-03-01T00:30:00Z"}}) {
    SCOPED_TRACE(text);
    const auto parsed = parse(text);
    ASSERT_TRUE(parsed);
    EXPECT_EQ(to_string(*parsed), utc);
  }
  for (const char* text : {"", "2026-02-29", "2026-11-20T14:00", "2026-11-20 14:00:00Z", "26-1-1",
                           "2026-11-20T24:00:00Z", "2026-11-20T14:00:00"}) {
    EXPECT_FALSE(parse(text)) << text;
  }
}

TEST(ParseDuration, UnitsFallAndStandOnce) {
  EXPECT_EQ(parse_duration("30s"), 30s);
  EXPECT_EQ(parse_duration("90m"), 90min);
  EXPECT_EQ(parse_duration("1d12h"), 36h);
  EXPECT_EQ(parse_duration("0s"), 0s);
  for (const char* text : {"", "1", "h", "1h1d", "1h1h", "-1h", "1.5h", "4000d", "1w", "1h "}) {
    EXPECT_FALSE(parse_duration(text)) << text;
  }
  EXPECT_EQ(to_string(36h + 1s), "1d12h1s");
  EXPECT_EQ(to_string(0s), "0s");
}

}  // namespace
}  // namespace sluice::time
