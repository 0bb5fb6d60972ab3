// SPDX-License-Identifier: Apache-2.0
#include "yaml/plain_lines.hpp"

#include <algorithm>
#include <cstring>

namespace sluice::yaml {
namespace {

constexpr auto npos = std::string_view::npos;
constexpr std::size_t most_key_bytes = 1000;  // libyaml's simple keys end at 1024

bool is_key_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
         c == '/' || c == '-' || c == '_';
}

Style quoted_style(char quote) {
  return quote == '"' ? Style::double_quoted : Style::single_quoted;
}

/// What a backslash and this byte stand for: the common ones, else '\0'. A line feed stands for
/// nothing: the scalar goes on.
char unescaped(char c) {
  switch (c) {
    case 'n':
    case '\n':
      return '\n';
    case 't':
      return '\t';
    case '"':
    case '\\':
    case ' ':
      return c;
    default:
      return '\0';
  }
}

Span span(std::size_t begin, std::size_t end) {
  return {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
}

}  // namespace

bool PlainLines::next() {
  while (at_ < bytes_.size()) {
    line_begin_ = at_;
    line_end_ = bytes_.find('\n', at_);
    at_ = line_end_ + 1;
    first_ = bytes_.find_first_not_of(' ', line_begin_);
    if (first_ < line_end_ && bytes_[first_] != '#') {
      return true;
    }
  }
  return false;
}

std::size_t PlainLines::colon_after(std::size_t at) const {
  auto end = at;
  if (bytes_[at] == '"' || bytes_[at] == '\'') {
    const auto quote = end_of_quoted(at + 1, bytes_[at]);
    end = quote < line_end_ ? quote + 1 : at;
  } else if (bytes_[at] != '-') {
    while (is_key_byte(byte(end))) {
      ++end;
    }
  }
  const bool key =
      end > at && byte(end) == ':' && is_space_or_end(end + 1) && end - at < most_key_bytes;
  return key ? end : npos;
}

PlainScalar PlainLines::key(std::size_t at, std::size_t colon) {
  const char quote = bytes_[at];
  if (quote != '"' && quote != '\'') {
    return {Style::plain, span(at, colon), bytes_.substr(at, colon - at)};
  }
  return {quoted_style(quote), span(at, colon), unquoted(at + 1, colon - 1, quote)};
}

std::optional<PlainScalar> PlainLines::value(std::size_t at, std::size_t indent) {
  switch (bytes_[at]) {
    case '"':
    case '\'':
      return quoted(at, indent);
    case '|':
      return literal(at, indent);
    case '-':
      return is_space_or_end(at + 1) ? std::nullopt : plain(at, indent);
    default:
      return std::strchr("?:,[]{}#&*!>%@`", bytes_[at]) == nullptr ? plain(at, indent)
                                                                   : std::nullopt;
  }
}

/// The end of the line, or the space before a comment; npos when a mapping's colon or a tab is in
/// the way.
std::size_t PlainLines::end_of_plain(std::size_t at) const {
  for (; at < line_end_; ++at) {
    const char c = bytes_[at];
    if (c == '\t' || (c == ':' && is_space_or_end(at + 1))) {
      return npos;
    }
    if (c == ' ' && byte(at + 1) == '#') {
      break;
    }
  }
  return at;
}

/// From inside a quoted scalar: its closing quote, or the end of the line when it goes on; npos
/// when there are tabs or rare escapes.
std::size_t PlainLines::end_of_quoted(std::size_t at, char quote) const {
  for (; at < line_end_; ++at) {
    const char c = bytes_[at];
    if (c == '\t') {
      return npos;
    }
    if (c == '\\' && quote == '"') {
      ++at;
      if (unescaped(byte(at)) == '\0' || (byte(at) == ' ' && is_space_or_end(at + 1))) {
        return npos;
      }
    } else if (c == quote) {
      if (quote == '"' || byte(at + 1) != quote) {
        break;
      }
      ++at;
    }
  }
  return std::min(at, line_end_);
}

std::size_t PlainLines::trimmed(std::size_t begin, std::size_t end) const {
  while (end > begin && bytes_[end - 1] == ' ') {
    --end;
  }
  return end;
}

/// Goes to the line on which a scalar of this line goes on, and says how many line feeds are
/// between them; 0 when it ends here.
std::size_t PlainLines::go_on(std::size_t indent) {
  if (at_ + indent < bytes_.size() && bytes_[at_ + indent] != ' ' && bytes_[at_] != '\n') {
    return 0;  // nearly always
  }
  std::size_t feeds = 1;
  for (auto begin = at_; begin < bytes_.size(); ++feeds) {
    const auto first = bytes_.find_first_not_of(' ', begin);
    if (bytes_[first] == '\n') {
      begin = first + 1;
      continue;
    }
    if (first - begin <= indent || bytes_[first] == '#') {
      return 0;
    }
    line_begin_ = begin;
    first_ = first;
    line_end_ = bytes_.find('\n', first);
    at_ = line_end_ + 1;
    return feeds;
  }
  return 0;
}

void PlainLines::fold(std::size_t feeds, Feed first) {
  if (feeds == 1 && first == Feed::folded) {
    text_ += ' ';
  } else {
    text_.append(feeds - 1, '\n');
  }
}

/// Appends a part of a quoted scalar, and says what its last line feed counts for.
PlainLines::Feed PlainLines::append_quoted(std::size_t begin, std::size_t end, char quote) {
  for (auto i = begin; i < end; ++i) {
    const char c = bytes_[i];
    if (c == '\\' && quote == '"') {
      if (++i == end) {
        return Feed::escaped;
      }
      text_ += unescaped(bytes_[i]);
    } else {
      text_ += c;
      i += c == quote ? 1 : 0;  // '' is one
    }
  }
  return Feed::folded;
}

/// What stands between the quotes of one line.
std::string_view PlainLines::unquoted(std::size_t begin, std::size_t end, char quote) {
  const auto written = bytes_.substr(begin, end - begin);
  if (written.find(quote == '"' ? '\\' : quote) == npos) {
    return written;
  }
  text_.clear();
  append_quoted(begin, end, quote);
  return text_;
}

std::optional<PlainScalar> PlainLines::plain(std::size_t at, std::size_t indent) {
  auto stop = end_of_plain(at);
  auto end = trimmed(at, std::min(stop, line_end_));
  auto text = bytes_.substr(at, end - at);
  for (bool folded = false; stop == line_end_; folded = true) {
    const auto feeds = go_on(indent);
    if (feeds == 0) {
      break;
    }
    if (!folded) {
      text_ = text;
    }
    fold(feeds, Feed::folded);
    stop = end_of_plain(first_);
    end = trimmed(first_, std::min(stop, line_end_));
    text_ += bytes_.substr(first_, end - first_);
    text = text_;
  }
  if (stop == npos) {
    return std::nullopt;
  }
  return PlainScalar{Style::plain, span(at, end), text};
}

std::optional<PlainScalar> PlainLines::quoted(std::size_t at, std::size_t indent) {
  const char quote = bytes_[at];
  auto from = at + 1;
  auto stop = end_of_quoted(from, quote);
  std::string_view text;
  if (stop < line_end_) {
    text = unquoted(from, stop, quote);
  } else {
    text_.clear();
    while (stop == line_end_) {
      const auto feed = append_quoted(from, trimmed(from, stop), quote);
      const auto feeds = go_on(indent);
      if (feeds == 0) {
        return std::nullopt;
      }
      fold(feeds, feed);
      from = first_;
      stop = end_of_quoted(from, quote);
    }
    append_quoted(from, std::min(stop, line_end_), quote);
    text = text_;
  }
  if (stop == npos || !nothing_follows(stop + 1)) {
    return std::nullopt;
  }
  return PlainScalar{quoted_style(quote), span(at, stop + 1), text};
}

/// "|", "|-" and "|+" with the indentation of their first line.
std::optional<PlainScalar> PlainLines::literal(std::size_t at, std::size_t indent) {
  const char chomping = byte(at + 1);
  const auto head = chomping == '-' || chomping == '+' ? at + 2 : at + 1;
  if (head != line_end_) {
    return std::nullopt;
  }
  text_.clear();
  std::size_t column = 0;
  std::size_t breaks = 0;  // line feeds since the last line with text
  bool any = false;
  while (at_ < bytes_.size()) {
    line_begin_ = at_;
    line_end_ = bytes_.find('\n', at_);
    const auto first = skip_spaces(line_begin_);
    const auto spaces = first - line_begin_;
    if (bytes_[first] == '\t' && (!any || spaces < column)) {
      return std::nullopt;
    }
    if (!any) {
      if (first == line_end_ && spaces > 0) {
        return std::nullopt;  // libyaml lets such a line choose the indentation
      }
      if (first != line_end_ && spaces <= indent) {
        return std::nullopt;  // nothing belongs to it
      }
      column = spaces;
    }
    if (first == line_end_ && (!any || spaces <= column)) {
      ++breaks;
    } else if (spaces < column) {
      break;
    } else {
      any = true;
      text_.append(breaks, '\n');
      breaks = 1;
      text_ += bytes_.substr(line_begin_ + column, line_end_ - line_begin_ - column);
    }
    at_ = line_end_ + 1;
  }
  if (!any) {
    return std::nullopt;
  }
  text_.append(chomping == '-' ? 0 : chomping == '+' ? breaks : 1, '\n');
  return PlainScalar{Style::literal, span(at, at_), text_};
}

}  // namespace sluice::yaml
