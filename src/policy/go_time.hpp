// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Points in time as Go's package time reads and prints them; the local zone is UTC, so that the
/// machine has no say in a verdict.
namespace sluice::policy {

struct GoTime {
  std::int64_t seconds = 0;  ///< since 1970-01-01T00:00:00Z
  std::int32_t nanoseconds = 0;
  std::int32_t offset = 0;  ///< of the zone, in seconds east of UTC
};

/// The date and time of day in the time's own zone.
struct GoDate {
  std::int64_t year = 0;
  int month = 1, day = 1;  ///< from 1
  int hour = 0, minute = 0, second = 0;
  int weekday = 0;  ///< Sunday is 0
};
GoDate date_of(const GoTime& time);

/// Days from 1970-01-01 to a date of the Gregorian calendar, also of years before it.
std::int64_t days_before(std::int64_t year, int month, int day);
int days_in(std::int64_t year, int month);

/// time.Parse: the layout is the moment "Mon Jan 2 15:04:05 MST 2006" as the text would write it.
std::optional<GoTime> parse_time(std::string_view layout, std::string_view text);

inline constexpr std::string_view rfc3339 = "2006-01-02T15:04:05Z07:00";
std::string format_rfc3339(const GoTime& time);

/// Nanoseconds from `from` to `to`; the nearest that there is when they are too many.
std::int64_t between(const GoTime& from, const GoTime& to);
GoTime add(const GoTime& time, std::int64_t nanoseconds);
/// Down to a multiple of `unit` nanoseconds since the year 1.
GoTime truncate(const GoTime& time, std::int64_t unit);
/// -1, 0 or 1.
int compare(const GoTime& a, const GoTime& b);

/// "1h0m0s", "1.5s", "2ms", "0s": Duration.String().
std::string duration_text(std::int64_t nanoseconds);

}  // namespace sluice::policy
