// SPDX-License-Identifier: Apache-2.0
#include "cost/money.hpp"

#include "cost/amounts.hpp"

#include <algorithm>
#include <charconv>

namespace sluice::cost {
namespace {

using k8s::Int128;
using k8s::Quantity;

constexpr Int128 pico_per_unit = 1'000'000'000'000;
constexpr int digits_behind = 12;

/// The same stop-at-the-largest arithmetic as amounts have; their unit does not matter to it.
Money as_money(Quantity quantity) {
  return Money(quantity.nano());
}

std::string digits(Int128 number) {
  std::string out;
  do {
    out.push_back(static_cast<char>('0' + static_cast<int>(number % 10)));
    number /= 10;
  } while (number != 0);
  std::ranges::reverse(out);
  return out;
}

struct Decimal {
  std::string digits;      ///< without a point
  std::int64_t scale = 0;  ///< how many of them stand behind it
};

std::optional<Decimal> read_decimal(std::string_view text) {
  Decimal out;
  if (text.starts_with('+')) {
    text.remove_prefix(1);
  }
  bool point = false;
  std::size_t i = 0;
  for (; i < text.size(); ++i) {
    if (text[i] == '.' && !point) {
      point = true;
    } else if (text[i] >= '0' && text[i] <= '9') {
      out.digits.push_back(text[i]);
      out.scale += point ? 1 : 0;
    } else {
      break;
    }
  }
  if (out.digits.empty()) {
    return std::nullopt;
  }
  text.remove_prefix(i);
  if (text.empty()) {
    return out;
  }
  std::int32_t exponent = 0;
  const bool has_exponent = text.front() == 'e' || text.front() == 'E';
  text.remove_prefix(1);
  text.remove_prefix(text.starts_with('+') ? 1 : 0);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), exponent);
  if (!has_exponent || error != std::errc{} || end != text.data() + text.size()) {
    return std::nullopt;
  }
  out.scale -= exponent;
  return out;
}

}  // namespace

Money operator+(Money a, Money b) {
  return as_money(plus(Quantity(a.pico()), Quantity(b.pico())));
}

Money operator-(Money a, Money b) {
  return as_money(minus(Quantity(a.pico()), Quantity(b.pico())));
}

Money operator*(Money a, std::int64_t count) {
  return as_money(times(Quantity(a.pico()), count));
}

bool is_saturated(Money money) {
  constexpr Int128 largest = ~(Int128{1} << 127);
  return money.pico() == largest || money.pico() == -largest;
}

std::optional<Money> parse_money(std::string_view text) {
  const bool negative = text.starts_with('-');
  auto decimal = read_decimal(negative ? text.substr(1) : text);
  if (!decimal) {
    return std::nullopt;
  }
  auto& [digits, scale] = *decimal;
  while (scale > 0 && digits.size() > 1 && digits.back() == '0') {
    digits.pop_back();
    --scale;
  }
  if (digits.find_first_not_of('0') == std::string::npos) {
    return Money();
  }
  const std::int64_t shift = digits_behind - scale;
  constexpr std::int64_t most_digits = 36;  // a quarter of 128 bits is left for the first sums
  if (shift < 0 || shift > most_digits ||
      static_cast<std::int64_t>(digits.size()) + shift > most_digits) {
    return std::nullopt;
  }
  Int128 pico = 0;
  for (const char digit : digits) {
    pico = pico * 10 + (digit - '0');
  }
  for (std::int64_t i = 0; i < shift; ++i) {
    pico *= 10;
  }
  return Money(negative ? -pico : pico);
}

std::string exact_text(Money money) {
  const bool negative = money.pico() < 0;
  const Int128 pico = negative ? -money.pico() : money.pico();
  std::string out = (negative ? "-" : "") + digits(pico / pico_per_unit);
  std::string fraction = digits(pico % pico_per_unit);
  fraction.insert(0, digits_behind - fraction.size(), '0');
  fraction.erase(fraction.find_last_not_of('0') + 1);
  return fraction.empty() ? out : out + "." + fraction;
}

std::string people_text(Money money) {
  constexpr Int128 cent = pico_per_unit / 100;
  const bool negative = money.pico() < 0;
  const Int128 pico = negative ? -money.pico() : money.pico();
  const Int128 cents = pico / cent + (pico % cent >= cent / 2 ? 1 : 0);
  std::string whole = digits(cents / 100);
  for (auto at = static_cast<std::ptrdiff_t>(whole.size()) - 3; at > 0; at -= 3) {
    whole.insert(static_cast<std::size_t>(at), ",");
  }
  const std::string fraction = digits(100 + cents % 100).substr(1);
  return (negative && cents != 0 ? "-" : "") + whole + "." + fraction;
}

std::string signed_text(Money money) {
  const auto text = people_text(money);
  return money.pico() > 0 && text != "0.00" ? "+" + text : text;
}

}  // namespace sluice::cost
