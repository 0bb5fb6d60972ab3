// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>

/// The statistics that decide whether a difference is more than noise. Pure functions of doubles;
/// they agree with SciPy to 1e-9 (tests/model/statistics_oracle_test.cpp).
namespace sluice::model {

struct Interval {
  double low = 0;
  double high = 0;
};

/// The z with Phi(z) = p, for 0 < p < 1 (P. J. Acklam's rational approximation and one step of
/// Halley's method on erfc, which makes it exact to some 1e-15).
double normal_quantile(double p);

/// E. B. Wilson's score interval (1927) for `successes` of `n`, two-sided at `level`, without a
/// continuity correction. `successes` need not be whole: a metric is a proportion of its samples.
/// Precondition: n > 0, 0 <= successes <= n, 0 < level < 1.
Interval wilson(double successes, double n, double level);

/// R. G. Newcombe's interval (1998, method 10) for p1 - p2 of two independent samples, made of two
/// Wilson intervals. Weaker than a paired test: it does not know which samples both models share.
Interval two_proportions(double successes1, double n1, double successes2, double n2, double level);

/// Exact McNemar: the two-sided p of `won` against `lost` under a fair coin; 1 when both are 0.
double mcnemar_exact(std::uint64_t won, std::uint64_t lost);

/// SplitMix64 (G. Steele, D. Lea, C. Flood, 2014): 64 bits of state, the same on every machine, and
/// all that resampling needs. Never for secrets.
class SplitMix64 {
 public:
  explicit SplitMix64(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next();
  /// Uniform in [0, bound): the high word of a 32 by 32 bit product, rejecting the uneven rest
  /// (D. Lemire, 2019). Precondition: bound > 0.
  std::uint32_t below(std::uint32_t bound);

 private:
  std::uint64_t state_;
};

struct Bootstrap {
  std::size_t resamples = 10'000;
  std::uint64_t seed = 1;
  double level = 0.95;
};

/// Percentile interval of a statistic over samples drawn with replacement: `statistic` is called
/// with the number of times that each of `n` samples was drawn. Quantiles are interpolated linearly
/// (R's type 7, NumPy's default). Resamples for which the statistic has no value (NaN) are left
/// out. Precondition: n > 0, resamples > 0.
Interval bootstrap(std::uint32_t n,
                   const Bootstrap& settings,
                   const std::function<double(const std::uint32_t* counts)>& statistic);

/// `value` >= `bound`, where a difference of at most 1e-12 of the larger of both counts as
/// none: 0.85 is at least 0.80 + 0.05, which doubles deny.
bool at_least(double value, double bound);

}  // namespace sluice::model
