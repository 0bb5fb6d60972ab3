// SPDX-License-Identifier: Apache-2.0
// What ci/run.sh promises beside what its tools say: bases, missing tools, stages, its out folder.
#include "support/chain.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <map>

namespace sluice::test {
namespace {

namespace fs = std::filesystem;

const fs::path source = SLUICE_SOURCE_DIR;
const fs::path platform = source / "fixtures/platforms/scheduler-envs/repo";

class Chain : public testing::Test {
 protected:
  Chain() : repo_(scratch_.path() / "repo"), out_(scratch_.path() / "out") {
    fs::copy(platform, repo_, fs::copy_options::recursive);
  }

  void write(const std::string& path, const std::string& text) const {
    fs::create_directories((repo_ / path).parent_path());
    std::ofstream(repo_ / path, std::ios::binary) << text;
  }

  void git(std::vector<std::string> words) const {
    words.insert(words.begin(), {"/usr/bin/env", "git", "-c", "user.name=t", "-c",
                                 "user.email=t@example.com", "-C", repo_.string()});
    const auto ran = run({.argv = words, .env = {"PATH=" + inherited_path()}, .cwd = repo_});
    ASSERT_EQ(ran.exit, 0) << ran.err;
  }

  static std::string last_line(const Ran& ran) {
    const auto text = ran.out.substr(0, ran.out.size() - (ran.out.ends_with('\n') ? 1 : 0));
    return text.substr(text.rfind('\n') + 1);
  }

  static std::map<std::string, std::string> files(const fs::path& folder) {
    std::map<std::string, std::string> found;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
      if (entry.is_regular_file()) {
        found[fs::relative(entry.path(), folder).string()] = read_file(entry.path());
      }
    }
    return found;
  }

