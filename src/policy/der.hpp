// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// DER (ITU-T X.690): libhogweed reads it, this gives it the words of certificates.
namespace sluice::policy {

struct DerElement {
  std::uint8_t tag = 0;
  std::string_view content;
  std::string_view whole;  ///< tag and length included
};

/// Reads the elements of a sequence one after the other; never beyond its bytes.
class DerReader {
 public:
  explicit DerReader(std::string_view bytes) : rest_(bytes) {}
  [[nodiscard]] bool done() const { return rest_.empty(); }
  /// The tag of the next element; 0 when there is none.
  [[nodiscard]] std::uint8_t peek() const {
    return rest_.empty() ? std::uint8_t{0} : static_cast<std::uint8_t>(rest_[0]);
  }
  /// Nothing when what is left is no element.
  std::optional<DerElement> next();
  /// The next element if it has this tag; else nothing, and it is still the next.
  std::optional<DerElement> next(std::uint8_t tag);

 private:
  std::string_view rest_;
};

constexpr std::uint8_t der_boolean = 0x01, der_integer = 0x02, der_bits = 0x03, der_octets = 0x04,
                       der_oid = 0x06, der_utc_time = 0x17, der_time = 0x18, der_sequence = 0x30,
                       der_set = 0x31;

/// The arcs of an object identifier; empty when it is none.
std::vector<std::uint32_t> oid_arcs(std::string_view content);
/// "2.5.29.17"
std::string oid_text(std::string_view content);
/// A positive integer of at most 1 KiB in decimal digits; nothing for other ones.
std::optional<std::string> decimal(std::string_view content);
/// UTCTime or GeneralizedTime as RFC 3339 in UTC.
std::optional<std::string> der_time_text(const DerElement& element);

}  // namespace sluice::policy
