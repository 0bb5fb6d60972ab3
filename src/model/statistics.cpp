// SPDX-License-Identifier: Apache-2.0
#include "model/statistics.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>
#include <vector>

namespace sluice::model {
namespace {

template <std::size_t N>
double polynomial(const std::array<double, N>& coefficients, double x) {
  double sum = 0;
  for (const double coefficient : coefficients) {
    sum = sum * x + coefficient;
  }
  return sum;
}

constexpr std::array central_top = {-3.969683028665376e+01, 2.209460984245205e+02,
                                    -2.759285104469687e+02, 1.383577518672690e+02,
                                    -3.066479806614716e+01, 2.506628277459239e+00};
constexpr std::array central_bottom = {-5.447609879822406e+01, 1.615858368580409e+02,
                                       -1.556989798598866e+02, 6.680131188771972e+01,
                                       -1.328068155288572e+01, 1.0};
constexpr std::array tail_top = {-7.784894002430293e-03, -3.223964580411365e-01,
                                 -2.400758277161838e+00, -2.549732539343734e+00,
                                 4.374664141464968e+00,  2.938163982698783e+00};
constexpr std::array tail_bottom = {7.784695709041462e-03, 3.224671290700398e-01,
                                    2.445134137142996e+00, 3.754408661907416e+00, 1.0};

/// To about 1e-9, for p <= 0.5.
double rough_quantile(double p) {
  constexpr double tail = 0.02425;
  if (p < tail) {
    const double q = std::sqrt(-2 * std::log(p));
    return polynomial(tail_top, q) / polynomial(tail_bottom, q);
  }
  const double q = p - 0.5;
  return polynomial(central_top, q * q) * q / polynomial(central_bottom, q * q);
}

/// log(n!) - log(sqrt(2 pi n) (n/e)^n), Stirling's error (C. Loader, 2000): without the
/// cancellation that lgamma would bring for large n.
double stirling_error(double n) {
  if (n < 16) {
    return std::lgamma(n + 1) - (0.5 * std::log(2 * std::numbers::pi * n) + n * std::log(n) - n);
  }
  const double n2 = n * n;
  return (1.0 / 12 - (1.0 / 360 - (1.0 / 1260 - (1.0 / 1680) / n2) / n2) / n2) / n;
}

/// x log(x/m) + m - x, the deviance part of Loader's formula.
double deviance(double x, double m) {
  if (std::abs(x - m) < 0.1 * (x + m)) {
    const double v = (x - m) / (x + m);
    double sum = (x - m) * v;
    double term = 2 * x * v;
    for (int j = 1; j < 1000; ++j) {
      term *= v * v;
      const double next = sum + term / (2 * j + 1);
      if (next == sum) {
        break;
      }
      sum = next;
    }
    return sum;
  }
  return x * std::log(x / m) + m - x;
}

/// P(X = k) for X of Binomial(n, 1/2).
double coin_mass(double k, double n) {
  if (k == 0) {
    return std::exp2(-n);
  }
  const double rest = n - k;
  const double log_mass = stirling_error(n) - stirling_error(k) - stirling_error(rest) -
                          deviance(k, n / 2) - deviance(rest, n / 2);
  return std::exp(log_mass) * std::sqrt(n / (2 * std::numbers::pi * k * rest));
}

}  // namespace

double normal_quantile(double p) {
  if (p > 0.5) {
    return -normal_quantile(1 - p);
  }
  const double x = rough_quantile(p);
  const double error = 0.5 * std::erfc(-x / std::numbers::sqrt2) - p;
  const double u = error * std::sqrt(2 * std::numbers::pi) * std::exp(x * x / 2);
  return x - u / (1 + x * u / 2);
}

Interval wilson(double successes, double n, double level) {
  const double z = normal_quantile(0.5 + level / 2);
  const double p = successes / n;
  const double scale = 1 + z * z / n;
  const double centre = (p + z * z / (2 * n)) / scale;
  const double half = z / scale * std::sqrt(p * (1 - p) / n + z * z / (4 * n * n));
  return {.low = successes <= 0 ? 0 : std::max(0.0, centre - half),
          .high = successes >= n ? 1 : std::min(1.0, centre + half)};
}

Interval two_proportions(double successes1, double n1, double successes2, double n2, double level) {
  const Interval first = wilson(successes1, n1, level);
  const Interval second = wilson(successes2, n2, level);
  const double p1 = successes1 / n1;
  const double p2 = successes2 / n2;
  return {.low = p1 - p2 - std::hypot(p1 - first.low, second.high - p2),
          .high = p1 - p2 + std::hypot(first.high - p1, p2 - second.low)};
}

double mcnemar_exact(std::uint64_t won, std::uint64_t lost) {
  if (won == lost) {
    return 1;
  }
  const auto n = static_cast<double>(won + lost);
  const auto fewer = static_cast<double>(std::min(won, lost));
  double mass = coin_mass(fewer, n);
  double sum = mass;
  // Downwards each term is smaller by k / (n - k + 1) < 1, so the sum ends as soon as one is lost.
  for (double k = fewer; k > 0; --k) {
    mass *= k / (n - k + 1);
    const double next = sum + mass;
    if (next == sum) {
      break;
    }
    sum = next;
  }
  return std::min(1.0, 2 * sum);
}

std::uint64_t SplitMix64::next() {
  state_ += 0x9E3779B97F4A7C15U;
  std::uint64_t z = state_;
  z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
  z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
  return z ^ (z >> 31U);
}

std::uint32_t SplitMix64::below(std::uint32_t bound) {
  const std::uint32_t uneven = (0U - bound) % bound;
  for (;;) {
    const std::uint64_t product = (next() >> 32U) * bound;
    if (static_cast<std::uint32_t>(product) >= uneven) {
      return static_cast<std::uint32_t>(product >> 32U);
    }
  }
}

namespace {

double quantile(const std::vector<double>& sorted, double p) {
  const double place = p * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const auto above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (place - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

}  // namespace

Interval bootstrap(std::uint32_t n,
                   const Bootstrap& settings,
                   const std::function<double(const std::uint32_t* counts)>& statistic) {
  SplitMix64 random(settings.seed);
  std::vector<double> values;
  values.reserve(settings.resamples);
  std::vector<std::uint32_t> counts(n);
  for (std::size_t i = 0; i < settings.resamples; ++i) {
    std::ranges::fill(counts, 0);
    for (std::uint32_t drawn = 0; drawn < n; ++drawn) {
      ++counts[random.below(n)];
    }
    if (const double value = statistic(counts.data()); !std::isnan(value)) {
      values.push_back(value);
    }
  }
  if (values.empty()) {
    return {.low = -std::numeric_limits<double>::infinity(),
            .high = std::numeric_limits<double>::infinity()};
  }
  std::ranges::sort(values);
  const double outside = (1 - settings.level) / 2;
  return {.low = quantile(values, outside), .high = quantile(values, 1 - outside)};
}

bool at_least(double value, double bound) {
  const double scale = std::max(std::abs(value), std::abs(bound));
  return value >= bound - 1e-12 * scale;
}

}  // namespace sluice::model
