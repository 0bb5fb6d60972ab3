// SPDX-License-Identifier: Apache-2.0
#include "kustomize/no_effect.hpp"

#include <gtest/gtest.h>

namespace sluice::kustomize {
namespace {

constexpr const char* built = R"(apiVersion: apps/v1
kind: Deployment
metadata: {name: dev-web, labels: {app: web}}
spec: {template: {spec: {containers: [{name: a, image: "example.com:5000/web:1"}]}}}
)";

/// What is suspected of a kustomization when every build without it gives the same bytes.
std::string suspects(const std::string& kustomization) {
  const auto objects = yaml::parse(built, "build");
  std::string what;
  for (const auto& entry : find_no_effect({{"k.yaml", kustomization}}, *objects, built,
                                          [](const auto&) { return std::string(built); })) {
    what += std::to_string(entry.at.line) + " " + entry.what + "\n";
  }
  return what;
}

TEST(FindNoEffect, SuspectsWhatFitsNoObject) {
  const struct {
    const char* kustomization;
    const char* wanted;
  } rows[] = {
      {"patches: [{target: {kind: Deployment}, path: a}]", ""},
      {"patches: [{target: {kind: Deployment, name: web}, path: a}]", ""},  // the prefix came later
      {"patches: [{target: {kind: Deployment, name: ^dev-web$}, path: a}]", ""},
      {"patches: [{target: {kind: Deployment, name: 'api|web'}, path: a}]", ""},  // not judged
      {"patches: [{path: a}]", ""},  // without a target kustomize fails itself
      {"patches:\n- {path: a}\n- {target: {kind: Service}, path: a}", "3 the patch for Service\n"},
      {"patches: [{target: {kind: Deployment, name: api}}]", "1 the patch for Deployment api\n"},
      {"patches: [{target: {labelSelector: app=web}}]", ""},
      {"patches: [{target: {labelSelector: 'app in (web,api)'}}]", ""},
      {"patches: [{target: {labelSelector: app=api}}]", "1 the patch for app=api\n"},
      {"patches: [{target: {labelSelector: tier}}]", "1 the patch for tier\n"},
      {"patches: [{target: {annotationSelector: a=b}}]", "1 the patch for a=b\n"},
      {"patchesJson6902: [{target: {kind: Job, name: x}}]", "1 the patch for Job x\n"},
      {"images: [{name: example.com:5000/web, newTag: '2'}]", ""},
      {"images: [{name: web, newName: 'example.com:5000/web'}]", ""},
      {"images: [{name: example.com:5000/we, newTag: '2'}]", "1 the image example.com:5000/we\n"},
      {"replacements: [{targets: [{select: {kind: Job}}, {select: {kind: Deployment}}]}]", ""},
      {"replacements: [{targets: [{select: {kind: Job}}]}]", "1 the replacement in Job\n"},
      {"resources: [a.yaml]", ""},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(suspects(row.kustomization), row.wanted) << row.kustomization;
  }
}

TEST(FindNoEffect, ReportsOnlyWhatABuildConfirms) {
  const std::string kustomization =
      "images: [{name: a, newTag: '1'}, {name: b, newTag: '1'}]\n"
      "patches: [{target: {kind: Job}, path: deletes-the-job}]\n";
  const auto objects = yaml::parse(built, "build");
  std::vector<std::string> asked;
  const auto found = find_no_effect({{"k.yaml", kustomization}}, *objects, built,
                                    [&](const auto& changed) -> Result<std::string> {
                                      asked.push_back(changed.at("k.yaml"));
                                      const bool kept =
                                          asked.back().find("deletes-the-job") != std::string::npos;
                                      return kept ? std::string(built) : std::string("kind: Job");
                                    });
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].what, "the image a");
  EXPECT_EQ(found[1].what, "the image b");
  EXPECT_EQ(asked.size(), 4U);  // all at once, then each alone
  EXPECT_EQ(asked[0], R"({"images":[],"patches":[]})"
                      "\n");
}

}  // namespace
}  // namespace sluice::kustomize
