// SPDX-License-Identifier: Apache-2.0
#include "base/json_text.hpp"

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

bool is_line_separator(std::string_view text) {
  return text.starts_with("\xE2\x80\xA8") || text.starts_with("\xE2\x80\xA9");
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
  out += '"';
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const auto byte = static_cast<unsigned char>(c);
    if (const char letter = escape_letter(c, escapes); letter != '\0') {
      out += '\\';
      out += letter;
    } else if (byte < 0x20 || (go && (c == '<' || c == '>' || c == '&'))) {
      out += "\\u00";
      out += digits[byte >> 4U];
      out += digits[byte & 15U];
    } else if (go && byte == 0xE2 && is_line_separator(text.substr(i))) {
      out += text[i + 2] == '\xA8' ? "\\u2028" : "\\u2029";
      i += 2;
    } else {
      out += c;
    }
  }
  out += '"';
}

}  // namespace sluice::text
