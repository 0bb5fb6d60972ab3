// SPDX-License-Identifier: Apache-2.0
#include "edit/content.hpp"

#include "base/json_text.hpp"

#include <algorithm>
#include <charconv>

namespace sluice::edit {
namespace {

std::string_view raw_content(const yaml::Document& document, const yaml::Node& scalar) {
  return document.source().bytes().substr(scalar.span.begin, scalar.span.end - scalar.span.begin);
}

std::optional<std::uint32_t> hex(std::string_view digits, std::size_t count) {
  std::uint32_t code = 0;
  if (digits.size() < count) {
    return std::nullopt;
  }
  const auto* end = digits.data() + count;
  const auto [stop, error] = std::from_chars(digits.data(), end, code, 16);
  return error == std::errc{} && stop == end ? std::optional(code) : std::nullopt;
}

struct Escape {
  std::string text;
  std::size_t size = 0;  ///< bytes in the file, 0 when it is none
};

/// The escape of YAML or JSON at the start of `raw`, which begins with a backslash.
Escape read_escape(std::string_view raw) {
  constexpr std::string_view letters = "0abt\tnvfre \"/\\";
  constexpr std::string_view meanings("\0\a\b\t\t\n\v\f\r\x1b \"/\\", 14);
  if (raw.size() < 2) {
    return {};
  }
  if (const auto known = letters.find(raw[1]); known != std::string_view::npos) {
    return {std::string(1, meanings[known]), 2};
  }
  std::uint32_t code = 0;
  std::size_t size = 2;
  switch (raw[1]) {
    case 'N':
      code = 0x85;
      break;
    case '_':
      code = 0xA0;
      break;
    case 'L':
      code = 0x2028;
      break;
    case 'P':
      code = 0x2029;
      break;
    case 'x':
    case 'u':
    case 'U': {
      const std::size_t digits = raw[1] == 'x' ? 2 : raw[1] == 'u' ? 4 : 8;
      const auto number = hex(raw.substr(2), digits);
      if (!number || *number > 0x10FFFF) {
        return {};
      }
      code = *number;
      size += digits;
      break;
    }
    default:
      return {};
  }
  if (code >= 0xD800 && code < 0xDC00 && raw.substr(size).starts_with("\\u")) {  // JSON's pairs
    const auto low = hex(raw.substr(size + 2), 4);
    if (low && *low >= 0xDC00 && *low < 0xE000) {
      code = 0x10000 + ((code - 0xD800) << 10U) + (*low - 0xDC00);
      size += 6;
    }
  }
  Escape escape{{}, size};
  text::append_utf8(code, escape.text);
  return escape;
}

}  // namespace

bool spans_lines(const yaml::Document& document, const yaml::Node& scalar) {
  return raw_content(document, scalar).find_first_of("\r\n") != std::string_view::npos;
}

void Content::add(std::string_view text, std::size_t begin, std::size_t end) {
  value_ += text;
  pieces_.insert(pieces_.end(), text.size(),
                 {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)});
}

bool Content::read_plain(std::string_view raw, std::uint32_t at) {
  for (std::size_t i = 0; i < raw.size(); ++i) {
    add(raw.substr(i, 1), at + i, at + i + 1);
  }
  empty_at_ = at;
  return true;
}

bool Content::read_single(std::string_view raw, std::uint32_t at) {
  empty_at_ = at + 1;
  for (std::size_t i = 1; i + 1 < raw.size();) {
    const std::size_t size = raw[i] == '\'' ? 2 : 1;
    add(raw.substr(i, 1), at + i, at + i + size);
    i += size;
  }
  return true;
}

bool Content::read_double(std::string_view raw, std::uint32_t at) {
  empty_at_ = at + 1;
  for (std::size_t i = 1; i + 1 < raw.size();) {
    if (raw[i] != '\\') {
      add(raw.substr(i, 1), at + i, at + i + 1);
      ++i;
      continue;
    }
    const auto escape = read_escape(raw.substr(i, raw.size() - 1 - i));
    if (escape.size == 0) {
      return false;
    }
    add(escape.text, at + i, at + i + escape.size);
    i += escape.size;
  }
  return true;
}

