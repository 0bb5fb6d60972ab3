// SPDX-License-Identifier: Apache-2.0
#include "kustomize/build.hpp"

#include "support/fake_runner.hpp"
#include "support/tree.hpp"

#include <gtest/gtest.h>

namespace sluice::kustomize {
namespace {

using proc::FakeRunner;
using support::Tree;

TEST(Edited, WorksFieldsInAsKustomizeEditDoes) {
  const struct {
    const char* kustomization;
    const char* edits;
    const char* wanted;
  } rows[] = {
      {"resources: [a.yaml]\n", R"({"namespace":"shop"})",
       R"({"namespace":"shop","resources":["a.yaml"]})"},
      {"namespace: old\n", R"({"namespace":"shop"})", R"({"namespace":"shop"})"},
      {"images: [{name: web, newTag: v1}]\n",
       R"({"images":[{"name":"web","newTag":"v2"},{"name":"db","newTag":"1"}]})",
       R"({"images":[{"name":"web","newTag":"v2"},{"name":"db","newTag":"1"}]})"},
      {"patches: [{path: a.yaml}]\n", R"({"patches":[{"path":"b.yaml"}]})",
       R"({"patches":[{"path":"a.yaml"},{"path":"b.yaml"}]})"},
      {"commonLabels: {a: '1', b: '2'}\n", R"({"commonLabels":{"b":"3"}})",
       R"({"commonLabels":{"a":"1","b":"3"}})"},
      {"", R"({"nameSuffix":"-x"})", R"({"nameSuffix":"-x"})"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.kustomization);
    const auto text = edited(row.kustomization, "kustomization.yaml", row.edits);
    ASSERT_TRUE(text) << text.error().message;
    EXPECT_EQ(*text, std::string(row.wanted) + "\n");
  }
  EXPECT_FALSE(edited("- a\n", "kustomization.yaml", "{}"));
  EXPECT_FALSE(edited("", "kustomization.yaml", "[]"));
}

TEST(GeneratedResources, AreWhatFluxWouldWrite) {
  const Tree tree{{"c/b.yaml", ""},
                  {"c/a.yml", ""},
                  {"c/notes.md", ""},
                  {"c/sub/x.yaml", ""},
                  {"c/kust/kustomization.yaml", ""},
                  {"c/kust/y.yaml", ""},
                  {"c/kust/deep/z.yaml", ""}};
  const auto resources = generated_resources(tree.root(), "c");
  ASSERT_TRUE(resources);
  EXPECT_EQ(*resources, (std::vector<std::string>{"a.yml", "b.yaml", "kust", "sub/x.yaml"}));
}

TEST(Build, EditsOnlyACopy) {
  const Tree tree{{"app/kustomization.yaml", "resources: [a.yaml]\n"}, {"app/a.yaml", "kind: A\n"}};
  std::string seen;
  const FakeRunner runner([&](const proc::Command& command) -> Result<proc::Finished> {
    seen = *io::read_file(command.cwd + "/app/kustomization.yaml");
    EXPECT_TRUE(io::exists(command.cwd + "/app/a.yaml"));
    return proc::Finished{.out = "kind: A\n"};
  });
  const auto built =
      build(runner, {.root = tree.root()}, {.path = "app", .edits = R"({"namespace":"shop"})"});
  ASSERT_TRUE(built);
  EXPECT_EQ(built->failure, "");
  EXPECT_EQ(seen, "{\"namespace\":\"shop\",\"resources\":[\"a.yaml\"]}\n");
  EXPECT_EQ(*io::read_file(tree.root() + "/app/kustomization.yaml"), "resources: [a.yaml]\n");
}

TEST(Build, DoesNotStartKustomizeForARemoteBase) {
  const Tree tree{{"app/kustomization.yaml", "resources: ['https://example.com/base?ref=v1']\n"}};
  const FakeRunner runner({.out = ""});
  const auto built = build(runner, {.root = tree.root()}, {.path = "app"});
  ASSERT_TRUE(built);
  EXPECT_TRUE(built->skip);
  EXPECT_EQ(built->failure,
            "the kustomization refers to https://example.com/base?ref=v1, which is not in this "
            "repository");
  EXPECT_TRUE(runner.commands().empty());
}

TEST(Build, TakesKustomizesErrorWithoutNamesOfThisMachine) {
  const Tree tree{{"app/kustomization.yaml", "resources: []\n"}};
  const FakeRunner runner(
      {.code = 1,
       .err = "Error: accumulating resources: '" + tree.root() + "/app/a.yaml': may not add\n"});
  EXPECT_EQ(build(runner, {.root = tree.root()}, {.path = "app"})->failure,
            "kustomize build: accumulating resources: 'app/a.yaml': may not add");
}

}  // namespace
}  // namespace sluice::kustomize
