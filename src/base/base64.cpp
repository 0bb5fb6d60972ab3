// SPDX-License-Identifier: Apache-2.0
#include "base/base64.hpp"

#include <cstdint>
#include <nettle/base64.h>

namespace sluice {

namespace {

/// The six bits of a letter; nothing for what is none.
std::optional<std::uint32_t> sextet(char letter) {
  constexpr std::string_view letters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const std::size_t value = letters.find(letter);
  return value == std::string_view::npos ? std::nullopt
                                         : std::optional(static_cast<std::uint32_t>(value));
}

}  // namespace

std::string base64_encode(std::string_view bytes) {
  std::string out(BASE64_ENCODE_RAW_LENGTH(bytes.size()), '\0');
  base64_encode_raw(out.data(), bytes.size(), reinterpret_cast<const std::uint8_t*>(bytes.data()));
  return out;
}

// Not nettle's: it demands that the unused bits are zero, and passes over blanks.
std::optional<std::string> base64_decode(std::string_view text) {
  std::string out;
  std::uint32_t bits = 0;
  unsigned held = 0;
  std::size_t padding = 0;
  for (const char letter : text) {
    if (letter == '\n' || letter == '\r') {
      continue;
    }
    if (letter == '=') {
      ++padding;
      continue;
    }
    const auto value = sextet(letter);
    if (!value || padding > 0) {
      return std::nullopt;
    }
    bits = (bits << 6U) | *value;
    held += 6;
    if (held >= 8) {
      held -= 8;
      out += static_cast<char>((bits >> held) & 0xFFU);
    }
  }
  const bool is_whole =
      (held == 0 && padding == 0) || (held == 4 && padding == 2) || (held == 2 && padding == 1);
  return is_whole ? std::optional(std::move(out)) : std::nullopt;
}

}  // namespace sluice
