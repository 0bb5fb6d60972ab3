// SPDX-License-Identifier: Apache-2.0
#include "yaml/scalar.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>

namespace sluice::yaml {
namespace {

constexpr std::array<std::string_view, 22> boolean_words{
    "y", "Y", "yes", "Yes", "YES", "true",  "True",  "TRUE",  "on",  "On",  "ON",
    "n", "N", "no",  "No",  "NO",  "false", "False", "FALSE", "off", "Off", "OFF"};

constexpr std::array<std::string_view, 12> special_reals{".nan",  ".NaN",  ".NAN",  ".inf",
                                                         ".Inf",  ".INF",  "+.inf", "+.Inf",
                                                         "+.INF", "-.inf", "-.Inf", "-.INF"};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// go-yaml's own pattern: [-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?
bool looks_real(std::string_view text) {
  std::size_t at = 0;
  const auto digits = [&] {
    const auto from = at;
    while (at < text.size() && is_digit(text[at])) {
      ++at;
    }
    return at - from;
  };
  if (at < text.size() && (text[at] == '-' || text[at] == '+')) {
    ++at;
  }
  const bool whole = digits() > 0;
  if (at < text.size() && text[at] == '.') {
    ++at;
    if (digits() == 0 && !whole) {
      return false;
    }
  } else if (!whole) {
    return false;
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && (text[at] == '-' || text[at] == '+')) {
      ++at;
    }
    if (digits() == 0) {
      return false;
    }
  }
  return at == text.size();
}

std::string without_underscores(std::string_view text) {
  std::string plain(text);
  std::erase(plain, '_');
  return plain;
}

Kind resolve_number(std::string_view text) {
  if (parse_integer(text)) {
    return Kind::integer;
  }
  if (text.find('_') != std::string_view::npos) {
    return looks_real(without_underscores(text)) ? Kind::real : Kind::string;
  }
  return looks_real(text) ? Kind::real : Kind::string;
}

}  // namespace

Kind resolve_plain(std::string_view text) {
  if (text.empty()) {
    return Kind::null;
  }
  switch (text.front()) {
    case '~':
      return text.size() == 1 ? Kind::null : Kind::string;
    case 'y':
    case 'Y':
    case 'n':
    case 'N':
    case 't':
    case 'T':
    case 'f':
    case 'F':
    case 'o':
    case 'O':
      if (text == "null" || text == "Null" || text == "NULL") {
        return Kind::null;
      }
      return text.size() <= 5 && std::ranges::find(boolean_words, text) != boolean_words.end()
                 ? Kind::boolean
                 : Kind::string;
    case '.':
      if (std::ranges::find(special_reals, text) != special_reals.end()) {
        return Kind::real;
      }
      return looks_real(text) ? Kind::real : Kind::string;  // no underscores here, as in go-yaml
    case '+':
    case '-':
      if (std::ranges::find(special_reals, text) != special_reals.end()) {
        return Kind::real;
      }
      return resolve_number(text);
    default:
      return is_digit(text.front()) ? resolve_number(text) : Kind::string;
  }
}

std::optional<Integer> parse_integer(std::string_view text) {
  Integer integer;
  std::size_t at = 0;
  if (at < text.size() && (text[at] == '-' || text[at] == '+')) {
    integer.negative = text[at] == '-';
    ++at;
  }
  unsigned base = 10;
  bool any = false;
  const auto skip_underscores = [&] {
    while (at < text.size() && text[at] == '_') {
      ++at;
    }
  };
  skip_underscores();
  if (at < text.size() && text[at] == '0' && at + 1 < text.size()) {
    ++at;
    skip_underscores();
    switch (at < text.size() ? text[at] : '0') {
      case 'x':
      case 'X':
        base = 16;
        ++at;
        break;
      case 'b':
      case 'B':
        base = 2;
        ++at;
        break;
      case 'o':
      case 'O':
        base = 8;
        ++at;
        break;
      default:
        base = 8;
        any = true;
        break;  // the 0 itself is a digit: "00", "0_", "017"
    }
  }
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '_') {
      continue;
    }
    const unsigned digit = is_digit(c)              ? static_cast<unsigned>(c - '0')
                           : (c >= 'a' && c <= 'f') ? static_cast<unsigned>(c - 'a') + 10
                           : (c >= 'A' && c <= 'F') ? static_cast<unsigned>(c - 'A') + 10
                                                    : 16;
    if (digit >= base ||
        integer.magnitude > (std::numeric_limits<std::uint64_t>::max() - digit) / base) {
      return std::nullopt;
    }
    integer.magnitude = integer.magnitude * base + digit;
    any = true;
  }
  constexpr std::uint64_t lowest = std::uint64_t{1} << 63U;
  if (!any || (integer.negative && integer.magnitude > lowest)) {
    return std::nullopt;
  }
  integer.negative = integer.negative && integer.magnitude != 0;
  return integer;
}

std::optional<double> parse_real(std::string_view text) {
  std::string plain = without_underscores(text);
  std::string_view rest = plain;
  const bool negative = rest.starts_with('-');
  if (negative || rest.starts_with('+')) {
    rest.remove_prefix(1);
  }
  if (rest == ".inf" || rest == ".Inf" || rest == ".INF") {
    return negative ? -HUGE_VAL : HUGE_VAL;
  }
  if (rest == ".nan" || rest == ".NaN" || rest == ".NAN") {
    return std::nan("");
  }
  double value = 0;
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), value);
  if (end != rest.data() + rest.size() || error == std::errc::invalid_argument) {
    return std::nullopt;
  }
  if (error == std::errc::result_out_of_range) {
    return std::nullopt;
  }
  return negative ? -value : value;
}

std::size_t utf8_size(std::string_view bytes, std::size_t i) {
  const auto at = [&](std::size_t j) {
    return j < bytes.size() ? static_cast<unsigned char>(bytes[j]) : 0U;
  };
  const auto first = at(i);
  const auto second = at(i + 1);
  const std::size_t size = first < 0x80                    ? 1
                           : first >= 0xC2 && first < 0xE0 ? 2
                           : first >= 0xE0 && first < 0xF0 ? 3
                           : first >= 0xF0 && first < 0xF5 ? 4
                                                           : 0;
  for (std::size_t j = 1; j < size; ++j) {
    if ((at(i + j) & 0xC0U) != 0x80) {
      return 0;
    }
  }
  // Overlong forms, surrogates and what lies beyond U+10FFFF.
  const bool bad = (first == 0xE0 && second < 0xA0) || (first == 0xED && second >= 0xA0) ||
                   (first == 0xF0 && second < 0x90) || (first == 0xF4 && second >= 0x90);
  return bad ? 0 : size;
}

std::string valid_utf8(std::string_view bytes) {
  std::string out;
  for (std::size_t i = 0; i < bytes.size();) {
    const auto size = utf8_size(bytes, i);
    out += size > 0 ? bytes.substr(i, size) : "\xEF\xBF\xBD";
    i += std::max<std::size_t>(size, 1);
  }
  return out;
}

}  // namespace sluice::yaml
