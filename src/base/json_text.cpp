// SPDX-License-Identifier: Apache-2.0
#include "base/json_text.hpp"

#include <algorithm>
#include <array>

namespace sluice::text {
namespace {

/// The letter after a backslash; 0 when the byte has none.
char escape_letter(char c, JsonEscapes escapes) {
  switch (c) {
    case '"':
    case '\\':
      return c;
    case '\n':
      return 'n';
    case '\r':
      return 'r';
    case '\t':
      return 't';
    case '\b':
      return escapes == JsonEscapes::go ? 'b' : '\0';
    case '\f':
      return escapes == JsonEscapes::go ? 'f' : '\0';
    default:
      return '\0';
  }
}

struct Escaped {
  std::string_view character;
  std::string_view code;
};

constexpr std::array<Escaped, 2> separators = {
    {{"\xE2\x80\xA8", "\\u2028"}, {"\xE2\x80\xA9", "\\u2029"}}};
constexpr std::array<Escaped, 3> unprintable = {
    {{"\xEF\xBB\xBF", "\\ufeff"}, {"\xEF\xBF\xBE", "\\ufffe"}, {"\xEF\xBF\xBF", "\\uffff"}}};

/// What the start of `text`, a character of three bytes, is written as; nullptr: as it is.
const Escaped* find_escaped(std::string_view text, JsonEscapes escapes) {
  const auto starts = [&](const Escaped& row) { return text.starts_with(row.character); };
  if (const auto* row = std::ranges::find_if(separators, starts); row != separators.end()) {
    return row;
  }
  const auto* row = std::ranges::find_if(unprintable, starts);
  return escapes == JsonEscapes::go || row == unprintable.end() ? nullptr : row;
}

/// U+0080 to U+009F, of which U+0085 is a line break of YAML.
bool is_c1_control(std::string_view text) {
  return text.size() >= 2 && text[0] == '\xC2' &&
         (static_cast<unsigned char>(text[1]) & 0xE0U) == 0x80;
}

}  // namespace

void append_utf8(std::uint32_t code_point, std::string& out) {
  const auto put = [&out](std::uint32_t byte) { out += static_cast<char>(byte); };
  if (code_point < 0x80) {
    put(code_point);
  } else if (code_point < 0x800) {
    put(0xC0U | (code_point >> 6U));
    put(0x80U | (code_point & 0x3FU));
  } else if (code_point < 0x10000) {
    put(0xE0U | (code_point >> 12U));
    put(0x80U | ((code_point >> 6U) & 0x3FU));
    put(0x80U | (code_point & 0x3FU));
  } else {
    put(0xF0U | (code_point >> 18U));
    put(0x80U | ((code_point >> 12U) & 0x3FU));
    put(0x80U | ((code_point >> 6U) & 0x3FU));
    put(0x80U | (code_point & 0x3FU));
  }
}

void append_json_string(std::string_view text, std::string& out, JsonEscapes escapes) {
  constexpr std::string_view digits = "0123456789abcdef";
  const bool go = escapes == JsonEscapes::go;
  const auto put_byte = [&](unsigned char byte) {
    out += "\\u00";
    out += digits[byte >> 4U];
    out += digits[byte & 15U];
  };
  out += '"';
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const auto byte = static_cast<unsigned char>(c);
    if (const char letter = escape_letter(c, escapes); letter != '\0') {
      out += '\\';
      out += letter;
    } else if (byte < 0x20 || (go ? c == '<' || c == '>' || c == '&' : byte == 0x7F)) {
      put_byte(byte);
    } else if (!go && byte == 0xC2 && is_c1_control(text.substr(i))) {
      put_byte(static_cast<unsigned char>(text[++i]));
    } else if (const auto* row = byte < 0xE2 ? nullptr : find_escaped(text.substr(i), escapes);
               row != nullptr) {
      out += row->code;
      i += row->character.size() - 1;
    } else {
      out += c;
    }
  }
  out += '"';
}

}  // namespace sluice::text
