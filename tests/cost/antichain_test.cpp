// SPDX-License-Identifier: Apache-2.0
#include "cost/antichain.hpp"

#include <gtest/gtest.h>

#include <random>

namespace sluice::cost {
namespace {

using Before = std::vector<std::vector<std::size_t>>;

/// Whether `a` waits for `b`, directly or through others; `before` only points to smaller numbers.
bool waits(const Before& before, std::size_t a, std::size_t b) {
  for (const auto earlier : before[a]) {
    if (earlier == b || waits(before, earlier, b)) {
      return true;
    }
  }
  return false;
}

/// Tries every set.
std::int64_t by_trying(const std::vector<k8s::Int128>& weights, const Before& before) {
  std::int64_t best = 0;
  for (std::size_t set = 0; set < (std::size_t{1} << weights.size()); ++set) {
    std::int64_t sum = 0;
    bool together = true;
    for (std::size_t i = 0; i < weights.size() && together; ++i) {
      if ((set >> i & 1U) == 0) {
        continue;
      }
      sum += static_cast<std::int64_t>(weights[i]);
      for (std::size_t j = 0; j < i && together; ++j) {
        together = (set >> j & 1U) == 0 || !waits(before, i, j);
      }
    }
    best = together ? std::max(best, sum) : best;
  }
  return best;
}

TEST(Antichain, AgreesWithTryingEverySet) {
  std::mt19937 random(20261121);
  for (int round = 0; round < 300; ++round) {
    const std::size_t count = 1 + random() % 9;
    std::vector<k8s::Int128> weights;
    Before before(count);
    for (std::size_t i = 0; i < count; ++i) {
      weights.emplace_back(random() % 10);
      for (std::size_t j = 0; j < i; ++j) {
        if (random() % 4 == 0) {
          before[i].push_back(j);
        }
      }
    }
    ASSERT_EQ(static_cast<std::int64_t>(heaviest_antichain(weights, before)),
              by_trying(weights, before));
  }
}

TEST(Antichain, EndsWithCircles) {
  EXPECT_EQ(static_cast<int>(heaviest_antichain({3, 4}, {{1}, {0}})), 7);
  EXPECT_EQ(static_cast<int>(heaviest_antichain({3}, {{0}})), 3);
  EXPECT_EQ(static_cast<int>(heaviest_antichain({}, {})), 0);
}

}  // namespace
}  // namespace sluice::cost
