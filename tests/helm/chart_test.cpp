// SPDX-License-Identifier: Apache-2.0
#include "helm/chart.hpp"

#include "helm/schema_references.hpp"
#include "support/tree.hpp"

#include <gtest/gtest.h>

#include <optional>

namespace sluice::helm {
namespace {

using support::Tree;

constexpr const char* wrapper =
    "apiVersion: v2\nname: web\nversion: 0.1.0\ndependencies:\n- name: lib\n  version: 1.0.0\n  "
    "repository: https://charts.example.com\n";
constexpr const char* lock =
    "dependencies:\n- name: lib\n  repository: https://charts.example.com\n  version: "
    "1.0.0\ndigest: @\n";

std::string lib(const std::string& version) {
  return "apiVersion: v2\nname: lib\nversion: " + version + "\n";
}

std::string lock_with(const std::string& digest) {
  std::string text = lock;
  return text.replace(text.find('@'), 1, digest);
}

std::vector<std::string> codes(const Chart& chart) {
  std::vector<std::string> result;
  for (const auto& finding : chart.findings) {
    result.push_back(finding.code);
  }
  return result;
}

using Codes = std::vector<std::string>;

TEST(Chart, AcceptsWhatAgrees) {
  const Tree tree{
      {"web/Chart.yaml", wrapper},
      {"web/charts/lib/Chart.yaml", lib("1.0.0")},
      {"web/Chart.lock",
       lock_with("sha256:b96314a28ad2c44dcce87cb91221cf9c6301c9cb9d28fbeb8c77d36db3e6044a")}};
  const auto chart = read_chart(tree.root(), "web");
  ASSERT_TRUE(chart) << chart.error().message;
  EXPECT_EQ(codes(*chart), Codes{});
  EXPECT_TRUE(chart->missing.empty());
  EXPECT_EQ(chart->vendored.size(), 1U);
}

TEST(LockDigest, IsTheOneThatHelmWrites) {
  const Tree tree{
      {"web/Chart.yaml",
       "apiVersion: v2\nname: web\nversion: 0.1.0\ndependencies:\n- name: lib\n  version: \">=1.0 "
       "<2\"\n  repository: file://../lib\n"
       "  alias: cache\n  condition: cache.enabled\n  tags: [a, b]\n  import-values: [data, "
       "{child: x, parent: y}]\n"},
      {"web/Chart.lock",
       "dependencies:\n- name: lib\n  repository: file://../lib\n  version: 1.2.0\ndigest: x\n"}};
  const auto chart = read_chart(tree.root(), "web");
  ASSERT_TRUE(chart) << chart.error().message;
  EXPECT_EQ(lock_digest(chart->dependencies,
                        chart->lock->dependencies),  // by helm dependency update, 3.22.0
            "sha256:891ddc6a37114f04b9a8bd865ebdff943c4e9e589476e221fbb3214d5f7b9f06");
}

TEST(Chart, RefusesWhatHelmLetsPass) {
  const struct {
    const char* what;
    Tree::Files files;
    Codes wanted;
  } rows[] = {
      {"another version than Chart.yaml asks for",
       {{"web/charts/lib/Chart.yaml", lib("0.9.0")}},
       {"render/dependency-version"}},
      {"a lock that does not fit",
       {{"web/charts/lib/Chart.yaml", lib("1.0.0")}, {"web/Chart.lock", lock_with("sha256:00")}},
       {"render/lock-digest"}},
      {"a chart that nobody declared",
       {{"web/charts/lib/Chart.yaml", lib("1.0.0")},
        {"web/charts/evil/Chart.yaml", "name: evil\nversion: 1.0.0\n"}},
       {"render/undeclared-dependency"}},
      {"two copies of one dependency",
       {{"web/charts/lib/Chart.yaml", lib("1.0.0")},
        {"web/charts/lib-copy/Chart.yaml", lib("1.0.0")}},
       {"render/duplicate-dependency"}},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.what);
    auto files = row.files;
    files.emplace_back("web/Chart.yaml", wrapper);
    const Tree tree(files);
    const auto chart = read_chart(tree.root(), "web");
    ASSERT_TRUE(chart) << chart.error().message;
    EXPECT_EQ(codes(*chart), row.wanted);
  }
}

TEST(Chart, NamesAMissingDependencyWithItsRepository) {
  const Tree tree{{"web/Chart.yaml", wrapper}};
  const auto chart = read_chart(tree.root(), "web");
  ASSERT_TRUE(chart);
  ASSERT_EQ(chart->missing.size(), 1U);
  EXPECT_EQ(chart->missing[0],
            "dependency lib 1.0.0 of https://charts.example.com is not in web/charts");
}

TEST(Chart, DoesNotMissAFileDependency) {
  const Tree tree{{"web/Chart.yaml",
                   "name: web\nversion: 1.0.0\ndependencies:\n- name: lib\n  version: 1.x\n  "
                   "repository: file://../lib\n"}};
  const auto chart = read_chart(tree.root(), "web");
  ASSERT_TRUE(chart);
  EXPECT_TRUE(chart->missing.empty());
  EXPECT_EQ(*dependency_folder(*chart, chart->dependencies[0]), "lib");
}

TEST(Chart, RefusesALinkOutOfTheRepository) {
  const Tree tree{{"web/Chart.yaml", lib("1.0.0")}};
  tree.link("web/templates/secret", "/etc/passwd");
  const auto chart = read_chart(tree.root(), "web");
  ASSERT_FALSE(chart);
  EXPECT_EQ(chart.error().kind, Error::Kind::usage);
  EXPECT_EQ(chart.error().message,
            "the link web/templates/secret leads out of the repository: helm would read what it "
            "points to");
}

TEST(Chart, RefusesALinkBehindALinkedFolder) {
  const Tree tree{{"web/Chart.yaml", lib("1.0.0")}, {"shared/a.yaml", "a: 1\n"}};
  tree.link("web/files", "../shared");
  EXPECT_TRUE(read_chart(tree.root(), "web"));
  tree.link("shared/out", "/usr/bin");
  EXPECT_FALSE(read_chart(tree.root(), "web"));
}

TEST(Chart, DoesNotGoRoundInCircles) {
  const Tree tree{{"web/Chart.yaml", lib("1.0.0")}};
  tree.link("web/a", ".");
  tree.link("web/b", ".");
  EXPECT_FALSE(read_chart(tree.root(), "web"));
}

// What Helm 3.22 does with each of the refused ones was tried: it asks the server, or reads the
// file.
TEST(SchemaReferences, StayInsideTheSchema) {
  using enum Error::Kind;
  const std::pair<const char*, std::optional<Error::Kind>> rows[] = {
      {R"({"type": "object"})", std::nullopt},
      {R"({"$schema": "http://json-schema.org/draft-07/schema#", "$ref": "#/definitions/a"})",
       std::nullopt},
      {R"({"properties": {"a": {"$ref": "http://127.0.0.1:8080/x.json"}}})", unsupported},
      {R"({"$schema": "https://example.com/meta.json"})", unsupported},
      {R"({"enum": [{"$id": "https://example.com/x"}], "$ref": "https://example.com/x"})",
       unsupported},
      {R"({"allOf": [{"$dynamicRef": "https://example.com/x"}]})", unsupported},
      {R"({"\u0024ref": "https://example.com/x"})", unsupported},
      {R"({"$ref": "file:///etc/hostname"})", usage},
      {R"({"$ref": "../../../etc/hostname"})", usage},
      {R"({"$ref": "other.json"})", usage},
      {R"({"$ref": "#", "$ref": "https://example.com/x"})", parse},
      {"{", parse},
  };
  for (const auto& [text, error] : rows) {
    SCOPED_TRACE(text);
    const auto status = check_schema_references(text, "values.schema.json");
    EXPECT_EQ(status ? std::nullopt : std::optional(status.error().kind), error);
  }
}

}  // namespace
}  // namespace sluice::helm
