// SPDX-License-Identifier: Apache-2.0
#include "model/statistics.hpp"

#include "model/statistics_rows.hpp"
#include "support/program.hpp"

#include <gtest/gtest.h>

namespace sluice::model {
namespace {

TEST(Statistics, AgreeWithWhatSciPyOnceSaid) {
  const auto rows =
      test::read_file(std::string(SLUICE_SOURCE_DIR) + "/tests/model/statistics_recorded.tsv");
  EXPECT_EQ(test::expect_rows_agree(rows), 250U);
}

TEST(Statistics, BoundsAreInclusiveWhereDoublesAreNot) {
  ASSERT_LT(0.85, 0.80 + 0.05);
  EXPECT_TRUE(at_least(0.85, 0.80 + 0.05));
  EXPECT_FALSE(at_least(0.85, 0.85 + 1e-11));
  EXPECT_TRUE(at_least(0, 0));
  EXPECT_FALSE(at_least(0, 1e-300));
}

/// The numbers of the published SplitMix64 for seed 1234567.
TEST(Statistics, RandomNumbersAreThoseOfSplitMix64) {
  SplitMix64 random(1234567);
  EXPECT_EQ(random.next(), 6457827717110365317U);
  EXPECT_EQ(random.next(), 3203168211198807973U);
  EXPECT_EQ(random.next(), 9817491932198370423U);
}

TEST(Statistics, EqualWinsProveNothing) {
  EXPECT_EQ(mcnemar_exact(0, 0), 1);
  EXPECT_EQ(mcnemar_exact(7, 7), 1);
}

}  // namespace
}  // namespace sluice::model
