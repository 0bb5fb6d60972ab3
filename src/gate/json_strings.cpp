// SPDX-License-Identifier: Apache-2.0
#include "base/json_text.hpp"
#include "gate/json_cursor.hpp"

#include <algorithm>
#include <charconv>

namespace sluice::gate {

/// 2 to 4 for a well-formed sequence, else 0 (RFC 3629).
std::size_t JsonCursor::utf8_length(std::size_t at) const {
  const auto byte = [&](std::size_t i) -> unsigned {
    return at + i < bytes_.size() ? static_cast<unsigned char>(bytes_[at + i]) : 0U;
  };
  const auto follows = [&](std::size_t i) { return (byte(i) & 0xC0U) == 0x80U; };
  const unsigned first = byte(0);
  if (first >= 0xC2 && first <= 0xDF) {
    return follows(1) ? 2 : 0;
  }
  if (first >= 0xE0 && first <= 0xEF) {
    const bool good = follows(1) && follows(2) && !(first == 0xE0 && byte(1) < 0xA0) &&
                      !(first == 0xED && byte(1) > 0x9F);
    return good ? 3 : 0;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    const bool good = follows(1) && follows(2) && follows(3) &&
                      !(first == 0xF0 && byte(1) < 0x90) && !(first == 0xF4 && byte(1) > 0x8F);
    return good ? 4 : 0;
  }
  return 0;
}

std::string_view JsonCursor::raw_string(bool& escaped) {
  const std::size_t begin = ++at_;
  const std::size_t size = bytes_.size();
  std::size_t at = begin;
  while (at < size) {
    const auto c = static_cast<unsigned char>(bytes_[at]);
    if (c == '"') {
      at_ = at + 1;
      return bytes_.substr(begin, at - begin);
    }
    if (c == '\\') {
      escaped = true;
      if (at + 1 < size &&
          std::string_view("\"\\/bfnrtu").find(bytes_[at + 1]) == std::string_view::npos) {
        at_ = at;
        syntax("an escape that JSON does not have");
        return {};
      }
      at += 2;
    } else if (c < 0x20) {
      at_ = at;
      syntax("a control character in a string");
      return {};
    } else if (c < 0x80) {
      ++at;
    } else {
      const std::size_t length = utf8_length(at);
      if (length == 0) {
        at_ = at;
        syntax("bytes that are not UTF-8");
        return {};
      }
      at += length;
    }
  }
  at_ = size;
  syntax("");
  return {};
}

bool JsonCursor::hex4(std::string_view raw, std::size_t at, std::uint32_t& out) {
  const auto* const begin = raw.data() + std::min(at, raw.size());
  const auto* const end = raw.data() + std::min(at + 4, raw.size());
  const auto [stop, error] = std::from_chars(begin, end, out, 16);
  return error == std::errc{} && stop == begin + 4;
}

std::string JsonCursor::decode(std::string_view raw) {
  constexpr std::string_view letters = "\"\\/bfnrt";
  constexpr std::string_view meant = "\"\\/\b\f\n\r\t";
  std::string out;
  out.reserve(raw.size());
  for (std::size_t i = 0; i < raw.size(); ++i) {
    if (raw[i] != '\\') {
      out += raw[i];
      continue;
    }
    const char c = raw[++i];
    if (c != 'u') {
      out += meant[letters.find(c)];
      continue;
    }
    std::uint32_t code = 0;
    bool good = hex4(raw, i + 1, code);
    i += 4;
    if (good && code >= 0xD800 && code <= 0xDFFF) {
      std::uint32_t low = 0;
      good = code < 0xDC00 && raw.substr(std::min(i + 1, raw.size()), 2) == "\\u" &&
             hex4(raw, i + 3, low) && low >= 0xDC00 && low <= 0xDFFF;
      code = 0x10000U + ((code - 0xD800U) << 10U) + (low - 0xDC00U);
      i += 6;
    }
    if (!good) {
      syntax("an escape that stands for no character");
      return {};
    }
    text::append_utf8(code, out);
  }
  return out;
}

}  // namespace sluice::gate
