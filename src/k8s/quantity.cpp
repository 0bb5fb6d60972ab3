// SPDX-License-Identifier: Apache-2.0
#include "k8s/quantity.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <optional>

namespace sluice::k8s {
namespace {

constexpr Int128 nano_per_unit = 1'000'000'000;
constexpr Int128 nano_per_milli = 1'000'000;
/// Binary amounts stop here (2^63-1 units), as in apimachinery.
constexpr Int128 binary_maximum = Int128{std::numeric_limits<std::int64_t>::max()} * nano_per_unit;
/// Exponents are counted in 32 bits by apimachinery; what is beyond is an amount that no cluster
/// has.
constexpr std::int64_t largest_exponent = std::numeric_limits<std::int32_t>::max();

struct Suffix {
  std::string_view text;
  Quantity::Format format;
  int power;  ///< of ten, or of two when binary
};

using enum Quantity::Format;
/// Largest first in each half, so that text() takes the first one that leaves no fraction.
constexpr std::array<Suffix, 10> decimal_suffixes{{{"E", decimal_si, 18},
                                                   {"P", decimal_si, 15},
                                                   {"T", decimal_si, 12},
                                                   {"G", decimal_si, 9},
                                                   {"M", decimal_si, 6},
                                                   {"k", decimal_si, 3},
                                                   {"", decimal_si, 0},
                                                   {"m", decimal_si, -3},
                                                   {"u", decimal_si, -6},
                                                   {"n", decimal_si, -9}}};
constexpr std::array<Suffix, 6> binary_suffixes{{{"Ei", binary_si, 60},
                                                 {"Pi", binary_si, 50},
                                                 {"Ti", binary_si, 40},
                                                 {"Gi", binary_si, 30},
                                                 {"Mi", binary_si, 20},
                                                 {"Ki", binary_si, 10}}};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// The text cut into its parts; not yet known to be sensible.
struct Parts {
  bool negative = false;
  std::string_view whole;     ///< digits before the point
  std::string_view fraction;  ///< digits behind it
  std::string_view suffix;
};

std::string_view take_digits(std::string_view& rest) {
  const auto count =
      static_cast<std::size_t>(std::find_if_not(rest.begin(), rest.end(), is_digit) - rest.begin());
  const auto digits = rest.substr(0, count);
  rest.remove_prefix(count);
  return digits;
}

Parts cut(std::string_view text) {
  Parts parts;
  if (text.front() == '-' || text.front() == '+') {
    parts.negative = text.front() == '-';
    text.remove_prefix(1);
  }
  parts.whole = take_digits(text);
  if (!text.empty() && text.front() == '.') {
    text.remove_prefix(1);
    parts.fraction = take_digits(text);
  }
  parts.suffix = text;
  return parts;
}

/// "e3", "E-3", "e+3". A lone "E" is the suffix for 10^18 and never comes here.
std::optional<std::int64_t> exponent_of(std::string_view suffix) {
  if (suffix.size() < 2 || (suffix.front() != 'e' && suffix.front() != 'E')) {
    return std::nullopt;
  }
  suffix.remove_prefix(1);
  if (suffix.front() == '+') {
    suffix.remove_prefix(1);
    if (suffix.empty() || !is_digit(suffix.front())) {
      return std::nullopt;
    }
  }
  std::int64_t exponent = 0;
  const auto [end, error] = std::from_chars(suffix.data(), suffix.data() + suffix.size(), exponent);
  if (error != std::errc{} || end != suffix.data() + suffix.size()) {
    return std::nullopt;
  }
  return exponent;
}

struct Scale {
  Quantity::Format format = decimal_si;
  std::int64_t power = 0;
};

std::optional<Scale> scale_of(std::string_view suffix) {
  for (const auto& known : decimal_suffixes) {
    if (known.text == suffix) {
      return Scale{known.format, known.power};
    }
  }
  for (const auto& known : binary_suffixes) {
    if (known.text == suffix) {
      return Scale{known.format, known.power};
    }
  }
  if (const auto exponent = exponent_of(suffix)) {
    return Scale{decimal_exponent, *exponent};
  }
  return std::nullopt;
}

/// Multiplies decimal digits (most significant first) by 2^power, power at most 60: `digit * 2^60 +
/// carry` stays below 2^64.
std::string times_power_of_two(std::string digits, std::int64_t power) {
  const std::uint64_t factor = std::uint64_t{1} << static_cast<unsigned>(power);
  std::uint64_t carry = 0;
  for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit) {
    const std::uint64_t product = static_cast<std::uint64_t>(*digit - '0') * factor + carry;
    *digit = static_cast<char>('0' + product % 10);
    carry = product / 10;
  }
  return carry == 0 ? digits : std::to_string(carry) + digits;
}

/// digits * 10^shift, rounded up; nothing when 127 bits do not hold it. Linear in the digits,
/// however large the shift.
std::optional<Int128> scaled(std::string_view digits, std::int64_t shift) {
  digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size()));
  if (digits.empty()) {
    return Int128{0};
  }
  const auto size = static_cast<std::int64_t>(digits.size());
  if (size + shift > 39) {
    return std::nullopt;
  }
  const std::int64_t kept = std::max<std::int64_t>(0, std::min(size, size + shift));
  Int128 amount = 0;
  for (std::int64_t i = 0; i < size + std::max<std::int64_t>(shift, 0); ++i) {
    if (i >= kept && shift < 0) {
      break;
    }
    const int digit = i < size ? digits[static_cast<std::size_t>(i)] - '0' : 0;
    if (__builtin_mul_overflow(amount, Int128{10}, &amount) ||
        __builtin_add_overflow(amount, Int128{digit}, &amount)) {
      return std::nullopt;
    }
  }
  const auto dropped = digits.substr(static_cast<std::size_t>(kept));
  return amount + (dropped.find_first_not_of('0') == std::string_view::npos ? 0 : 1);
}

