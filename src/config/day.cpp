// SPDX-License-Identifier: Apache-2.0
#include "config/day.hpp"

#include "base/text.hpp"
#include "config/config.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <optional>

namespace sluice::config {

namespace {

namespace chrono = std::chrono;

/// Digits where `form` has '0', the same byte elsewhere.
bool has_form(std::string_view text, std::string_view form) {
  return text.size() == form.size() && std::ranges::equal(text, form, [](char c, char wanted) {
           return wanted == '0' ? c >= '0' && c <= '9' : c == wanted;
         });
}

int number(std::string_view digits) {
  int value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

std::optional<chrono::sys_days> day_of(std::string_view text) {
  if (!has_form(text, "0000-00-00")) {
    return std::nullopt;
  }
  const chrono::year_month_day day{chrono::year{number(text.substr(0, 4))},
                                   chrono::month{static_cast<unsigned>(number(text.substr(5, 2)))},
                                   chrono::day{static_cast<unsigned>(number(text.substr(8, 2)))}};
  return day.ok() ? std::optional(chrono::sys_days(day)) : std::nullopt;
}

std::string padded(int value, std::size_t width) {
  const std::string digits = std::to_string(value);
  return std::string(width - std::min(width, digits.size()), '0') + digits;
}

std::string to_string(chrono::sys_days days) {
  const chrono::year_month_day day{days};
  return padded(static_cast<int>(day.year()), 4) + '-' +
         padded(static_cast<int>(static_cast<unsigned>(day.month())), 2) + '-' +
         padded(static_cast<int>(static_cast<unsigned>(day.day())), 2);
}

/// Minutes between "00:00" and this; nothing when there is no such time.
std::optional<int> minutes_of(std::string_view text) {
  if (!has_form(text, "00:00")) {
    return std::nullopt;
  }
  const int hours = number(text.substr(0, 2));
  const int minutes = number(text.substr(3, 2));
  return hours < 24 && minutes < 60 ? std::optional(hours * 60 + minutes) : std::nullopt;
}

/// Minutes east of Greenwich: "Z" or "+02:00".
std::optional<int> offset_of(std::string_view text) {
  if (text == "Z" || text == "z") {
    return 0;
  }
  if (text.empty() || (text[0] != '+' && text[0] != '-')) {
    return std::nullopt;
  }
  const auto minutes = minutes_of(text.substr(1));
  return minutes ? std::optional(text[0] == '-' ? -*minutes : *minutes) : std::nullopt;
}

/// The offset's place in "12:00:59.123+02:00", after the seconds and their fraction; nothing when
/// the time before it is none. (A leap second, :60, is a time.)
std::optional<std::size_t> end_of_time(std::string_view time) {
  if (time.size() < 8 || !minutes_of(time.substr(0, 5)) || !has_form(time.substr(5, 3), ":00") ||
      number(time.substr(6, 2)) > 60) {
    return std::nullopt;
  }
  std::size_t end = 8;
  if (end < time.size() && time[end] == '.') {
    end = std::min(time.find_first_not_of("0123456789", end + 1), time.size());
    if (end == 9) {
      return std::nullopt;
    }
  }
  return end;
}

}  // namespace

bool is_day(std::string_view text) {
  return day_of(text).has_value();
}

Result<std::string> utc_day(std::string_view time) {
  const Error error{
      Error::Kind::usage,
      '"' + text::printable(time) + "\" is neither a time such as 2027-01-31T12:00:00Z nor a date"};
  const auto day = day_of(time.substr(0, 10));
  if (!day) {
    return error;
  }
  if (time.size() == 10) {
    return to_string(*day);
  }
  const std::string_view rest = time.substr(11);
  const auto end = end_of_time(rest);
  const auto offset = end ? offset_of(rest.substr(*end)) : std::nullopt;
  if (!offset || (time[10] != 'T' && time[10] != 't' && time[10] != ' ')) {
    return error;
  }
  const auto minute = chrono::sys_time<chrono::minutes>(*day) +
                      chrono::minutes(*minutes_of(rest.substr(0, 5)) - *offset);
  return to_string(chrono::floor<chrono::days>(minute));
}

}  // namespace sluice::config
