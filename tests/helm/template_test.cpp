// SPDX-License-Identifier: Apache-2.0
#include "helm/template.hpp"

#include "support/fake_runner.hpp"
#include "support/tree.hpp"

#include <gtest/gtest.h>

namespace sluice::helm {
namespace {

using proc::FakeRunner;
using support::Tree;

struct Fixture {
  Tree tree{{{"web/Chart.yaml", "name: web\nversion: 1.0.0\n"},
             {"web/values.yaml", "a: 1\n"},
             {"envs/prod.yaml", "image: v1\n"}}};
  Settings settings{.root = tree.root(), .sandbox = tree.root() + "/sandbox"};
  Prepared chart{.chart = {.folder = "web", .name = "web"}, .folder = "./web"};
  delivery::HelmSource source{.chart = "web", .release = "web"};

  Rendered run(const FakeRunner& runner) {
    return *render(
        runner, settings,
        {.chart = &chart, .source = &source, .name_space = "shop", .kube_version = "1.33.0"});
  }
};

TEST(Render, PassesEverythingAndInheritsNothing) {
  Fixture f;
  f.source.values_files = {{.path = "envs/prod.yaml"},
                           {.path = "envs/absent.yaml", .optional = true}};
  f.source.values = "replicas: 3\n";
  f.source.parameters = {{"z", "1", delivery::HelmParameter::As::string},
                         {"a", "2", delivery::HelmParameter::As::value}};
  const FakeRunner runner({.out = "---\n"});
  const auto rendered = f.run(runner);
  ASSERT_EQ(rendered.failure, "");
  const std::vector<std::string> wanted = {"helm",
                                           "template",
                                           "web",
                                           "./web",
                                           "--namespace",
                                           "shop",
                                           "--kube-version",
                                           "1.33.0",
                                           "--include-crds",
                                           "--values",
                                           "./envs/prod.yaml",
                                           "--values",
                                           "(inline values)",
                                           "--set",
                                           "a=2",
                                           "--set-string",
                                           "z=1"};
  EXPECT_EQ(rendered.arguments, wanted);
  EXPECT_EQ(rendered.inputs, std::vector<std::string>{"envs/prod.yaml"});
  EXPECT_EQ(rendered.absent, std::vector<std::string>{"envs/absent.yaml"});
  const auto commands = runner.commands();
  ASSERT_EQ(commands.size(), 1U);
  EXPECT_FALSE(commands[0].env.contains("KUBECONFIG"));
  EXPECT_FALSE(commands[0].env.contains("PATH"));
  EXPECT_TRUE(commands[0].env.at("HOME").starts_with(f.settings.sandbox));
}

TEST(Render, RefusesPathsBeforeHelmStarts) {
  const struct {
    const char* path;
    const char* message;
    bool outside;
  } rows[] = {
      {"../secret.yaml", "the path ../secret.yaml leaves the repository", true},
      {"/etc/passwd", "the path /etc/passwd leaves the repository", true},
      {"https://example.com/v.yaml",
       "values from an address are not read: https://example.com/v.yaml", false},
      {"secrets://v.yaml", "values from an address are not read: secrets://v.yaml", false},
      {"link.yaml", "the path link.yaml leads out of the repository by a link", true},
      {"nowhere.yaml", "values file nowhere.yaml does not exist", false},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.path);
    Fixture f;
    f.tree.link("link.yaml", "/etc/passwd");
    f.source.values_files = {{.path = row.path, .named_at = {.file = "app.yaml", .line = 7}}};
    const FakeRunner runner({.out = "---\n"});
    const auto rendered = f.run(runner);
    EXPECT_EQ(rendered.failure, row.message);
    EXPECT_EQ(rendered.outside, row.outside);
    EXPECT_EQ(rendered.failure_at.line, 7U);
    EXPECT_TRUE(runner.commands().empty());
  }
}

TEST(Render, KeepsAFileNameWithACommaOneFile) {
  const Tree tree{{"a.yaml,/etc/passwd", "a: 1\n"}};
  const Settings settings{.root = tree.root(), .sandbox = tree.root() + "/sandbox"};
  const Prepared chart{.chart = {.folder = "web", .name = "web"}, .folder = "./web"};
  const delivery::HelmSource source{
      .chart = "web", .release = "web", .values_files = {{.path = "a.yaml,/etc/passwd"}}};
  const FakeRunner runner({.out = ""});
  ASSERT_TRUE(
      render(runner, settings, {.chart = &chart, .source = &source, .kube_version = "1.33.0"}));
  EXPECT_EQ(runner.commands()[0].argv.back(), "\"./a.yaml,/etc/passwd\"");
}

TEST(Render, TakesHelmsErrorAndItsPlace) {
  Fixture f;
  const FakeRunner runner(
      {.code = 1,
       .err = "walk.go:1: note\nError: execution error at (web/templates/a.yaml:3:5): set "
              "image.tag\n\nUse --debug flag to render out invalid YAML\n"});
  const auto rendered = f.run(runner);
  EXPECT_EQ(rendered.failure,
            "helm template: execution error at (web/templates/a.yaml:3:5): set image.tag");
  EXPECT_EQ(rendered.failure_at.file, "web/templates/a.yaml");
  EXPECT_EQ(rendered.failure_at.line, 3U);
}

TEST(Render, ReportsAHelmThatHangsOrNeverStopsPrinting) {
  for (const auto ended : {proc::Ended::timed_out, proc::Ended::capped}) {
    Fixture f;
    const FakeRunner runner({.ended = ended});
    EXPECT_TRUE(f.run(runner).failure.starts_with("helm template: "));
  }
}

TEST(TypeFindings, PointAtTheValueThatHelmDropped) {
  Fixture f;
  f.source.values_files = {{.path = "envs/prod.yaml"}};
  const FakeRunner runner({.out = "",
                           .err = "coalesce.go:286: warning: cannot overwrite table with non table "
                                  "for web.image (map[tag:])\n"});
  const auto findings = type_findings(f.run(runner), f.chart.chart);
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].code, "value/type-ignored");
  EXPECT_EQ(findings[0].location.file, "envs/prod.yaml");
  EXPECT_EQ(findings[0].location.line, 1U);
}

