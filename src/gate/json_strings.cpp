// SPDX-License-Identifier: Apache-2.0
#include "base/json_text.hpp"
#include "gate/json_cursor.hpp"
#include "yaml/scalar.hpp"

#include <algorithm>
#include <charconv>

namespace sluice::gate {

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
      const std::size_t length = yaml::utf8_size(bytes_, at);
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
