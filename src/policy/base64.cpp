// SPDX-License-Identifier: Apache-2.0
#include "policy/base64.hpp"

namespace sluice::policy {

namespace {

constexpr std::string_view digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

}  // namespace

std::string base64_encode(std::string_view bytes) {
  std::string encoded;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const auto byte = [&](std::size_t j) {
      return i + j < bytes.size() ? static_cast<unsigned char>(bytes[i + j]) : 0U;
    };
    const unsigned word = (byte(0) << 16U) | (byte(1) << 8U) | byte(2);
    encoded += digits[(word >> 18U) & 63U];
    encoded += digits[(word >> 12U) & 63U];
    encoded += i + 1 < bytes.size() ? digits[(word >> 6U) & 63U] : '=';
    encoded += i + 2 < bytes.size() ? digits[word & 63U] : '=';
  }
  return encoded;
}

std::optional<std::string> base64_decode(std::string_view given) {
  std::string text;
  for (const char c : given) {
    if (c != '\n' && c != '\r') {
      text += c;
    }
  }
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  if (text.size() % 4 != 0) {
    return std::nullopt;
  }
  std::string decoded;
  unsigned word = 0;
  for (std::size_t i = 0; i < text.size() - padding; ++i) {
    const auto digit = digits.find(text[i]);
    if (digit == std::string_view::npos) {
      return std::nullopt;
    }
    word = (word << 6U) | static_cast<unsigned>(digit);
    if (i % 4 != 0) {
      decoded += static_cast<char>((word >> (6U - 2U * (i % 4))) & 255U);
    }
  }
  return decoded;
}

}  // namespace sluice::policy