  Scratch scratch_;
  fs::path repo_;
  fs::path out_;
};

TEST_F(Chain, ComparesWithARevisionAndLeavesTheWorkTreeAlone) {
  git({"init", "-q", "-b", "main"});
  git({"add", "-A"});
  git({"commit", "-q", "-m", "one"});
  const auto values = read_file(repo_ / "envs/prod/values.yaml");
  write("envs/prod/values.yaml", values + "# changed, not committed\n");
  const auto before = files(repo_);
  const auto ran = run_chain(repo_, out_, {"--base", "HEAD"});
  EXPECT_EQ(ran.exit, 0) << ran.out << ran.err;
  EXPECT_NE(ran.out.find("== plan"), std::string::npos) << ran.out;
  EXPECT_EQ(ran.out.find("no base"), std::string::npos) << ran.out;
  EXPECT_EQ(files(repo_), before);
}

// The export of the base has no remote, so that the address must come from the work tree: else a
// source of another repository, whose path is here too, would be ours in the base alone.
TEST_F(Chain, KnowsInTheBaseWhichSourcesAreOurs) {
  fs::remove_all(repo_);
  const auto application = [](const std::string& name, const std::string& url) {
    return "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: " + name +
           ", namespace: argocd}\nspec:\n  project: default\n  source: {repoURL: '" + url +
           "', path: web}\n  destination: {server: https://kubernetes.default.svc, namespace: " +
           name + "}\n";
  };
  write("apps/ours.yaml", application("ours", "https://git.example.com/shop/platform"));
  write("apps/theirs.yaml", application("theirs", "https://git.example.com/other/platform"));
  write("web/config.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\n");
  git({"init", "-q", "-b", "main"});
  git({"remote", "add", "origin", "https://git.example.com/shop/platform.git"});
  git({"add", "-A"});
  git({"commit", "-q", "-m", "one"});
  run_chain(repo_, out_, {"--base", "HEAD", "--allow-skips", "--stages", "render"});
  EXPECT_EQ(read_file(out_ / "base/all.yaml"), read_file(out_ / "head/all.yaml"));
}

TEST_F(Chain, HasNoVerdictOnABaseThatIsNotThere) {
  git({"init", "-q", "-b", "main"});
  git({"add", "-A"});
  git({"commit", "-q", "-m", "one"});
  const auto ran = run_chain(repo_, out_, {"--base", "--upload-pack=touch /tmp/x"});
  EXPECT_EQ(ran.exit, 2);
  EXPECT_EQ(last_line(ran), "verdict: no verdict (exit 2)");
}

TEST_F(Chain, WritesTheSameBytesWhereverItRuns) {
  const auto other = scratch_.path() / "else where/deeper";
  fs::create_directories(other);
  fs::copy(platform, other / "repo", fs::copy_options::recursive);
  const auto one = run_chain(repo_, out_, {"--jobs", "1"});
  const auto eight = run_chain(other / "repo", other / "out", {"--jobs", "8"});
  EXPECT_EQ(one.exit, 0) << one.out << one.err;
  EXPECT_EQ(one.out, eight.out);
  EXPECT_EQ(files(out_), files(other / "out"));
}

TEST_F(Chain, SaysWhatToInstallWithoutHelm) {
  const std::string bare = "PATH=/usr/bin:/bin";
  if (run({.argv = {"/bin/sh", "-c", "command -v helm"}, .env = {bare}, .cwd = "/"}).exit == 0) {
    GTEST_SKIP() << "helm stands where it cannot be hidden";
  }
  // A copy: beside the real one lies .cache/tools/bin, which would be put on PATH.
  const auto script = scratch_.path() / "ci/run.sh";
  fs::create_directories(script.parent_path());
  fs::copy(source / "ci/run.sh", script);
  const auto ran =
      run({.argv = {"/bin/sh", script.string(), repo_.string(), "--out", out_.string()},
           .env = {bare, "SLUICE_BIN=" SLUICE_BIN_DIR},
           .cwd = scratch_.path()});
  EXPECT_EQ(ran.exit, 2) << ran.out << ran.err;
  EXPECT_NE(ran.out.find("install helm v3.22.0"), std::string::npos) << ran.out;
  EXPECT_EQ(last_line(ran), "verdict: no verdict (exit 2)");
}

TEST_F(Chain, EndsWithTwoOnAGateWithoutItsPolicy) {
  write("sluice.yaml", read_file(repo_ / "sluice.yaml") + "gates:\n  scan: gates.yaml\n");
  const auto ran = run_chain(repo_, out_);
  EXPECT_EQ(ran.exit, 2) << ran.out;
  EXPECT_NE(ran.out.find("gates.yaml"), std::string::npos) << ran.out;
}

TEST_F(Chain, LivesWithOldFindingsAndNotWithNewOnes) {
  const auto bad = [](const std::string& name) {
    return "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: " + name +
           ", namespace: staging}\ndata: {}\nmisspelt: 1\n";
  };
  fs::remove_all(repo_);
  write("manifests/old.yaml", bad("old"));
  const std::vector<std::string> stages = {"--stages", "render,validate"};
  auto flags = stages;
  flags.insert(flags.end(), {"--write-baseline", "sluice-baseline.json"});
  EXPECT_EQ(run_chain(repo_, out_, flags).exit, 1) << "the verdict of that run stays";

  flags = stages;
  flags.insert(flags.end(), {"--baseline", "sluice-baseline.json"});
  EXPECT_EQ(run_chain(repo_, out_, flags).exit, 0);
  write("manifests/new.yaml", bad("new"));
  flags.emplace_back("--new-only");
  const auto ran = run_chain(repo_, out_, flags);
  EXPECT_EQ(ran.exit, 1) << ran.out;
  EXPECT_NE(ran.out.find("manifests/new.yaml"), std::string::npos) << ran.out;
  EXPECT_EQ(ran.out.find("manifests/old.yaml"), std::string::npos) << ran.out;
}

// Whoever adds a finding could add it to the baseline in the same change.
TEST_F(Chain, SeesABaselineThatAChangeMakesLonger) {
  git({"init", "-q", "-b", "main"});
  git({"add", "-A"});
  git({"commit", "-q", "-m", "one"});
  write("sluice-baseline.json",
        R"({"format":"sluice.baseline/v1","findings":[)"
        R"({"fingerprint":"00","code":"schema/unknown-field","message":"m"}]})");
  const auto ran =
      run_chain(repo_, out_, {"--base", "HEAD", "--baseline", "sluice-baseline.json"});
  EXPECT_EQ(ran.exit, 1) << ran.out << ran.err;
  EXPECT_NE(ran.out.find("the baseline lives with a new schema/unknown-field"), std::string::npos)
      << ran.out;
}

TEST_F(Chain, HasNoVerdictOnABaselineThatIsNotThere) {
  EXPECT_EQ(run_chain(repo_, out_, {"--baseline", "sluice-baseline.json"}).exit, 2);
  EXPECT_EQ(run_chain(repo_, out_, {"--new-only"}).exit, 2);
}

TEST_F(Chain, RunsOnlyTheStagesAskedFor) {
  const auto ran = run_chain(repo_, out_, {"--stages", "render,validate"});
  EXPECT_EQ(ran.exit, 0) << ran.out << ran.err;
  EXPECT_EQ(ran.out.find("== policy-test"), std::string::npos);
  EXPECT_EQ(run_chain(repo_, out_, {"--stages", "render,valdate"}).exit, 2);
  EXPECT_EQ(run_chain(repo_, out_, {"--stges=render"}).exit, 2);
  EXPECT_EQ(run_chain(repo_, out_, {"--env", "../x"}).exit, 2);
}

TEST_F(Chain, NeverClearsAFolderOfSomebodyElse) {
  fs::create_directories(out_);
  std::ofstream(out_ / "thesis.txt") << "years";
  const auto ran = run_chain(repo_, out_);
  EXPECT_EQ(ran.exit, 2);
  EXPECT_EQ(read_file(out_ / "thesis.txt"), "years");
}

TEST_F(Chain, HasNoVerdictOnABrokenConfiguration) {
  write("sluice.yaml", "environmets: []\n");
  const auto ran = run_chain(repo_, out_);
  EXPECT_EQ(ran.exit, 2) << ran.out;
  EXPECT_NE((ran.out + ran.err).find("environments"), std::string::npos) << ran.out << ran.err;
}

TEST_F(Chain, HasNoVerdictOnAnEmptyRepository) {
  fs::remove_all(repo_);
  fs::create_directories(repo_);
  EXPECT_EQ(run_chain(repo_, out_).exit, 2);
}

}  // namespace
}  // namespace sluice::test
