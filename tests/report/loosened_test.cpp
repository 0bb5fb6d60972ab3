// SPDX-License-Identifier: Apache-2.0
#include "report/loosened.hpp"

#include <gtest/gtest.h>

#include <string>

namespace sluice::report {
namespace {

config::Config config_of(const std::string& text) {
  auto config = config::parse(text, "sluice.yaml");
  EXPECT_TRUE(config) << config.error().message << '\n' << text;
  return config ? std::move(*config) : config::Config{};
}

manifests::Objects objects_of(const std::string& text) {
  manifests::Objects objects;
  auto stream = yaml::parse(text, "policies.yaml");
  EXPECT_TRUE(stream);
  objects.streams.push_back(std::make_shared<const yaml::Stream>(std::move(*stream)));
  objects.resources = k8s::resources(*objects.streams.back(), objects.findings);
  return objects;
}

std::string words(const std::vector<Loosening>& found) {
  std::string all;
  for (const Loosening& each : found) {
    all += (all.empty() ? "" : "\n") + each.part + ": " + each.what;
  }
  return all;
}

struct Row {
  std::string base, head, found;
};

TEST(LoosenedConfig, NamesWhatIsWeaker) {
  const std::string envs = "environments: [{name: dev, match: {app: [d]}}, {name: prod, ";
  const std::string ignore =
      "ignore: [{code: policy/fail, scope: a, owner: o, reason: r, expires: ";
  const std::string promote = envs + "after: [dev]}]\npromote: {environments: [{name: prod, ";
  const Row rows[] = {
      {envs + "after: [dev]}]", envs + "match: {app: [p]}}]",
       "environments: environments[prod].after no longer has dev"},
      {envs + "match: {app: [p]}}]", "environments: [{name: dev}]",
       "environments: the environment prod is gone"},
      {"", "render: {ignore: [{path: 'a/**', reason: r}]}",
       "render: render.ignore has the new path a/**"},
      {"", "render: {unstable: mask}", "render: render.unstable is mask, was warn"},
      {"", "policies: {pack: none}", "policies: policies.pack no longer has default"},
      {"policies: {paths: [p]}", "", "policies: policies.paths no longer has p"},
      {"cost: {limits: {cpu: '1'}}", "cost: {limits: {cpu: 1001m}}",
       "cost: cost.limits.cpu is 1001m, was 1"},
      {"cost: {flags: {gpu: 1}}", "", "cost: cost.flags.gpu is gone, was 1"},
      {"", "validate: {schemaLocations: [s]}",
       "validate: validate.schemaLocations has the new place s"},
      {"", "externals: [{object: Secret/x, reason: r}]", "externals: the external Secret/x is new"},
      {envs + "after: [dev]}]\nexternals: [{object: Secret/x, environments: [dev], reason: r}]",
       envs + "after: [dev]}]\nexternals: [{object: Secret/x, reason: r}]",
       "externals: the external Secret/x is new"},
      {"", "removals: [{object: Namespace/x, owner: o, reason: r, expires: 2027-01-01}]",
       "removals: the acknowledged removal of Namespace/x until 2027-01-01 is new"},
      {ignore + "2027-01-01}]", ignore + "2027-01-02}]",
       "ignore: the ignore entry for policy/fail in a until 2027-01-02 is new"},
      {"gates: {scan: g.yaml}", "", "gates: gates.scan is gone, was g.yaml"},
      {promote + "soak: 2h}]}", promote + "soak: 1h}]}",
       "promote: promote.environments[prod].soak is 1h, was 2h"},
      {promote + "statuses: [s]}]}", promote + "soak: 1h}]}",
       "promote: promote.environments[prod].statuses no longer has s"},
      {promote + "soak: 1h}]}", promote + "soak: 1h, evidence: []}]}",
       "promote: promote.environments[prod].evidence no longer is that of all gates"},
      {promote + "soak: 1h}], freeze: [{from: 2026-12-20, to: 2027-01-04, reason: holidays}]}",
       promote + "soak: 1h}]}", "promote: promote.freeze no longer has \"holidays\""},
      {"promote: {}", "promote: {check: none}", "promote: promote.check is none, was full"},
      {"promote: {}", "", "promote: promote is gone"},
      {"", "mayLoosen: [ignore]", "mayLoosen: mayLoosen has the new section ignore"},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(words(loosened_config(config_of(row.base), config_of(row.head))), row.found)
        << row.base << "\n->\n"
        << row.head;
    EXPECT_EQ(words(loosened_config(config_of(row.base), config_of(row.base))), "");
  }
}

TEST(LoosenedConfig, LetsAJudgeGrowStricter) {
  const Row rows[] = {
      {"", "policies: {pack: [default, gpu], paths: [p]}", ""},
      {"cost: {limits: {cpu: '2'}}", "cost: {limits: {cpu: 1500m, memory: 1Gi}}", ""},
      {"render: {unstable: warn}", "render: {unstable: fail}", ""},
      {"ignore: [{code: policy/fail, scope: a, owner: o, reason: r, expires: 2027-01-02}]",
       "ignore: [{code: policy/fail, scope: a, owner: p, reason: s, expires: 2027-01-01}]", ""},
      {"", "gates: {scan: g.yaml}\npromote: {}", ""},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(words(loosened_config(config_of(row.base), config_of(row.head))), row.found);
  }
}

std::string policy(const std::string& spec) {
  return "apiVersion: kyverno.io/v1\nkind: ClusterPolicy\nmetadata: {name: p}\nspec: " + spec +
         "\n";
}

TEST(LoosenedPolicies, NamesWhatIsWeaker) {
  const std::string two = "{validationFailureAction: Enforce, rules: [{name: a}, {name: b}]}";
  const std::string exception =
      "---\napiVersion: kyverno.io/v2\nkind: PolicyException\nmetadata: {name: e, namespace: ns}\n";
  const Row rows[] = {
      {policy(two), "", "policies: ClusterPolicy/-/p is gone"},
      {policy(two), policy("{validationFailureAction: Enforce, rules: [{name: a}]}"),
       "policies: ClusterPolicy/-/p: the rule b is gone"},
      {policy(two), policy("{validationFailureAction: Audit, rules: [{name: a}, {name: b}]}"),
       "policies: ClusterPolicy/-/p: the rule a no longer enforces\n"
       "policies: ClusterPolicy/-/p: the rule b no longer enforces"},
      {policy(two),
       policy("{validationFailureAction: Enforce, rules: [{name: a}, {name: b, validate: "
              "{failureAction: Audit}}]}"),
       "policies: ClusterPolicy/-/p: the rule b no longer enforces"},
      {policy(two), policy(two) + exception, "policies: PolicyException/ns/e is new"},
      {policy(two) + exception, policy(two) + exception, ""},
      {policy("{rules: [{name: a}]}"), policy(two), ""},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(words(loosened_policies(objects_of(row.base), objects_of(row.head))), row.found);
  }
}

TEST(LoosenedBaseline, CountsEntries) {
  const diag::Baseline one = {{"00", "policy/fail", "a.yaml", "m", 1}};
  const diag::Baseline two = {{"00", "policy/fail", "a.yaml", "m", 2}};
  EXPECT_EQ(words(loosened_baseline(two, one, "b.json")), "");
  EXPECT_EQ(words(loosened_baseline(one, two, "b.json")),
            "baseline: the baseline lives with a new policy/fail in a.yaml: m");
  EXPECT_EQ(loosened_baseline({}, one, "b.json").size(), 1U);
}

TEST(LoosenedVerdicts, NamesWhatIsNoLongerRefused) {
  const diag::Finding error{.code = "policy/fail",
                            .severity = diag::Severity::error,
                            .message = "no owner",
                            .object = {.kind = "Deployment", .name = "web"}};
  diag::Finding warning = error;
  warning.severity = diag::Severity::warning;
  const auto report = [](std::vector<diag::Finding> findings) {
    return diag::Report{.findings = std::move(findings)};
  };
  EXPECT_EQ(words(loosened_verdicts(report({error}), report({error}))), "");
  EXPECT_EQ(words(loosened_verdicts(report({warning}), report({error}))), "");
  EXPECT_EQ(words(loosened_verdicts(report({error}), report({}))),
            "policies: the policies of the base refuse Deployment web: no owner");
  EXPECT_EQ(loosened_verdicts(report({error}), report({warning})).size(), 1U);
}

}  // namespace
}  // namespace sluice::report
