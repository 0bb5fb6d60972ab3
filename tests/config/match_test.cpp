// SPDX-License-Identifier: Apache-2.0
#include "config/config.hpp"

#include <gtest/gtest.h>

#include <string>

namespace sluice::config {
namespace {

TEST(UtcDay, Accepts) {
  struct Row {
    const char* time;
    const char* day;
  };
  constexpr Row rows[] = {
      {"2027-01-31", "2027-01-31"},
      {"2028-02-29", "2028-02-29"},
      {"2027-01-31T00:00:00Z", "2027-01-31"},
      {"2027-01-31t23:59:60z", "2027-01-31"},
      {"2027-01-31T23:30:00.25Z", "2027-01-31"},
      {"2027-01-31T23:30:00-01:00", "2027-02-01"},
      {"2027-01-01T00:30:00+01:00", "2026-12-31"},
      {"2027-01-31 12:00:00Z", "2027-01-31"},
      {"0001-01-01T00:00:00Z", "0001-01-01"},
  };
  for (const auto& [time, day] : rows) {
    SCOPED_TRACE(time);
    const auto read = utc_day(time);
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(*read, day);
  }
}

TEST(UtcDay, Rejects) {
  constexpr const char* rows[] = {"",
                                  "now",
                                  "2027-1-31",
                                  "2027-02-29",
                                  "2027-13-01",
                                  "2027-00-10",
                                  "2027-01-31T",
                                  "2027-01-31T12:00:00",
                                  "2027-01-31T24:00:00Z",
                                  "2027-01-31T12:60:00Z",
                                  "2027-01-31T12:00:61Z",
                                  "2027-01-31T12:00:00.Z",
                                  "2027-01-31T12:00:00+1",
                                  "2027-01-31T12:00:00+24:00",
                                  "2027-01-31x12:00:00Z",
                                  "2027-01-31T12:00Z",
                                  "2027-01-31T12:00:00Zx"};
  for (const char* time : rows) {
    SCOPED_TRACE(time);
    const auto read = utc_day(time);
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().kind, Error::Kind::usage);
  }
}

Config must_parse(const std::string& text) {
  auto config = parse(text, "sluice.yaml");
  EXPECT_TRUE(config) << config.error().message;
  return config ? *config : Config{};
}

TEST(Match, TheFirstThatMatchesWins) {
  const Config config = must_parse(R"(
environments:
  - {name: dev, match: {path: ["envs/dev/**", "overlays/*/dev"]}}
  - {name: both, match: {destination: ["prod-*"], app: ["pay-*", "bill"]}}
  - {name: ns, match: {namespace: [kube-system]}}
  - {name: prod, match: {destination: ["prod-*"]}}
)");
  struct Row {
    const char *path, *destination, *app, *name_space, *env;
  };
  constexpr Row rows[] = {
      {"envs/dev/web", "prod-1", "pay-x", "", "dev"},
      {"envs/dev", "", "", "", "dev"},
      {"envs/developer", "", "", "", ""},
      {"overlays/web/dev", "", "", "", "dev"},
      {"overlays/a/b/dev", "", "", "", ""},
      {"x", "prod-1", "pay-x", "", "both"},
      {"x", "prod-1", "bill", "kube-system", "both"},
      {"x", "prod-1", "bills", "kube-system", "ns"},
      {"x", "prod-1", "other", "", "prod"},
      {"x", "", "pay-x", "", ""},
      {"", "", "", "", ""},
  };
  for (const auto& [path, destination, app, name_space, env] : rows) {
    SCOPED_TRACE(std::string(path) + ' ' + destination + ' ' + app + ' ' + name_space);
    const Environment* found = match(config, path, destination, app, name_space);
    EXPECT_EQ(found == nullptr ? "" : found->name, env);
  }
}

TEST(Match, AnEnvironmentWithoutMatchTakesTheRest) {
  const Config config =
      must_parse("environments: [{name: dev, match: {app: [a]}}, {name: rest}]\n");
  EXPECT_EQ(match(config, "", "", "a", "")->name, "dev");
  EXPECT_EQ(match(config, "x", "y", "b", "")->name, "rest");
  EXPECT_EQ(match(Config{}, "x", "y", "b", ""), nullptr);
}

diag::Finding finding(std::string file, std::string unit = "") {
  return {.location = {std::move(file), 1, 1},
          .code = "policy/fail",
          .message = "m",
          .object = {"apps/v1", "Deployment", "prod", "web"},
          .unit = std::move(unit)};
}

Config ignoring(const std::string& scope, const std::string& expires = "2027-01-31") {
  return must_parse("ignore: [{code: policy/fail, scope: \"" + scope +
                    "\", owner: team-a, reason: r, expires: " + expires + "}]\n");
}

TEST(ApplyIgnores, Covers) {
  struct Row {
    const char* scope;
    bool covered;
  };
  constexpr Row rows[] = {{"apps/legacy/**", true},
                          {"apps/*/web.yaml", true},
                          {"apps/legacy/web.yaml", true},
                          {"apps/legacy", false},
                          {"**", true},
                          {"legacy-unit", true},
                          {"legacy-*", true},
                          {"Deployment/prod/web", true},
                          {"Deployment/prod/*", true},
                          {"Deployment/web", false},
                          {"apps/new/**", false}};
  for (const auto& [scope, covered] : rows) {
    SCOPED_TRACE(scope);
    diag::Report report{.tool = "sluice-policy-test",
                        .findings = {finding("apps/legacy/web.yaml", "legacy-unit")}};
    ASSERT_TRUE(apply_ignores(ignoring(scope), "2027-01-31T23:59:59Z", report));
    ASSERT_EQ(report.findings.size(), covered ? 0U : 2U);
    if (covered) {
      EXPECT_EQ(report.summary.at(0), "1 finding ignored by sluice.yaml");
      EXPECT_EQ(report.now, "2027-01-31T23:59:59Z");
    } else {
      EXPECT_EQ(report.findings[1].code, "config/unused-ignore");
      EXPECT_EQ(report.findings[1].location, (diag::Location{"sluice.yaml", 1, 10}));
    }
  }
}

TEST(ApplyIgnores, OnlyItsOwnCode) {
  diag::Report report{.tool = "sluice-policy-test", .findings = {finding("a/b")}};
  report.findings[0].code = "schema/unknown-field";
  ASSERT_TRUE(apply_ignores(ignoring("**"), "2027-01-01", report));
  EXPECT_EQ(report.findings.size(), 2U);
}

TEST(ApplyIgnores, AnExpiredEntryCoversNothingAndIsSaid) {
  diag::Report report{.tool = "sluice-policy-test", .findings = {finding("a/b")}};
  ASSERT_TRUE(apply_ignores(ignoring("**"), "2027-02-01", report));
  ASSERT_EQ(report.findings.size(), 2U);
  EXPECT_EQ(report.findings[1].code, "config/expired-ignore");
  EXPECT_EQ(report.findings[1].message,
            "the ignore entry for policy/fail in ** expired on 2027-01-31");
}

TEST(ApplyIgnores, OnlyTheToolOfTheAreaSpeaksOfAnEntry) {
  for (const char* day : {"2027-01-01", "2027-02-01"}) {
    diag::Report report{.tool = "sluice-validate"};
    ASSERT_TRUE(apply_ignores(ignoring("**"), day, report));
    EXPECT_TRUE(report.findings.empty());
  }
}

TEST(ApplyIgnores, NeedsTheTime) {
  diag::Report report;
  for (const char* now : {"", "today"}) {
    const auto status = apply_ignores(ignoring("**"), now, report);
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().kind, Error::Kind::usage);
  }
  EXPECT_TRUE(apply_ignores(Config{}, "", report));
}

}  // namespace
}  // namespace sluice::config