/// Away from zero, so that a request is never read as less than was asked.
Int128 divide_rounding_up(Int128 amount, Int128 unit) {
  const Int128 whole = amount / unit;
  const Int128 rest = amount % unit;
  return whole + (rest > 0 ? 1 : 0) - (rest < 0 ? 1 : 0);
}

/// Up to nine digits without a fraction or an exponent, which is nearly every quantity: no product
/// of theirs overflows, and nothing is rounded.
std::optional<Quantity> whole_number(const Parts& parts, const Scale& scale) {
  if (parts.whole.size() > 9 || !parts.fraction.empty() || scale.format == decimal_exponent) {
    return std::nullopt;
  }
  Int128 nano = 0;
  for (const char digit : parts.whole) {
    nano = nano * 10 + (digit - '0');
  }
  if (scale.format == binary_si) {
    nano = std::min((nano << scale.power) * nano_per_unit, binary_maximum);
  } else {
    for (auto power = scale.power; power > -9; --power) {
      nano *= 10;
    }
  }
  return Quantity(parts.negative ? -nano : nano, scale.format);
}

/// Apimachinery reads a lone sign, point or suffix as zero, except on its slow path; so do we.
bool zero_without_digits(const Scale& scale) {
  return scale.format == binary_si ? scale.power < 50 : scale.power >= -9;
}

std::string digits_of(Int128 amount) {
  std::string out;
  const bool negative = amount < 0;
  do {  // takes digits without negating: the least Int128 has no counterpart
    const auto digit = static_cast<int>(amount % 10);
    out.push_back(static_cast<char>('0' + (digit < 0 ? -digit : digit)));
    amount /= 10;
  } while (amount != 0);
  if (negative) {
    out.push_back('-');
  }
  return {out.rbegin(), out.rend()};
}

std::string decimal_text(Int128 nano) {
  for (const auto& suffix : decimal_suffixes) {
    Int128 unit = 1;
    for (int power = -9; power < suffix.power; ++power) {
      unit *= 10;
    }
    if (nano % unit == 0) {
      return digits_of(nano / unit).append(suffix.text);
    }
  }
  return digits_of(nano) + "n";
}

std::string exponent_text(Int128 nano) {
  int exponent = -9;
  while (nano % 1000 == 0) {
    nano /= 1000;
    exponent += 3;
  }
  return digits_of(nano) + (exponent == 0 ? "" : "e" + std::to_string(exponent));
}

std::string binary_text(Int128 units) {
  for (const auto& suffix : binary_suffixes) {
    const Int128 unit = Int128{1} << suffix.power;
    if (units % unit == 0) {
      return digits_of(units / unit).append(suffix.text);
    }
  }
  return digits_of(units);
}

}  // namespace

Int128 Quantity::milli() const {
  return divide_rounding_up(nano_, nano_per_milli);
}

Int128 Quantity::value() const {
  return divide_rounding_up(nano_, nano_per_unit);
}

Quantity Quantity::rounded_up_to_milli() const {
  return Quantity(milli() * nano_per_milli, format_);
}

std::string Quantity::text() const {
  if (nano_ == 0) {
    return "0";
  }
  // Small or broken binary amounts are shown decimally, so that showing them never rounds.
  constexpr Int128 smallest_binary = 1024 * nano_per_unit;
  const bool shows_binary =
      nano_ % nano_per_unit == 0 && (nano_ >= smallest_binary || nano_ <= -smallest_binary);
  if (format_ == binary_si && shows_binary) {
    return binary_text(nano_ / nano_per_unit);
  }
  return format_ == decimal_exponent ? exponent_text(nano_) : decimal_text(nano_);
}

Result<Quantity> parse_quantity(std::string_view text) {
  const auto refused = [text](Error::Kind kind, std::string_view why) {
    return Error{kind, "\"" + text::printable(text) + "\" " + std::string(why)};
  };
  if (text.empty()) {
    return refused(Error::Kind::parse, "is no quantity: it is empty");
  }
  const Parts parts = cut(text);
  const auto scale = scale_of(parts.suffix);
  if (!scale) {
    return refused(Error::Kind::parse, "is no quantity such as 250m, 1.5 or 2Gi");
  }
  if (parts.whole.empty() && parts.fraction.empty() && !zero_without_digits(*scale)) {
    return refused(Error::Kind::parse, "is no quantity: it has no digits");
  }
  if (const auto plain = whole_number(parts, *scale)) {
    return *plain;
  }
  std::string digits = std::string(parts.whole).append(parts.fraction);
  if (digits.find_first_not_of('0') == std::string::npos) {
    return Quantity(0, scale->format);
  }
  if (scale->power > largest_exponent || scale->power < -largest_exponent) {
    return refused(Error::Kind::limit, "has an exponent that no cluster can mean");
  }
  const bool binary = scale->format == binary_si;
  if (binary) {
    digits = times_power_of_two(std::move(digits), scale->power);
  }
  const std::int64_t shift =
      9 - static_cast<std::int64_t>(parts.fraction.size()) + (binary ? 0 : scale->power);
  auto nano = scaled(digits, shift);
  if (!nano && !binary) {
    return refused(Error::Kind::limit, "is more than any cluster can hold");
  }
  if (binary) {
    nano = std::min(nano.value_or(binary_maximum), binary_maximum);
  }
  const auto format = binary && *nano < nano_per_unit ? decimal_si : scale->format;
  return Quantity(parts.negative ? -*nano : *nano, format);
}

}  // namespace sluice::k8s
