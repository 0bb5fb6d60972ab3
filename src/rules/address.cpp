// SPDX-License-Identifier: Apache-2.0
#include "rules/address.hpp"

#include <algorithm>
#include <charconv>

namespace sluice::rules {
namespace {

using Bytes = std::array<std::uint8_t, 16>;

/// Four decimal numbers; each may begin with zeros, as Go read them before 1.17.
bool read_v4(std::string_view text, std::uint8_t* out) {
  for (int part = 0; part < 4; ++part) {
    if (part != 0) {
      if (!text.starts_with('.')) {
        return false;
      }
      text.remove_prefix(1);
    }
    unsigned value = 0;
    std::size_t digits = 0;
    while (digits < text.size() && text[digits] >= '0' && text[digits] <= '9') {
      value = value * 10 + static_cast<unsigned>(text[digits] - '0');
      if (value > 255) {
        return false;
      }
      ++digits;
    }
    if (digits == 0) {
      return false;
    }
    text.remove_prefix(digits);
    out[part] = static_cast<std::uint8_t>(value);
  }
  return text.empty();
}

bool read_hex(std::string_view& text, unsigned& value) {
  value = 0;
  const auto* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value, 16);
  if (error != std::errc{} || value > 0xFFFF || text.front() == '-') {
    return false;
  }
  text.remove_prefix(static_cast<std::size_t>(stop - text.data()));
  return true;
}

/// Groups of four hexadecimal digits, "::" once, and IPv4 at the end.
bool read_v6(std::string_view text, Bytes& out) {
  Bytes bytes{};
  int gap = -1;
  std::size_t at = 0;
  if (text.starts_with("::")) {
    gap = 0;
    text.remove_prefix(2);
    if (text.empty()) {
      out = bytes;
      return true;
    }
  }
  while (at < 16) {
    unsigned group = 0;
    const std::string_view before = text;
    if (!read_hex(text, group)) {
      return false;
    }
    if (text.starts_with('.')) {
      if ((gap < 0 && at != 12) || at + 4 > 16 || !read_v4(before, bytes.data() + at)) {
        return false;
      }
      at += 4;
      text = {};
      break;
    }
    bytes.at(at) = static_cast<std::uint8_t>(group >> 8U);
    bytes.at(at + 1) = static_cast<std::uint8_t>(group & 0xFFU);
    at += 2;
    if (text.empty()) {
      break;
    }
    if (!text.starts_with(':') || text.size() == 1) {
      return false;
    }
    text.remove_prefix(1);
    if (text.starts_with(':')) {
      if (gap >= 0) {
        return false;
      }
      gap = static_cast<int>(at);
      text.remove_prefix(1);
      if (text.empty()) {
        break;
      }
    }
  }
  if (!text.empty() || (at == 16 && gap >= 0) || (at < 16 && gap < 0)) {
    return false;
  }
  if (at < 16) {
    const auto tail = at - static_cast<std::size_t>(gap);
    std::copy_backward(bytes.begin() + gap, bytes.begin() + static_cast<std::ptrdiff_t>(at),
                       bytes.end());
    std::fill(bytes.begin() + gap, bytes.end() - static_cast<std::ptrdiff_t>(tail),
              std::uint8_t{0});
  }
  out = bytes;
  return true;
}

bool is_mapped(const Bytes& bytes) {
  return std::all_of(bytes.begin(), bytes.begin() + 10, [](auto b) { return b == 0; }) &&
         bytes[10] == 0xFF && bytes[11] == 0xFF;
}

void clear_from(Bytes& bytes, int bit) {
  for (int i = 0; i < 16; ++i) {
    const int kept = std::clamp(bit - i * 8, 0, 8);
    bytes.at(static_cast<std::size_t>(i)) &=
        static_cast<std::uint8_t>(kept == 0 ? 0 : 0xFFU << static_cast<unsigned>(8 - kept));
  }
}

}  // namespace

bool Address::is_unspecified() const {
  return std::all_of(bytes.begin() + (is_v4 ? 12 : 0), bytes.end(), [](auto b) { return b == 0; });
}

bool Address::is_loopback() const {
  return is_v4 ? bytes[12] == 127
               : bytes[15] == 1 &&
                     std::all_of(bytes.begin(), bytes.end() - 1, [](auto b) { return b == 0; });
}

bool Address::is_link_local() const {
  if (is_v4) {
    return (bytes[12] == 169 && bytes[13] == 254) ||
           (bytes[12] == 224 && bytes[13] == 0 && bytes[14] == 0);
  }
  return (bytes[0] == 0xFE && (bytes[1] & 0xC0U) == 0x80U) ||
         (bytes[0] == 0xFF && (bytes[1] & 0x0FU) == 0x02U);
}

std::optional<Address> parse_address(std::string_view text) {
  Address out;
  const auto mark = text.find_first_of(".:");
  if (mark == std::string_view::npos) {
    return std::nullopt;
  }
  if (text[mark] == '.') {
    out.is_v4 = true;
    out.bytes[10] = 0xFF;
    out.bytes[11] = 0xFF;
    return read_v4(text, out.bytes.data() + 12) ? std::optional(out) : std::nullopt;
  }
  if (!read_v6(text, out.bytes)) {
    return std::nullopt;
  }
  out.is_v4 = is_mapped(out.bytes);
  return out;
}

std::optional<Network> parse_network(std::string_view text) {
  const auto slash = text.find('/');
  if (slash == std::string_view::npos) {
    return std::nullopt;
  }
  const std::string_view digits = text.substr(slash + 1);
  const auto address = parse_address(text.substr(0, slash));
  Network out;
  out.wide = text.substr(0, slash).find(':') != std::string_view::npos;
  const int width = out.wide ? 128 : 32;
  const bool decimal =
      !digits.empty() && digits.find_first_not_of("0123456789") == std::string_view::npos;
  const auto* end = digits.data() + digits.size();
  if (!address || !decimal || std::from_chars(digits.data(), end, out.prefix).ec != std::errc{} ||
      out.prefix > width) {
    return std::nullopt;
  }
  out.address = *address;
  clear_from(out.address.bytes, out.wide ? out.prefix : 96 + out.prefix);
  return out;
}

bool Network::strictly_contains(const Network& other) const {
  if (address.is_v4 != other.address.is_v4 || prefix >= other.prefix) {
    return false;
  }
  Bytes masked = other.address.bytes;
  clear_from(masked, wide ? prefix : 96 + prefix);
  return masked == address.bytes;
}

}  // namespace sluice::rules
