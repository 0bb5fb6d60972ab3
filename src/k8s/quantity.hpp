// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace sluice::k8s {

__extension__ using Int128 = __int128;

/// An amount of a resource as Kubernetes writes it ("250m", "1.5", "2Gi"), held exactly.
///
/// Unit: billionths (nano) of the resource's own unit in 128 bits, which holds every sum a cluster
/// can need. Never a double: cost deltas must add up to the last digit. Source:
/// k8s.io/apimachinery/pkg/api/resource (grammar, rounding, canonical form).
class Quantity {
 public:
  enum class Format : std::uint8_t { decimal_si, binary_si, decimal_exponent };

  constexpr Quantity() = default;
  constexpr explicit Quantity(Int128 nano, Format format = Format::decimal_si)
      : nano_(nano), format_(format) {}

  [[nodiscard]] constexpr Int128 nano() const { return nano_; }
  [[nodiscard]] constexpr Format format() const { return format_; }
  [[nodiscard]] Int128 milli() const;  ///< rounded up (away from zero), as MilliValue()
  [[nodiscard]] Int128 value() const;  ///< rounded up (away from zero), as Value()
  [[nodiscard]] Quantity rounded_up_to_milli()
      const;  ///< as the API server stores every ResourceList

  /// The canonical text: the largest suffix without a fraction, in this quantity's own format.
  [[nodiscard]] std::string text() const;

  friend Quantity operator+(Quantity a, Quantity b) {
    return Quantity(a.nano_ + b.nano_, a.nano_ == 0 ? b.format_ : a.format_);
  }
  friend Quantity operator-(Quantity a, Quantity b) {
    return Quantity(a.nano_ - b.nano_, a.nano_ == 0 ? b.format_ : a.format_);
  }
  friend Quantity operator*(Quantity a, std::int64_t n) { return Quantity(a.nano_ * n, a.format_); }
  friend bool operator==(Quantity a, Quantity b) { return a.nano_ == b.nano_; }
  friend std::strong_ordering operator<=>(Quantity a, Quantity b) { return a.nano_ <=> b.nano_; }

 private:
  Int128 nano_ = 0;
  Format format_ = Format::decimal_si;
};

/// Reads one quantity by the API server's grammar: sign, digits with an optional point, and a
/// suffix n u m k M G T P E, Ki Mi Gi Ti Pi Ei, or e/E with an exponent. Below a nano it rounds up,
/// away from zero; binary amounts above 2^63-1 stop there.
///
/// Errors (Kind::parse): anything else, with the text; (Kind::limit): an amount that 128 bits of
/// nano do not hold.
Result<Quantity> parse_quantity(std::string_view text);

}  // namespace sluice::k8s
