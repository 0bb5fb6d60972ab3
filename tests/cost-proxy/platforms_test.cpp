// SPDX-License-Identifier: Apache-2.0
// fixtures/platforms/<platform>/cost/ is a change, laid over repo/ (its file `delete` names what
// goes away); expected.md is the comment for it. SLUICE_UPDATE=1 rewrites that; read the
// difference. Needs helm and kustomize.
#include "support/program.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace sluice::test {
namespace {

namespace fs = std::filesystem;

const fs::path platforms = fs::path(SLUICE_SOURCE_DIR) / "fixtures/platforms";
constexpr auto copy = fs::copy_options::recursive | fs::copy_options::overwrite_existing;

Ran tool(const std::string& name, const std::vector<std::string>& words, const fs::path& cwd) {
  const char* path = std::getenv("PATH");
  Program program{.argv = {(fs::path(SLUICE_BIN_DIR) / ("sluice-" + name)).string()},
                  .env = {std::string("PATH=") + (path == nullptr ? "/usr/bin:/bin" : path),
                          "HOME=" + cwd.string()},
                  .cwd = cwd};
  program.argv.insert(program.argv.end(), words.begin(), words.end());
  return run(program);
}

bool is_program(const std::string& name) {
  return run({.argv = {"/bin/sh", "-c", "command -v " + name},
              .env = {std::string("PATH=") + (std::getenv("PATH") ? std::getenv("PATH") : "")},
              .cwd = "/"})
             .exit == 0;
}

/// The repository of a platform, and the same with the change.
void lay_out(const fs::path& platform, const fs::path& base, const fs::path& head) {
  fs::copy(platform / "repo", base, copy);
  fs::copy(platform / "repo", head, copy);
  fs::copy(platform / "cost", head, copy);
  std::istringstream gone(read_file(platform / "cost/delete"));
  for (std::string path; std::getline(gone, path);) {
    EXPECT_NE(fs::remove_all(head / path), 0U) << path;
  }
  fs::remove(head / "delete");
  fs::remove(head / "expected.md");
}

class Platforms : public testing::TestWithParam<const char*> {};

TEST_P(Platforms, TheCommentForAChange) {
  if (!is_program("helm") || !is_program("kustomize")) {
    GTEST_SKIP() << "helm and kustomize are not on PATH";
  }
  const fs::path platform = platforms / GetParam();
  const Scratch scratch;
  const fs::path& cwd = scratch.path();
  lay_out(platform, cwd / "base", cwd / "head");
  for (const std::string side : {"base", "head"}) {
    const Ran ran = tool("render", {side}, cwd);
    ASSERT_EQ(ran.exit, 0) << side << ": " << ran.err;
    std::ofstream(cwd / (side + ".yaml")) << ran.out;
  }
  // In the head's folder, whose sluice.yaml it reads.
  std::vector<std::string> words = {"diff", "--base", "../base.yaml", "--head", "../head.yaml"};
  const Ran shown = tool("cost-proxy", words, cwd / "head");
  EXPECT_EQ(shown.exit, 0) << shown.err;
  if (std::getenv("SLUICE_UPDATE") != nullptr) {
    std::ofstream(platform / "cost/expected.md") << shown.out;
  }
  EXPECT_EQ(shown.out, read_file(platform / "cost/expected.md"));

  // What another run posts from the JSON is the same.
  words.insert(words.end(), {"--format", "json"});
  std::ofstream(cwd / "cost.json") << tool("cost-proxy", words, cwd / "head").out;
  const Ran posted = tool("cost-proxy",
                          {"post", "--from", "cost.json", "--dry-run", "--provider", "github",
                           "--project", "acme/platform", "--pull-request", "7"},
                          cwd);
  EXPECT_EQ(posted.exit, 0) << posted.err;
  EXPECT_EQ(posted.out, "<!-- sluice:cost-proxy key=default v=1 -->\n" + shown.out);
}

INSTANTIATE_TEST_SUITE_P(
    All,
    Platforms,
    testing::Values("everything-flux", "inference-argocd", "infra-manifests", "scheduler-envs"),
    [](const auto& platform) {
      std::string name = platform.param;
      std::erase(name, '-');
      return name;
    });

}  // namespace
}  // namespace sluice::test
