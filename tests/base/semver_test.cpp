// SPDX-License-Identifier: Apache-2.0
#include "base/semver.hpp"

#include <gtest/gtest.h>

namespace sluice::semver {
namespace {

struct Row {
  std::string_view version, constraint;
  bool fits;
};

// The meaning of each operator as github.com/Masterminds/semver v3 documents it.
constexpr Row rows[] = {
    {"1.2.3", "1.2.3", true},
    {"v1.2.3", "1.2.3", true},
    {"1.2.4", "1.2.3", false},
    {"1.2.3", "=1.2.3", true},
    {"1.2.3", "!=1.2.3", false},
    {"1.2.4", "!=1.2.3", true},
    {"1.2.4", ">1.2.3", true},
    {"1.2.3", ">=1.2.3", true},
    {"1.2.2", "<1.2.3", true},
    {"1.2.3", "<=1.2.3", true},
    {"1.3.0", ">1.2", true},
    {"1.2.9", ">1.2", false},
    {"2.0.0", ">1", true},
    {"1.9.0", ">1", false},
    {"1.2.9", "<=1.2", true},
    {"1.3.0", "<=1.2", false},
    {"1.2.9", "~1.2.3", true},
    {"1.3.0", "~1.2.3", false},
    {"1.9.9", "~1", true},
    {"2.0.0", "~1", false},
    {"1.9.9", "^1.2.3", true},
    {"1.2.2", "^1.2.3", false},
    {"2.0.0", "^1.2.3", false},
    {"0.2.9", "^0.2.3", true},
    {"0.3.0", "^0.2.3", false},
    {"0.0.3", "^0.0.3", true},
    {"0.0.4", "^0.0.3", false},
    {"0.5.0", "^0", true},
    {"0.2.7", "^0.2", true},
    {"1.2.7", "1.2.x", true},
    {"1.3.0", "1.2.x", false},
    {"1.7.0", "1.x", true},
    {"1.7.0", "1", true},
    {"3.1.0", "*", true},
    {"1.3.0", "1.2 - 1.4", true},
    {"1.5.0", "1.2 - 1.4", false},
    {"1.5.0", ">=1.2, <2", true},
    {"2.0.0", ">=1.2, <2", false},
    {"1.5.0", ">= 1.2 < 2", true},
    {"3.0.0", "^1 || ^3", true},
    {"2.0.0", "^1 || ^3", false},
    {"1.2.3-rc.1", "^1.2", false},
    {"1.2.3-rc.1", "^1.2.3-0", true},
    {"1.2.3-rc.1", "1.2.3-rc.1", true},
    {"1.2.3+build", "1.2.3", true},
    {"0.1.0", "0.1.0", true},
};

TEST(Satisfies, FollowsTheRulesThatHelmUses) {
  for (const auto& row : rows) {
    SCOPED_TRACE(std::string(row.version) + " against " + std::string(row.constraint));
    const auto fits = satisfies(row.version, row.constraint);
    ASSERT_TRUE(fits.has_value());
    EXPECT_EQ(*fits, row.fits);
  }
}

TEST(Satisfies, SaysNothingAboutWhatItCannotRead) {
  for (const std::string_view constraint : {"latest", "1.2.3.4", "1.a", ">=x.y.z.w"}) {
    SCOPED_TRACE(constraint);
    EXPECT_FALSE(satisfies("1.2.3", constraint).has_value());
  }
  EXPECT_FALSE(satisfies("not-a-version", "1.x").has_value());
}

TEST(Version, OrdersPrereleases) {
  const std::string_view rising[] = {
      "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta",
      "1.0.0-beta",  "1.0.0-beta.2",  "1.0.0-beta.11",
      "1.0.0-rc.1",  "1.0.0",         "1.0.1"};  // semver.org, section 11
  for (std::size_t i = 1; i < std::size(rising); ++i) {
    SCOPED_TRACE(rising[i]);
    EXPECT_LT(*parse_version(rising[i - 1]), *parse_version(rising[i]));
  }
}

}  // namespace
}  // namespace sluice::semver