TEST(SourceFile, FindsTheTemplateBehindAComment) {
  const Chart chart{
      .folder = "apps/web",
      .name = "web",
      .dependencies = {{.name = "redis", .alias = "cache"}},
      .vendored = {{.path = "apps/web/charts/lib-1.tgz", .packed = true, .name = "lib"},
                   {.path = "charts/redis", .packed = false, .name = "redis"}}};
  EXPECT_EQ(source_file(chart, "web/templates/a.yaml"), "apps/web/templates/a.yaml");
  EXPECT_EQ(source_file(chart, "web/charts/lib/templates/a.yaml"), "apps/web/charts/lib-1.tgz");
  EXPECT_EQ(source_file(chart, "web/charts/cache/templates/a.yaml"),
            "charts/redis/templates/a.yaml");
}

TEST(RequireHelm, SaysWhatToInstall) {
  const Settings settings{.root = "/", .sandbox = "/tmp"};
  EXPECT_TRUE(require_helm(FakeRunner({.out = "v3.22.0"}), settings));
  const auto other = require_helm(FakeRunner({.out = "v3.19.1"}), settings);
  EXPECT_EQ(other.error().message,
            "helm on PATH is v3.19.1, not v3.22.0, and another version renders other bytes: "
            "install helm v3.22.0 and put it on "
            "PATH (ci/bootstrap.sh does)");
  const FakeRunner missing([](const proc::Command&) -> Result<proc::Finished> {
    return Error{Error::Kind::not_found, "helm"};
  });
  EXPECT_EQ(require_helm(missing, settings).error().message,
            "helm is not on PATH: install helm v3.22.0 and put it on PATH (ci/bootstrap.sh does)");
}

}  // namespace
}  // namespace sluice::helm
