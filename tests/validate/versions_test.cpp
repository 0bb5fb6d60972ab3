// SPDX-License-Identifier: Apache-2.0
#include "validate/versions.hpp"

#include <gtest/gtest.h>

namespace sluice::validate {
namespace {

std::vector<schema::KubeVersion> versions(const std::vector<std::string>& texts) {
  std::vector<schema::KubeVersion> out;
  for (const std::string& text : texts) {
    out.push_back(*schema::parse_kube_version(text));
  }
  return out;
}

TEST(Ranges, JoinNeighbours) {
  EXPECT_EQ(ranges(versions({"1.33"})), "1.33");
  EXPECT_EQ(ranges(versions({"1.32", "1.33"})), "1.32, 1.33");
  EXPECT_EQ(ranges(versions({"1.29", "1.31", "1.32", "1.33", "1.36"})), "1.29, 1.31 to 1.33, 1.36");
}

TEST(Merge, SaysWhichVersionsDiffer) {
  const diag::Finding everywhere{.code = "schema/type", .message = "a"};
  const diag::Finding late{.code = "schema/type", .message = "b"};
  const diag::Finding early{.code = "schema/type", .message = "c"};
  const auto merged = merge(versions({"1.29", "1.31", "1.33"}),
                            {{everywhere, early}, {everywhere, late}, {late, everywhere}});
  ASSERT_EQ(merged.size(), 3U);
  EXPECT_EQ(merged[0].message, "a");
  EXPECT_EQ(merged[1].message, "b (Kubernetes 1.31 and later)");
  EXPECT_EQ(merged[2].message, "c (Kubernetes 1.29)");
}

TEST(Merge, SaysWhereAnApiVersionIsGone) {
  const diag::Finding soon{.code = "schema/deprecated-api", .message = "A is deprecated"};
  const diag::Finding gone{.code = "schema/removed-api", .message = "A is gone"};
  const auto three = versions({"1.29", "1.33", "1.37"});
  const auto merged = merge(three, {{soon}, {gone}, {gone}});
  ASSERT_EQ(merged.size(), 1U);
  EXPECT_EQ(merged[0].message, "breaks on Kubernetes 1.33 and later: A is gone");
  EXPECT_EQ(merge(three, {{gone}, {gone}, {gone}})[0].message, "A is gone");
  EXPECT_EQ(merge(three, {{}, {soon}, {soon}})[0].message, "A is deprecated");
}

TEST(Versions, FlagsWinOverTheDefaultOfTheFile) {
  config::Config config;
  config.file = "sluice.yaml";
  config.kube_version = "1.30.0";
  config.environments = {{.name = "prod", .kube_version = "1.28"}};
  Options options;
  const auto chosen = Versions::choose(options, config);
  ASSERT_TRUE(chosen);
  EXPECT_EQ(chosen->of("prod"), versions({"1.28"}));
  EXPECT_EQ(chosen->of("dev"), versions({"1.30"}));
  EXPECT_EQ(chosen->text({"prod", "dev"}), "Kubernetes 1.28, 1.30");
  options.versions = versions({"1.33"});
  EXPECT_EQ(Versions::choose(options, config)->of("dev"), versions({"1.33"}));
  EXPECT_EQ(Versions::choose(options, config)->of("prod"), versions({"1.28", "1.33"}));
  config.kube_version = "1.2";
  EXPECT_EQ(
      Versions::choose({}, config).error().message,
      "sluice.yaml: Kubernetes version \"1.2\" is not compiled in; this build knows 1.25 to 1.37");
}

}  // namespace
}  // namespace sluice::validate
