// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace sluice::text {

namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";

std::uint8_t byte(char c) {
  return static_cast<std::uint8_t>(c);
}

/// One character of UTF-8; `length` is 0 when the bytes are none (RFC 3629: no overlong forms, no
/// surrogates, nothing above U+10FFFF).
struct Character {
  std::uint32_t code = 0;
  std::size_t length = 0;
};

Character first_character(std::string_view text) {
  const std::uint8_t lead = byte(text[0]);
  if (lead < 0x80) {
    return {lead, 1};
  }
  const std::size_t length = lead >= 0xF0 ? 4U : lead >= 0xE0 ? 3U : 2U;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < length) {
    return {};
  }
  std::uint32_t code = lead & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(text[i]) & 0xC0U) != 0x80U) {
      return {};
    }
    code = (code << 6U) | (byte(text[i]) & 0x3FU);
  }
  constexpr std::array<std::uint32_t, 5> least = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
  return code < least[length] || surrogate || code > 0x10FFFF ? Character{}
                                                              : Character{code, length};
}

bool is_control(std::uint32_t code) {
  return code < 0x20 || code == 0x7F;
}

/// What would break a line, turn its direction ("Trojan Source") or carry words nobody sees.
bool is_deceptive(std::uint32_t code) {
  const auto between = [code](std::uint32_t first, std::uint32_t last) {
    return first <= code && code <= last;
  };
  return between(0x80, 0x9F) || between(0x2028, 0x202E) || between(0x2066, 0x2069) ||
         between(0x200E, 0x200F) || code == 0x061C || code == 0xFEFF || between(0xE0000, 0xE007F);
}

std::string hex_escape(std::uint8_t value) {
  return {'\\', 'x', hex_digits[value >> 4U], hex_digits[value & 0xFU]};
}

std::string code_escape(std::uint32_t code) {
  std::string digits;
  for (; code != 0 || digits.size() < 4; code >>= 4U) {
    digits.insert(digits.begin(), hex_digits[code & 0xFU]);
  }
  return "\\u{" + digits + "}";
}

int hex_value(char c) {
  const std::size_t at = hex_digits.find(c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c);
  return at == std::string_view::npos ? -1 : static_cast<int>(at);
}

bool is_plain_in_percent(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("._/@:+,~-").find(c) != std::string_view::npos;
}

std::string plural(std::string_view singular) {
  const auto ends = [singular](std::string_view end) { return singular.ends_with(end); };
  std::string word(singular);
  if (ends("y") && !ends("ay") && !ends("ey") && !ends("oy")) {
    word.back() = 'i';
    return word + "es";
  }
  return word + (ends("s") || ends("x") || ends("ch") || ends("sh") ? "es" : "s");
}

}  // namespace

std::string printable(std::string_view untrusted, std::size_t limit) {
  std::string safe;
  safe.reserve(std::min(untrusted.size(), limit + 3));
  while (!untrusted.empty()) {
    // Nearly all text is plain ASCII: as much of it as there is, at once.
    std::size_t plain = 0;
    while (plain < untrusted.size() && untrusted[plain] >= ' ' && untrusted[plain] <= '~') {
      ++plain;
    }
    if (plain > limit - safe.size()) {
      return safe.append(untrusted.substr(0, limit - safe.size())) + "...";
    }
    safe.append(untrusted.substr(0, plain));
    untrusted.remove_prefix(plain);
    if (untrusted.empty()) {
      break;
    }
    const Character character = first_character(untrusted);
    const std::size_t length = std::max<std::size_t>(character.length, 1);
    std::string piece(untrusted.substr(0, length));
    if (character.length == 0 || is_control(character.code)) {
      piece = hex_escape(byte(untrusted[0]));
    } else if (is_deceptive(character.code)) {
      piece = code_escape(character.code);
    }
    if (safe.size() + piece.size() > limit) {
      return safe + "...";
    }
    safe += piece;
    untrusted.remove_prefix(length);
  }
  return safe;
}

std::string quoted(std::string_view untrusted, std::size_t limit) {
  return '"' + printable(untrusted, limit) + '"';
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (std::size_t at = text.find(separator); at != std::string_view::npos;
       at = text.find(separator)) {
    parts.push_back(text.substr(0, at));
    text.remove_prefix(at + 1);
  }
  parts.push_back(text);
  return parts;
}

std::string_view trim(std::string_view text) {
  constexpr std::string_view space = " \t\r\n\v\f";
  const std::size_t first = text.find_first_not_of(space);
  if (first == std::string_view::npos) {
    return {};
  }
  return text.substr(first, text.find_last_not_of(space) - first + 1);
}

std::string replace_all(std::string text, std::string_view from, std::string_view to) {
  if (from.empty() || text.find(from) == std::string::npos) {
    return text;
  }
  std::string result;
  std::string_view rest = text;
  for (std::size_t at = rest.find(from); at != std::string_view::npos; at = rest.find(from)) {
    result += rest.substr(0, at);
    result += to;
    rest.remove_prefix(at + from.size());
  }
  return result += rest;
}

std::string to_lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') {
      c = static_cast<char>(c + ('a' - 'A'));
    }
  }
  return lower;
}

std::string join(std::span<const std::string> words, std::string_view separator) {
  std::string joined;
  for (const std::string& word : words) {
    if (&word != words.data()) {
      joined += separator;
    }
    joined += word;
  }
  return joined;
}

std::string percent_encode(std::string_view text) {
  std::string encoded;
  for (const char c : text) {
    if (is_plain_in_percent(c)) {
      encoded += c;
    } else {
      encoded += {'%', hex_digits[byte(c) >> 4U], hex_digits[byte(c) & 0xFU]};
    }
  }
  return encoded;
}

std::string percent_decode(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool whole = text[i] == '%' && i + 2 < text.size();
    const int high = whole ? hex_value(text[i + 1]) : -1;
    const int low = whole ? hex_value(text[i + 2]) : -1;
    if (high < 0 || low < 0) {
      decoded += text[i];
      continue;
    }
    decoded += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return decoded;
}

std::string counted(std::size_t n, std::string_view singular) {
  std::string digits = std::to_string(n);
  for (std::size_t at = digits.size(); at > 3;) {
    at -= 3;
    digits.insert(at, 1, ',');
  }
  return digits + ' ' + (n == 1 ? std::string(singular) : plural(singular));
}

}  // namespace sluice::text
