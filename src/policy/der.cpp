// SPDX-License-Identifier: Apache-2.0
#include "policy/der.hpp"

#include "policy/go_time.hpp"

#include <algorithm>
#include <gmp.h>
#include <nettle/asn1.h>

namespace sluice::policy {

std::optional<DerElement> DerReader::next() {
  const auto* begin = reinterpret_cast<const std::uint8_t*>(rest_.data());
  asn1_der_iterator element;
  const auto found = asn1_der_iterator_first(&element, rest_.size(), begin);
  if (found != ASN1_ITERATOR_PRIMITIVE && found != ASN1_ITERATOR_CONSTRUCTED) {
    return std::nullopt;
  }
  const auto header = static_cast<std::size_t>(element.data - begin);
  const DerElement made{*begin, rest_.substr(header, element.length),
                        rest_.substr(0, header + element.length)};
  rest_.remove_prefix(header + element.length);
  return made;
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
  mpz_t number;
  mpz_init(number);
  mpz_import(number, content.size(), 1, 1, 1, 0, content.data());
  std::string digits(mpz_sizeinbase(number, 10) + 2, '\0');
  mpz_get_str(digits.data(), 10, number);
  mpz_clear(number);
  digits.resize(digits.find('\0'));
  return digits;
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
