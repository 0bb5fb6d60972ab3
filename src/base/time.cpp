// SPDX-License-Identifier: Apache-2.0
#include "base/time.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>

namespace sluice::time {

namespace {

/// Reads fixed-width fields off the front of a text.
class Fields {
 public:
  explicit Fields(std::string_view text) : text_(text) {}

  /// `width` digits as a number from `least` to `most`.
  int number(std::size_t width, int least, int most) {
    int value = 0;
    for (std::size_t i = 0; i < width; ++i) {
      const char c = i < text_.size() ? text_[i] : '?';
      if (c < '0' || c > '9') {
        good_ = false;
        return least;
      }
      value = value * 10 + (c - '0');
    }
    text_.remove_prefix(width);
    good_ = good_ && least <= value && value <= most;
    return value;
  }

  /// One of the characters of `any`; 0 when there is another or none.
  char one_of(std::string_view any) {
    const char c = text_.empty() ? '\0' : text_.front();
    if (c == '\0' || any.find(c) == std::string_view::npos) {
      return '\0';
    }
    text_.remove_prefix(1);
    return c;
  }

  void expect(std::string_view any) { good_ = one_of(any) != '\0' && good_; }
  void skip_digits() {
    const std::size_t end = text_.find_first_not_of("0123456789");
    good_ = good_ && end != 0 && !text_.empty();
    text_.remove_prefix(std::min(end, text_.size()));
  }

  [[nodiscard]] bool at_end() const { return text_.empty(); }
  [[nodiscard]] bool good() const { return good_; }

 private:
  std::string_view text_;
  bool good_ = true;
};

constexpr std::array<std::pair<char, std::int64_t>, 4> units = {
    {{'d', 86'400}, {'h', 3'600}, {'m', 60}, {'s', 1}}};

}  // namespace

std::optional<Seconds> parse(std::string_view text) {
  using namespace std::chrono;
  Fields fields(text);
  const int y = fields.number(4, 0, 9999);
  fields.expect("-");
  const int m = fields.number(2, 1, 12);
  fields.expect("-");
  const int d = fields.number(2, 1, 31);
  const year_month_day date{year{y}, month{static_cast<unsigned>(m)},
                            day{static_cast<unsigned>(d)}};
  sys_seconds time = sys_days{date};
  if (!fields.at_end()) {
    fields.expect("Tt");
    time += hours{fields.number(2, 0, 23)};
    fields.expect(":");
    time += minutes{fields.number(2, 0, 59)};
    fields.expect(":");
    time += seconds{fields.number(2, 0, 59)};
    if (fields.one_of(".") != '\0') {
      fields.skip_digits();
    }
    if (const char sign = fields.one_of("+-"); sign != '\0') {
      minutes offset = hours{fields.number(2, 0, 23)};
      fields.expect(":");
      offset += minutes{fields.number(2, 0, 59)};
      time -= sign == '+' ? offset : -offset;
    } else {
      fields.expect("Zz");
    }
  }
  return fields.good() && fields.at_end() && date.ok() ? std::optional(time) : std::nullopt;
}

std::string to_string(Seconds time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{time - day};
  std::array<char, 64> line{};
  (void)std::snprintf(line.data(), line.size(), "%04d-%02u-%02uT%02d:%02d:%02dZ",
                      static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                      static_cast<unsigned>(date.day()), static_cast<int>(clock.hours().count()),
                      static_cast<int>(clock.minutes().count()),
                      static_cast<int>(clock.seconds().count()));
  return line.data();
}

std::optional<std::chrono::seconds> parse_duration(std::string_view text) {
  constexpr std::int64_t most = std::int64_t{3'660} * 86'400;
  std::int64_t total = 0;
  std::size_t next_unit = 0;
  if (text.empty()) {
    return std::nullopt;
  }
  while (!text.empty()) {
    const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
    if (digits == 0 || digits > 9 || digits == text.size()) {
      return std::nullopt;
    }
    std::int64_t amount = 0;
    for (const char digit : text.substr(0, digits)) {
      amount = amount * 10 + (digit - '0');
    }
    while (next_unit < units.size() && units[next_unit].first != text[digits]) {
      ++next_unit;
    }
    if (next_unit == units.size()) {
      return std::nullopt;
    }
    total += amount * units[next_unit++].second;
    if (total > most) {
      return std::nullopt;
    }
    text.remove_prefix(digits + 1);
  }
  return std::chrono::seconds{total};
}

std::string to_string(std::chrono::seconds duration) {
  std::int64_t left = duration.count();
  std::string text;
  for (const auto& [unit, length] : units) {
    if (left / length != 0) {
      text += std::to_string(left / length) + unit;
      left %= length;
    }
  }
  return text.empty() ? "0s" : text;
}

}  // namespace sluice::time
