// SPDX-License-Identifier: Apache-2.0
#include "policy/case.hpp"

#include <array>

namespace sluice::policy {

namespace {

/// Capital letters whose small ones stand at a fixed distance.
struct Range {
  char32_t first, last, distance;
};
constexpr std::array<Range, 8> ranges = {{{U'A', U'Z', 32},
                                          {0xC0, 0xD6, 32},
                                          {0xD8, 0xDE, 32},
                                          {0x391, 0x3A1, 32},
                                          {0x3A3, 0x3AB, 32},
                                          {0x410, 0x42F, 32},
                                          {0x400, 0x40F, 80},
                                          {0x386, 0x386, 38}}};

/// Without a case, whatever else they are: signs, scripts of Asia, emoji.
bool has_no_case(char32_t c) {
  return c < 0xC0 || c == 0xD7 || c == 0xDF || c == 0xF7 || (c >= 0x2000 && c < 0x2100) ||
         (c >= 0x2190 && c < 0x2460) || (c >= 0x2500 && c < 0x2C00) ||
         (c >= 0x2E80 && c < 0xA640) || (c >= 0xAC00 && c < 0xFB00) || c >= 0x1F000;
}

std::optional<char32_t> changed(char32_t c, Case to) {
  for (const auto& range : ranges) {
    const bool small = c >= range.first + range.distance && c <= range.last + range.distance;
    if (c >= range.first && c <= range.last) {
      return to == Case::lower ? c + range.distance : c;
    }
    if (small && c != 0x3C2) {
      return to == Case::upper ? c - range.distance : c;
    }
  }
  return has_no_case(c) && c != 0xB5 ? std::optional(c) : std::nullopt;
}

void append(std::string& out, char32_t c) {
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else {  // all letters that change have two bytes
    out += static_cast<char>(0xC0U | (c >> 6U));
    out += static_cast<char>(0x80U | (c & 0x3FU));
  }
}

}  // namespace

std::size_t next_character(std::string_view text, std::size_t at) {
  do {
    ++at;
  } while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U);
  return at;
}

std::optional<std::string> change_case(std::string_view text, Case to) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = next_character(text, at);
    const auto first = static_cast<unsigned char>(text[at]);
    constexpr std::array<unsigned char, 5> masks = {0, 0x7F, 0x1F, 0x0F, 0x07};
    const std::size_t size = end - at;
    char32_t c = size < masks.size() ? first & masks[size] : 0U;
    for (std::size_t i = at + 1; i < end; ++i) {
      c = (c << 6U) | (static_cast<unsigned char>(text[i]) & 0x3FU);
    }
    const auto other = changed(c, to);
    if (!other) {
      return std::nullopt;
    }
    if (*other == c) {
      out += text.substr(at, size);
    } else {
      append(out, *other);
    }
    at = end;
  }
  return out;
}

}  // namespace sluice::policy
