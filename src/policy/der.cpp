// SPDX-License-Identifier: Apache-2.0
#include "policy/der.hpp"

#include "policy/go_time.hpp"

#include <algorithm>

namespace sluice::policy {

std::optional<DerElement> DerReader::next() {
  if (rest_.size() < 2) {
    return std::nullopt;
  }
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(rest_[i]); };
  std::size_t header = 2;
  std::size_t length = byte(1);
  if ((byte(0) & 0x1FU) == 0x1F || length == 0x80) {
    return std::nullopt;  // tags of several bytes, lengths that are not known beforehand
  }
  if (length > 0x80) {
    const std::size_t bytes = length - 0x80;
    length = 0;
    header += bytes;
    if (bytes > 4 || rest_.size() < header) {
      return std::nullopt;
    }
    for (std::size_t i = 2; i < header; ++i) {
      length = (length << 8U) | byte(i);
    }
  }
  if (rest_.size() - header < length) {
    return std::nullopt;
  }
  const DerElement element{byte(0), rest_.substr(header, length), rest_.substr(0, header + length)};
  rest_.remove_prefix(header + length);
  return element;
}

std::optional<DerElement> DerReader::next(std::uint8_t tag) {
  return peek() == tag ? next() : std::nullopt;
}

std::vector<std::uint32_t> oid_arcs(std::string_view content) {
  std::vector<std::uint32_t> arcs;
  std::uint64_t arc = 0;
  for (const char c : content) {
    const auto byte = static_cast<std::uint8_t>(c);
    arc = (arc << 7U) | (byte & 0x7FU);
    if (arc > 0x7FFFFFFFU) {
      return {};
    }
    if ((byte & 0x80U) != 0) {
      continue;
    }
    if (arcs.empty()) {
      const std::uint64_t first = std::min<std::uint64_t>(arc / 40, 2);
      arcs = {static_cast<std::uint32_t>(first), static_cast<std::uint32_t>(arc - first * 40)};
    } else {
      arcs.push_back(static_cast<std::uint32_t>(arc));
    }
    arc = 0;
  }
  return arcs;
}

std::string oid_text(std::string_view content) {
  std::string text;
  for (const auto arc : oid_arcs(content)) {
    text += (text.empty() ? "" : ".") + std::to_string(arc);
  }
  return text;
}

std::optional<std::string> decimal(std::string_view content) {
  constexpr std::size_t most_bytes = 1024;
  if (content.empty() || content.size() > most_bytes || (content[0] & 0x80) != 0) {
    return std::nullopt;
  }
  std::string digits = "0";  // the lowest first
  for (const char c : content) {
    unsigned carry = static_cast<unsigned char>(c);
    for (char& digit : digits) {
      const unsigned value = static_cast<unsigned>(digit - '0') * 256 + carry;
      digit = static_cast<char>('0' + value % 10);
      carry = value / 10;
    }
    for (; carry > 0; carry /= 10) {
      digits += static_cast<char>('0' + carry % 10);
    }
  }
  return std::string(digits.rbegin(), digits.rend());
}

std::optional<std::string> der_time_text(const DerElement& element) {
  const auto time = element.tag == der_utc_time
                        ? parse_time("060102150405Z0700", element.content)
                        : parse_time("20060102150405Z0700", element.content);
  if (!time) {
    return std::nullopt;
  }
  GoTime adjusted = *time;
  if (element.tag == der_utc_time && date_of(*time).year >= 2050) {
    return std::nullopt;
  }
  adjusted.offset = 0;
  return format_rfc3339(adjusted);
}

}  // namespace sluice::policy
