// SPDX-License-Identifier: Apache-2.0
#include "yaml/plain_lines.hpp"

namespace sluice::yaml {
namespace {

constexpr std::size_t most_bytes = 1000;  // libyaml's simple keys end at 1024

bool is_word_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
         c == '/' || c == '_';
}

}  // namespace

std::optional<PlainScalar> PlainLines::in_flow(std::size_t at) const {
  const auto span_to = [at](std::size_t end) {
    return Span{static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(end)};
  };
  if (const char quote = byte(at); quote == '"' || quote == '\'') {
    auto end = at + 1;
    while (end < line_end_ && bytes_[end] != quote && bytes_[end] != '\\' && bytes_[end] != '\t') {
      ++end;
    }
    if (byte(end) != quote || byte(end + 1) == quote || end - at >= most_bytes) {
      return std::nullopt;
    }
    return PlainScalar{quote == '"' ? Style::double_quoted : Style::single_quoted, span_to(end + 1),
                       bytes_.substr(at + 1, end - at - 1)};
  }
  if (!is_word_byte(byte(at)) && !(byte(at) == '-' && is_word_byte(byte(at + 1)))) {
    return std::nullopt;
  }
  auto end = at;  // after the last byte that is no space
  for (auto i = at; i < line_end_; ++i) {
    const char c = bytes_[i];
    if (is_word_byte(c) || c == '-' || c == '+' || c == '=' || c == '@' || c == '*' ||
        (c == ':' && is_word_byte(byte(i + 1)))) {
      end = i + 1;
    } else if (c != ' ') {
      break;
    }
  }
  if (end - at >= most_bytes) {
    return std::nullopt;
  }
  return PlainScalar{Style::plain, span_to(end), bytes_.substr(at, end - at)};
}

}  // namespace sluice::yaml
