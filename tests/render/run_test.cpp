// SPDX-License-Identifier: Apache-2.0
#include "render/run.hpp"

#include "support/tree.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <sstream>
#include <sys/stat.h>

namespace sluice::render {
namespace {

using support::Tree;

/// A run over a folder, with a PATH that holds nothing but one stand-in.
struct Rendering {
  explicit Rendering(const Tree& repository, const std::string& helm = "")
      : root(repository.root()) {
    if (!helm.empty()) {
      (void)io::write_atomically(
          bin.root() + "/helm",
          "#!/bin/sh\ncase $1 in version) printf v3.22.0; exit 0;; esac\n" + helm);
      ::chmod((bin.root() + "/helm").c_str(), 0755);
    }
    ::setenv("PATH", bin.root().c_str(), 1);
  }

  Result<diag::Report> operator()() {
    cli::Common common{.inputs = {root}, .jobs = 2};
    return run(options, common, out);
  }

  Tree bin;
  std::string root;
  Options options;
  std::ostringstream out;
};

std::vector<std::string> codes(const diag::Report& report) {
  std::vector<std::string> result;
  for (const auto& finding : report.findings) {
    if (finding.severity == diag::Severity::error) {
      result.push_back(finding.code);
    }
  }
  return result;
}

using Codes = std::vector<std::string>;

std::string application(const std::string& name, const std::string& path) {
  return "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: " + name +
         ", namespace: argocd}\nspec:\n  project: default\n  source: {repoURL: "
         "https://git.example.com/a/b, path: " +
         path + "}\n  destination: {server: https://kubernetes.default.svc, namespace: web}\n";
}

constexpr const char* config = "repository: {urls: [https://git.example.com/a/b]}\n";
constexpr const char* service = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\n";
constexpr const char* chart = "apiVersion: v2\nname: web\nversion: 1.0.0\n";

TEST(Run, EndsWithoutAVerdictWhenHelmHangs) {
  const Tree tree{{"Chart.yaml", chart}};
  Rendering run(tree, "while :; do :; done\n");
  run.options.timeout = std::chrono::milliseconds(300);
  const auto report = run();
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(codes(*report), Codes{"render/failed"});
  EXPECT_EQ(report->no_verdict.size(), 1U);
}

TEST(Run, EndsWithoutAVerdictWhenHelmNeverStopsPrinting) {
  const Tree tree{{"Chart.yaml", chart}};
  Rendering run(tree, "while :; do echo 'kind: A'; done\n");
  run.options.max_output = 1U << 20U;
  const auto report = run();
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(codes(*report), Codes{"render/failed"});
}

TEST(Run, SaysWhatToInstall) {
  const Tree tree{{"Chart.yaml", chart}};
  const auto report = Rendering(tree)();
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().message,
            "helm is not on PATH: install helm v3.22.0 and put it on PATH (ci/bootstrap.sh does)");
}

TEST(Run, DoesNotShowHelmALinkOutOfTheRepository) {
  const Tree tree{{"Chart.yaml", chart}};
  tree.link("templates/hosts.yaml", "/etc/passwd");
  Rendering run(tree, "echo 'kind: Stolen'\n");
  const auto report = run();
  ASSERT_TRUE(report);
  EXPECT_EQ(codes(*report), Codes{"input/outside-repository"});
  EXPECT_EQ(run.out.str().find("Stolen"), std::string::npos);
}

TEST(Run, FollowsApplicationsFromTheirRoot) {
  const Tree tree{{"sluice.yaml", config},
                  {"root.yaml", application("root", "apps")},
                  {"apps/web.yaml", application("web", "web")},
                  {"web/s.yaml", service}};
  Rendering run(tree);
  const auto report = run();
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(codes(*report), Codes{});
  for (const auto* const unit : {"unit=root.yaml ", "unit=root ", "unit=web "}) {
    EXPECT_NE(run.out.str().find(unit), std::string::npos) << unit;
  }
}

TEST(Run, LetsAnApplicationDeliverItself) {
  const Tree tree{{"sluice.yaml", config},
                  {"apps/root.yaml", application("root", "apps")},
                  {"apps/web.yaml", application("web", "web")},
                  {"web/s.yaml", service}};
  Rendering run(tree);
  const auto report = run();
  ASSERT_TRUE(report);
  EXPECT_EQ(codes(*report), Codes{});
  EXPECT_EQ(run.out.str().find("unit=apps/root.yaml"), std::string::npos)
      << "its own objects once, not twice";
}

TEST(Run, FindsCirclesAndDoubles) {
  const Tree circle{{"sluice.yaml", config},
                    {"a/to-b.yaml", application("b", "b")},
                    {"b/to-a.yaml", application("a", "a")}};
  EXPECT_EQ(codes(*Rendering(circle)()), Codes{"render/cycle"});
  const Tree twice{{"sluice.yaml", config},
                   {"one.yaml", application("web", "web")},
                   {"two.yaml", application("web", "web")},
                   {"web/s.yaml", service}};
  EXPECT_EQ(codes(*Rendering(twice)()), Codes{"render/duplicate-application"});
}

TEST(Run, AccountsForEveryManifest) {
  const Tree::Files files = {{"root.yaml", application("web", "web")},
                             {"web/s.yaml", service},
                             {"old/s.yaml", service},
                             {"notes.yaml", "a: 1\n"}};
  auto with = files;
  with.emplace_back("sluice.yaml", config);
  EXPECT_EQ(codes(*Rendering(Tree(with))()), Codes{"render/orphan"});
  with.back().second += "render: {ignore: [{path: 'old/**', reason: kept for reference}]}\n";
  EXPECT_EQ(codes(*Rendering(Tree(with))()), Codes{});
}

TEST(Run, DoesNotTrustProvenanceThatAManifestForges) {
  const Tree tree{{"web/s.yaml", std::string("# sluice: unit=forged env=prod source=nowhere\n") +
                                     service + "# sluice: end objects=0 skipped=0 sha256=0\n"}};
  Rendering run(tree);
  ASSERT_TRUE(run());
  EXPECT_EQ(run.out.str().find("forged"), std::string::npos);
  EXPECT_NE(run.out.str().find("# sluice: end objects=1 skipped=0"), std::string::npos);
}

TEST(Run, DoesNotPrintAFileNameAsACommand) {
  const Tree tree{{"sluice.yaml", config},
                  {"root.yaml", application("web", "web")},
                  {"web/s.yaml", service},
                  {"old/a\n::error::b.yaml", service}};
  const auto report = Rendering(tree)();
  ASSERT_TRUE(report);
  ASSERT_EQ(codes(*report), Codes{"render/orphan"});
  EXPECT_EQ(report->findings.back().message.find('\n'), std::string::npos);
}

TEST(Run, SaysWhatIsWrongWithAHostileFile) {
  const std::string head = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n";
  const std::pair<std::string, std::string> rows[] = {
      {head + "x: " + std::string(10'000, '[') + std::string(10'000, ']') + "\n", "yaml/limit"},
      {head + "x: \"a\\0" + std::string(1, '\0') + "\"\n", "yaml/encoding"},
      {std::string("\xff\xfe", 2) + "a\0:\0", "yaml/encoding"},
  };
  for (const auto& [text, code] : rows) {
    SCOPED_TRACE(code);
    const auto report = Rendering(Tree{{"a.yaml", text}})();
    ASSERT_TRUE(report);
    EXPECT_EQ(codes(*report), Codes{code});
  }
}

TEST(Run, SaysTheSizeOfAFileThatIsTooLarge) {
  std::string large = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n#";
  large.resize(1'000, 'x');
  const std::string why = "a.yaml has 1000 bytes, more than the 999 allowed; --max-stream-size";
  const std::pair<Tree::Files, std::string> rows[] = {{{{"a.yaml", large}}, "render/failed"},
                                                      {{{"sluice.yaml", config},
                                                        {"root.yaml", application("web", "web")},
                                                        {"web/s.yaml", service},
                                                        {"a.yaml", large}},
                                                       "render/orphan"}};
  for (const auto& [files, code] : rows) {
    SCOPED_TRACE(code);
    const Tree tree(files);
    Rendering run(tree);
    run.options.limits.stream_bytes = 999;
    const auto report = run();
    ASSERT_TRUE(report);
    ASSERT_EQ(codes(*report), Codes{code});
    const auto found = std::find_if(report->findings.begin(), report->findings.end(),
                                    [&](const auto& finding) { return finding.code == code; });
    EXPECT_NE(found->message.find(why), std::string::npos) << found->message;
    run.options.limits.stream_bytes = 1'000;
    const auto taken = run();
    ASSERT_TRUE(taken);
    for (const auto& finding : taken->findings) {
      EXPECT_EQ(finding.message.find("more than"), std::string::npos) << finding.message;
    }
  }
}

TEST(Run, TakesTheDepthThatIsAllowed) {
  const Tree tree{
      {"a.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\nx: [[[[]]]]\n"}};
  Rendering run(tree);
  run.options.limits.depth = 3;
  const auto refused = run();
  ASSERT_TRUE(refused);
  EXPECT_EQ(codes(*refused), Codes{"yaml/limit"});
  run.options.limits.depth = 8;
  const auto taken = run();
  ASSERT_TRUE(taken);
  EXPECT_EQ(codes(*taken), Codes{});
}

TEST(Run, HasNoVerdictWhenThereIsNothing) {
  const Tree tree{{"README.md", "nothing\n"}};
  const auto report = Rendering(tree)();
  ASSERT_TRUE(report);
  EXPECT_EQ(report->no_verdict.size(), 1U);
}

}  // namespace
}  // namespace sluice::render
