// SPDX-License-Identifier: Apache-2.0
#include "render/environments.hpp"

#include <gtest/gtest.h>

namespace sluice::render {
namespace {

TEST(EnvironmentInPath, KnowsTheUsualLayouts) {
  constexpr std::pair<std::string_view, std::string_view> rows[] = {
      {"envs/prod/values.yaml", "prod"},         {"apps/iris/overlays/dev", "dev"}, {"clusters/stg-eu-west/apps.yaml", "stg-eu-west"},
      {"charts/web/values-staging.yaml", "staging"}, {"envs/prod.yaml", "prod"},     {"charts/web/values.yaml", ""},
      {"apps/iris", ""},                         {"overlays", ""},                  {"environments/qa/x", "qa"},
  };
  for (const auto& [path, wanted] : rows) {
    SCOPED_TRACE(path);
    EXPECT_EQ(environment_in_path(path), wanted);
  }
}

TEST(EnvironmentOf, PrefersSluiceYaml) {
  config::Config config;
  config.environments = {{.name = "live", .match = {.path = {"envs/prod/**"}}}};
  delivery::Unit unit{.path = "charts/web", .source = delivery::HelmSource{.values_files = {{.path = "envs/prod/values.yaml"}}}};
  EXPECT_EQ(environment_of(config, unit, "parent"), "live");
  EXPECT_EQ(environment_of({}, unit, "parent"), "prod");
  unit.source = delivery::DirectorySource{.path = "apps"};
  unit.path = "apps";
  EXPECT_EQ(environment_of(config, unit, "parent"), "");
  EXPECT_EQ(environment_of({}, unit, ""), "");
  unit.destination = "staging-eu";
  EXPECT_EQ(environment_of({}, unit, "parent"), "staging-eu");
  unit.destination = "https://kubernetes.default.svc";
  EXPECT_EQ(environment_of({}, unit, "parent"), "parent");
}

TEST(EnvironmentInName, TakesTheLongestKnownEnd) {
  EXPECT_EQ(environment_in_name("iris-prod", {"prod", "dev"}), "prod");
  EXPECT_EQ(environment_in_name("iris-pre-prod", {"prod", "pre-prod"}), "pre-prod");
  EXPECT_EQ(environment_in_name("reprod", {"prod"}), "");
  EXPECT_EQ(environment_in_name("prod", {"prod"}), "prod");
}

}  // namespace
}  // namespace sluice::render