/// The lines after the header of a literal block scalar, each without `indent` blanks; stops when
/// the value is complete.
bool Content::read_lines(std::string_view raw,
                         std::uint32_t at,
                         std::size_t indent,
                         std::size_t size) {
  value_.clear();
  pieces_.clear();
  std::size_t from = std::min(raw.find('\n'), raw.size() - 1) + 1;
  empty_at_ = at + static_cast<std::uint32_t>(from);
  while (from < raw.size() && value_.size() < size) {
    const auto newline = raw.find('\n', from);
    const auto next = newline == std::string_view::npos ? raw.size() : newline + 1;
    auto end = newline == std::string_view::npos ? raw.size() : newline;
    if (end > from && raw[end - 1] == '\r') {
      --end;
    }
    const auto blanks = std::min(raw.find_first_not_of(' ', from), end) - from;
    for (std::size_t i = from + std::min(indent, blanks); i < end; ++i) {
      add(raw.substr(i, 1), at + i, at + i + 1);
    }
    add("\n", at + end, at + next);
    from = next;
  }
  if (value_.size() > size) {
    value_.resize(size);
    pieces_.resize(size);
  }
  return true;
}

bool Content::read_literal(std::string_view raw, std::uint32_t at, std::string_view value) {
  // The first line that is not blank gives the indentation, unless the header does: then it is
  // less, and only one guess makes the value.
  std::size_t indent = 0;
  for (std::size_t from = raw.find('\n'); from != std::string_view::npos;
       from = raw.find('\n', from)) {
    ++from;
    const auto text = raw.find_first_not_of(' ', from);
    if (text != std::string_view::npos && raw[text] != '\n' && raw[text] != '\r') {
      indent = text - from;
      break;
    }
  }
  constexpr std::size_t guesses = 64;
  for (std::size_t less = 0; less <= std::min(indent, guesses); ++less) {
    if (read_lines(raw, at, indent - less, value.size()) && value_ == value) {
      return true;
    }
  }
  return false;
}

std::optional<Content> Content::of(const yaml::Document& document, const yaml::Node& scalar) {
  Content content;
  const auto raw = raw_content(document, scalar);
  const auto at = scalar.span.begin;
  bool readable = false;
  switch (scalar.style) {
    case yaml::Style::literal:
      readable = content.read_literal(raw, at, scalar.text);
      break;
    case yaml::Style::folded:
      break;
    case yaml::Style::single_quoted:
      readable = content.read_single(raw, at);
      break;
    case yaml::Style::double_quoted:
      readable = content.read_double(raw, at);
      break;
    default:  // JSON's strings have quotes, its numbers and words have none
      readable = raw.starts_with('"') && scalar.style == yaml::Style::json
                     ? content.read_double(raw, at)
                     : content.read_plain(raw, at);
  }
  const bool lines = scalar.style != yaml::Style::literal && spans_lines(document, scalar);
  return readable && !lines && content.value_ == scalar.text ? std::optional(std::move(content))
                                                             : std::nullopt;
}

std::optional<Part> Content::source(Part part) const {
  if (part.begin > part.end || part.end > pieces_.size()) {
    return std::nullopt;
  }
  const auto cuts = [&](std::size_t at) {
    return at > 0 && at < pieces_.size() && pieces_[at].begin == pieces_[at - 1].begin;
  };
  if (cuts(part.begin) || cuts(part.end)) {
    return std::nullopt;
  }
  const std::size_t begin = part.begin < pieces_.size() ? pieces_[part.begin].begin
                            : pieces_.empty()           ? empty_at_
                                                        : pieces_.back().end;
  return Part{begin, part.end > part.begin ? pieces_[part.end - 1].end : begin};
}

}  // namespace sluice::edit
