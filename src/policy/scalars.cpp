// SPDX-License-Identifier: Apache-2.0
#include "policy/scalars.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <limits>

namespace sluice::policy {

namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

struct Unit {
  std::string_view name;
  std::uint64_t nanoseconds;
};
constexpr std::array<Unit, 8> units = {{{"ns", 1},
                                        {"us", 1'000},
                                        {"\xC2\xB5s", 1'000},  // U+00B5, micro
                                        {"\xCE\xBCs", 1'000},  // U+03BC, mu
                                        {"ms", 1'000'000},
                                        {"s", 1'000'000'000},
                                        {"m", 60'000'000'000},
                                        {"h", 3'600'000'000'000}}};

constexpr std::uint64_t duration_limit = std::uint64_t{1} << 63U;

/// Digits from the front of `text`; nothing when they pass 2^63.
std::optional<std::uint64_t> take_digits(std::string_view& text) {
  std::uint64_t value = 0;
  while (!text.empty() && is_digit(text.front())) {
    const auto digit = static_cast<std::uint64_t>(text.front() - '0');
    if (value > (duration_limit - digit) / 10) {
      return std::nullopt;
    }
    value = value * 10 + digit;
    text.remove_prefix(1);
  }
  return value;
}

/// One "1.5h" from the front.
std::optional<std::uint64_t> take_part(std::string_view& text) {
  const std::size_t before = text.size();
  const auto whole = take_digits(text);
  bool has_digits = text.size() != before;
  double fraction = 0;
  if (!text.empty() && text.front() == '.') {
    text.remove_prefix(1);
    double scale = 1;
    while (!text.empty() && is_digit(text.front())) {
      has_digits = true;
      scale *= 10;
      fraction += (text.front() - '0') / scale;
      text.remove_prefix(1);
    }
  }
  const auto end =
      std::find_if(text.begin(), text.end(), [](char c) { return is_digit(c) || c == '.'; });
  const std::string_view name(text.data(), static_cast<std::size_t>(end - text.begin()));
  text.remove_prefix(name.size());
  const auto unit =
      std::find_if(units.begin(), units.end(), [&](const Unit& u) { return u.name == name; });
  if (!whole || !has_digits || unit == units.end() || *whole > duration_limit / unit->nanoseconds) {
    return std::nullopt;
  }
  return *whole * unit->nanoseconds +
         static_cast<std::uint64_t>(fraction * static_cast<double>(unit->nanoseconds));
}

std::string number_v(double value) {
  std::array<char, 64> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                                 std::chars_format::scientific);
  const std::string_view text(buffer.data(), static_cast<std::size_t>(end.ptr - buffer.data()));
  const auto e = text.find('e');
  int exponent = 0;
  if (e != std::string_view::npos) {
    const auto digits = text.substr(text[e + 1] == '+' ? e + 2 : e + 1);
    std::from_chars(digits.data(), digits.data() + digits.size(), exponent);
  }
  // Go's %v keeps the plain form below a million only.
  if (exponent < -4 || exponent >= 6) {
    return std::string(text);
  }
  std::string plain;
  jmespath::append_number(value, plain);
  return plain;
}

void append_go_text(const Value& value, std::string& out) {
  switch (value.type()) {
    case Type::null:
    case Type::expression:
      out += "<nil>";
      return;
    case Type::boolean:
      out += value.as_boolean() ? "true" : "false";
      return;
    case Type::number:
      out += number_v(value.as_number());
      return;
    case Type::string:
      out += value.as_string();
      return;
    case Type::array:
      out += '[';
      for (std::size_t i = 0; i < value.size(); ++i) {
        out += i == 0 ? "" : " ";
        append_go_text(value.at(i), out);
      }
      out += ']';
      return;
    case Type::object: {
      const auto members = jmespath::sorted_members(value);
      out += "map[";
      for (std::size_t i = 0; i < members.size(); ++i) {
        out += i == 0 ? "" : " ";
        out += members[i].key;
        out += ':';
        append_go_text(members[i].value, out);
      }
      out += ']';
      return;
    }
  }
}

std::optional<std::uint64_t> version_number(std::string_view text) {
  std::uint64_t value = 0;
  const auto end = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool leading_zero = text.size() > 1 && text.front() == '0';
  if (text.empty() || leading_zero || end.ec != std::errc() ||
      end.ptr != text.data() + text.size()) {
    return std::nullopt;
  }
  return value;
}

int compare_identifiers(const std::string& a, const std::string& b) {
  const auto x = version_number(a);
  const auto y = version_number(b);
  if (x && y) {
    return *x < *y ? -1 : *x > *y ? 1 : 0;
  }
  if (x.has_value() != y.has_value()) {
    return x ? -1 : 1;  // numbers come first
  }
  return a < b ? -1 : a > b ? 1 : 0;
}

}  // namespace

std::optional<std::int64_t> parse_duration(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) {
    text.remove_prefix(1);
  }
  if (text == "0") {
    return 0;
  }
  if (text.empty()) {
    return std::nullopt;
  }
  std::uint64_t total = 0;
  while (!text.empty()) {
    if (!is_digit(text.front()) && text.front() != '.') {
      return std::nullopt;
    }
    const auto part = take_part(text);
    if (!part || *part > duration_limit - total) {
      return std::nullopt;
    }
    total += *part;
  }
  if (total == duration_limit) {
    return negative ? std::optional(std::numeric_limits<std::int64_t>::min()) : std::nullopt;
  }
  return negative ? -static_cast<std::int64_t>(total) : static_cast<std::int64_t>(total);
}

std::optional<double> parse_float(std::string_view text) {
  if (text.starts_with('+')) {
    text.remove_prefix(1);
  }
  double value = 0;
  const auto end = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || end.ec != std::errc() || end.ptr != text.data() + text.size() ||
      value != value || value - value != 0) {
    return std::nullopt;
  }
  return value;
}

std::string float_f(double value) {
  std::array<char, 400> buffer{};
  const int length = std::snprintf(buffer.data(), buffer.size(), "%f", value);
  return {buffer.data(), static_cast<std::size_t>(length)};
}

std::string float_e(double value) {
  std::array<char, 64> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                                 std::chars_format::scientific);
  std::string text(buffer.data(), end.ptr);
  std::replace(text.begin(), text.end(), 'e', 'E');
  return text;
}

std::string go_text(const Value& value) {
  std::string text;
  append_go_text(value, text);
  return text;
}

std::optional<SemanticVersion> parse_semantic_version(std::string_view text) {
  text = text.substr(0, text.find('+'));
  const auto dash = text.find('-');
  const auto numbers = text::split(text.substr(0, dash), '.');
  if (numbers.size() != 3) {
    return std::nullopt;
  }
  const auto major = version_number(numbers[0]);
  const auto minor = version_number(numbers[1]);
  const auto patch = version_number(numbers[2]);
  if (!major || !minor || !patch) {
    return std::nullopt;
  }
  SemanticVersion version{.major = *major, .minor = *minor, .patch = *patch, .pre = {}};
  if (dash != std::string_view::npos) {
    for (const auto part : text::split(text.substr(dash + 1), '.')) {
      const bool word = std::all_of(part.begin(), part.end(), [](char c) {
        return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
      });
      const bool digits = std::all_of(part.begin(), part.end(), is_digit);
      if (part.empty() || !word || (digits && !version_number(part))) {
        return std::nullopt;
      }
      version.pre.emplace_back(part);
    }
  }
  return version;
}

int compare(const SemanticVersion& a, const SemanticVersion& b) {
  for (const auto& [x, y] : {std::pair(a.major, b.major), {a.minor, b.minor}, {a.patch, b.patch}}) {
    if (x != y) {
      return x < y ? -1 : 1;
    }
  }
  if (a.pre.empty() || b.pre.empty()) {
    return a.pre.empty() == b.pre.empty() ? 0 : a.pre.empty() ? 1 : -1;
  }
  for (std::size_t i = 0; i < std::min(a.pre.size(), b.pre.size()); ++i) {
    if (const int order = compare_identifiers(a.pre[i], b.pre[i]); order != 0) {
      return order;
    }
  }
  return a.pre.size() < b.pre.size() ? -1 : a.pre.size() > b.pre.size() ? 1 : 0;
}

bool is_json(std::string_view text) {
  Arena arena;
  return jmespath::parse_json(text, arena).has_value();
}

std::optional<std::vector<std::string>> json_strings(std::string_view text) {
  Arena arena;
  const auto list = jmespath::parse_json(text, arena);
  if (!list || !list->is(Type::array)) {
    return std::nullopt;
  }
  std::vector<std::string> strings;
  for (std::size_t i = 0; i < list->size(); ++i) {
    if (!list->at(i).is(Type::string)) {
      return std::nullopt;
    }
    strings.emplace_back(list->at(i).as_string());
  }
  return strings;
}

}  // namespace sluice::policy
