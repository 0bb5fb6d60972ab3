// SPDX-License-Identifier: Apache-2.0
#include "edit/spelling.hpp"

#include "base/text.hpp"
#include "yaml/scalar.hpp"

#include <algorithm>

namespace sluice::edit {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter_or_digit(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// Digits at `at`, at most `most`; moves past them.
std::size_t take_digits(std::string_view text, std::size_t& at, std::size_t most) {
  const auto from = at;
  while (at < text.size() && at - from < most && is_digit(text[at])) {
    ++at;
  }
  return at - from;
}

/// 2001-1-2, 2001-12-14t21:59:43.10-05:00, 2001-12-14 21:59:43 (YAML 1.1, timestamp).
bool looks_like_a_date(std::string_view text) {
  std::size_t at = 0;
  if (take_digits(text, at, 4) != 4 || at >= text.size() || text[at] != '-') {
    return false;
  }
  ++at;
  if (take_digits(text, at, 2) == 0 || at >= text.size() || text[at] != '-') {
    return false;
  }
  ++at;
  return take_digits(text, at, 2) > 0 &&
         (at == text.size() || text[at] == 't' || text[at] == 'T' || text[at] == ' ');
}

/// 1:30, 190:20:30.15 (YAML 1.1, base 60).
bool looks_like_base_60(std::string_view text) {
  return text.find(':') != std::string_view::npos &&
         text.find_first_not_of("0123456789:._+-") == std::string_view::npos &&
         text.find_first_of("0123456789") != std::string_view::npos;
}

std::string double_quoted(std::string_view piece) {
  std::string out;
  for (const char c : piece) {
    if (c == '"' || c == '\\') {
      out += '\\';
    }
    out += c;
  }
  return out;
}

}  // namespace

Status check_writable(std::string_view value) {
  constexpr std::size_t longest = 4096;
  if (value.size() > longest) {
    return Error{Error::Kind::unsupported, "a value of " + std::to_string(value.size()) +
                                               " bytes is longer than any version or reference"};
  }
  if (value.find_first_of("\r\n") != std::string_view::npos) {
    return Error{Error::Kind::unsupported,
                 "the value \"" + text::printable(value, 60) + "\" has more than one line"};
  }
  if (text::printable(value, longest) != value) {
    return Error{Error::Kind::unsupported, "the value \"" + text::printable(value, 60) +
                                               "\" holds bytes that are not printable text"};
  }
  return ok;
}

bool reads_as_other_type(std::string_view text) {
  return yaml::resolve_plain(text) != yaml::Kind::string || looks_like_a_date(text) ||
         looks_like_base_60(text) || text == "<<" || text == "=";
}

bool can_be_plain(std::string_view text, Context context) {
  if (context == Context::json || reads_as_other_type(text)) {
    return false;
  }
  if (!is_letter_or_digit(text.front()) && text.front() != '_' && text.front() != '/' &&
      text.front() != '.' && text.front() != '$') {
    return false;
  }
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const char next = i + 1 < text.size() ? text[i + 1] : ' ';
    constexpr std::string_view harmless = "_./@+-=~%$()^;";
    if (is_letter_or_digit(c) || harmless.find(c) != std::string_view::npos) {
      continue;
    }
    // Old readers refuse a colon within a flow collection.
    const bool inner_colon = c == ':' && next != ' ' && context == Context::block;
    const bool inner_blank = c == ' ' && next != ' ' && i + 1 < text.size();
    if (!inner_colon && !inner_blank) {
      return false;
    }
  }
  // "..." would end the document at the start of a line.
  return !text.starts_with("...");
}

std::string write_piece(std::string_view piece, yaml::Style style) {
  switch (style) {
    case yaml::Style::single_quoted:
      return text::replace_all(std::string(piece), "'", "''");
    case yaml::Style::double_quoted:
    case yaml::Style::json:
      return double_quoted(piece);
    default:
      return std::string(piece);
  }
}

std::string write_scalar(std::string_view value, yaml::Style style, Context context) {
  if (style == yaml::Style::single_quoted) {
    return '\'' + write_piece(value, style) + '\'';
  }
  if (style == yaml::Style::plain && can_be_plain(value, context)) {
    return std::string(value);
  }
  if (style == yaml::Style::plain && context != Context::json &&
      value.find_first_of("\"\\") != std::string_view::npos) {
    return '\'' + write_piece(value, yaml::Style::single_quoted) + '\'';
  }
  return '"' + double_quoted(value) + '"';
}

}  // namespace sluice::edit
