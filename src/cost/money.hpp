// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "k8s/quantity.hpp"

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sluice::cost {

/// Money in one currency, exactly: trillionths (10^-12) of its unit in 128 bits. Never a double.
/// Most amounts are per hour, as prices are; a month is as many hours as the price list says.
class Money {
 public:
  constexpr Money() = default;
  constexpr explicit Money(k8s::Int128 pico) : pico_(pico) {}

  [[nodiscard]] constexpr k8s::Int128 pico() const { return pico_; }

  /// Sums and products stop at the largest amount instead of overflowing.
  friend Money operator+(Money a, Money b);
  friend Money operator-(Money a, Money b);
  friend Money operator*(Money a, std::int64_t count);
  friend auto operator<=>(const Money&, const Money&) = default;

 private:
  k8s::Int128 pico_ = 0;
};

/// Whether a sum or product has stopped at the largest amount.
bool is_saturated(Money money);

/// A decimal number of at most 12 digits behind the point: "0.031611", "12", "1e-5" (as JSON may
/// write it). Nothing when it is none, is negative beyond a sign, or has more digits than fit.
std::optional<Money> parse_money(std::string_view text);

/// All digits, without trailing zeros: "0.031611". For data.
std::string exact_text(Money money);
/// Two decimals, rounded half away from zero, with thousands apart: "1,204.50"; for people.
std::string people_text(Money money);
/// "+12.30", "-0.40", "0.00".
std::string signed_text(Money money);

}  // namespace sluice::cost
