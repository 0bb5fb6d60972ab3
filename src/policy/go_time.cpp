// SPDX-License-Identifier: Apache-2.0
#include "policy/go_time.hpp"

#include <array>
#include <cstdio>
#include <limits>

namespace sluice::policy {

namespace {

using std::string_view;

constexpr std::int64_t day_seconds = 86'400;
constexpr std::int64_t billion = 1'000'000'000;
__extension__ typedef __int128 Wide;  // NOLINT: no alias declaration takes __extension__

bool is_leap(std::int64_t year) {
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

std::int64_t floor_divide(std::int64_t a, std::int64_t b) {
  return a / b - (a % b != 0 && (a < 0) != (b < 0) ? 1 : 0);
}

}  // namespace

// Counted in eras of 400 years that begin in March.
std::int64_t days_before(std::int64_t year, int month, int day) {
  year -= month <= 2 ? 1 : 0;
  const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
  const std::int64_t year_of_era = year - era * 400;
  const std::int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  const std::int64_t day_of_era =
      year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146'097 + day_of_era - 719'468;
}

int days_in(std::int64_t year, int month) {
  constexpr std::array<int, 12> days = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && is_leap(year) ? 29 : days[static_cast<std::size_t>(month - 1)];
}

GoDate date_of(const GoTime& time) {
  const std::int64_t local = time.seconds + time.offset;
  const std::int64_t days = floor_divide(local, day_seconds);
  const auto of_day = static_cast<int>(local - days * day_seconds);
  // The inverse of days_before().
  const std::int64_t shifted = days + 719'468;
  const std::int64_t era = floor_divide(shifted, 146'097);
  const std::int64_t day_of_era = shifted - era * 146'097;
  const std::int64_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const std::int64_t day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const auto from_march = static_cast<int>((5 * day_of_year + 2) / 153);
  GoDate date;
  date.day = static_cast<int>(day_of_year - (153 * from_march + 2) / 5 + 1);
  date.month = from_march < 10 ? from_march + 3 : from_march - 9;
  date.year = year_of_era + era * 400 + (date.month <= 2 ? 1 : 0);
  date.hour = of_day / 3600;
  date.minute = of_day % 3600 / 60;
  date.second = of_day % 60;
  date.weekday = static_cast<int>(((days + 4) % 7 + 7) % 7);  // 1970-01-01 was a Thursday
  return date;
}

std::string format_rfc3339(const GoTime& time) {
  const GoDate date = date_of(time);
  std::array<char, 64> buffer{};
  std::snprintf(buffer.data(), buffer.size(), "%04lld-%02d-%02dT%02d:%02d:%02d",
                static_cast<long long>(date.year), date.month, date.day, date.hour, date.minute,
                date.second);
  std::string text(buffer.data());
  if (time.offset == 0) {
    return text + "Z";
  }
  const int minutes = (time.offset < 0 ? -time.offset : time.offset) / 60;
  std::snprintf(buffer.data(), buffer.size(), "%c%02d:%02d", time.offset < 0 ? '-' : '+',
                minutes / 60, minutes % 60);
  return text + buffer.data();
}

std::int64_t between(const GoTime& from, const GoTime& to) {
  const auto difference =
      static_cast<Wide>(to.seconds - from.seconds) * billion + to.nanoseconds - from.nanoseconds;
  constexpr auto most = std::numeric_limits<std::int64_t>::max();
  constexpr auto least = std::numeric_limits<std::int64_t>::min();
  return difference > most    ? most
         : difference < least ? least
                              : static_cast<std::int64_t>(difference);
}

GoTime add(const GoTime& time, std::int64_t nanoseconds) {
  GoTime sum = time;
  const std::int64_t total = time.nanoseconds + nanoseconds % billion;
  sum.seconds += nanoseconds / billion + floor_divide(total, billion);
  sum.nanoseconds = static_cast<std::int32_t>(total - floor_divide(total, billion) * billion);
  return sum;
}

GoTime truncate(const GoTime& time, std::int64_t unit) {
  if (unit <= 0) {
    return time;
  }
  constexpr std::int64_t since_year_one = 62'135'596'800;
  const auto total = static_cast<Wide>(time.seconds + since_year_one) * billion + time.nanoseconds;
  const auto rest = static_cast<std::int64_t>((total % unit + unit) % unit);
  return add(time, -rest);
}

int compare(const GoTime& a, const GoTime& b) {
  const std::int64_t difference = between(a, b);
  return difference > 0 ? -1 : difference < 0 ? 1 : 0;
}

std::string duration_text(std::int64_t nanoseconds) {
  if (nanoseconds == 0) {
    return "0s";
  }
  const std::string sign = nanoseconds < 0 ? "-" : "";
  const auto total = nanoseconds < 0 ? 0 - static_cast<std::uint64_t>(nanoseconds)
                                     : static_cast<std::uint64_t>(nanoseconds);
  const auto fraction = [](std::uint64_t value, std::uint64_t unit) {
    std::string digits = std::to_string(unit + value % unit).substr(1);
    digits.erase(digits.find_last_not_of('0') + 1);
    return std::to_string(value / unit) + (digits.empty() ? "" : "." + digits);
  };
  constexpr std::uint64_t microsecond = 1'000;
  constexpr std::uint64_t millisecond = 1'000'000;
  constexpr std::uint64_t second = 1'000'000'000;
  constexpr std::uint64_t minute = 60 * second;
  constexpr std::uint64_t hour = 60 * minute;
  if (total < second) {
    return sign + (total < microsecond   ? std::to_string(total) + "ns"
                   : total < millisecond ? fraction(total, microsecond) + "\xC2\xB5s"
                                         : fraction(total, millisecond) + "ms");
  }
  std::string text = fraction(total % minute, second) + "s";
  if (total >= minute) {
    text = std::to_string(total % hour / minute) + "m" + text;
  }
  if (total >= hour) {
    text = std::to_string(total / hour) + "h" + text;
  }
  return sign + text;
}

}  // namespace sluice::policy
