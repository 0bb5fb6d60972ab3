// SPDX-License-Identifier: Apache-2.0
// Pull requests and conditional commits, against a forge that keeps state (forge_stub.py) and the
// bare repository behind it.
#include "promote/playground.hpp"
#include "support/daemon.hpp"

#include <memory>

namespace sluice::test {
namespace {

constexpr const char* token = "s3cret-t0ken";

struct ForgeCase {
  const char* kind;
  const char* api;
};

class Forges : public testing::TestWithParam<ForgeCase> {
 protected:
  void start(const std::vector<std::string>& more = {}) {
    const int port = free_port();
    std::vector<std::string> argv = {
        "/usr/bin/env",
        "python3",
        std::string(SLUICE_SOURCE_DIR) + "/tests/promote/forge_stub.py",
        place_.at("platform.git").string(),
        place_.at("requests").string(),
        std::to_string(port),
        "--token",
        token};
    argv.insert(argv.end(), more.begin(), more.end());
    daemon_ = std::make_unique<Daemon>(argv, place_.env(), place_.at("forge.log"));
    wait_for_port(port);
    url_ = "http://127.0.0.1:" + std::to_string(port) + GetParam().api;
    place_.more_env = {std::string("SLUICE_FORGE_TOKEN=") + token};
  }

  Ran promote(const std::string& words) const {
    Ran ran = place_.promote(words + " --no-check --forge " + GetParam().kind + " --forge-url " +
                             url_ + " --project acme/platform");
    EXPECT_EQ((ran.out + ran.err).find(token), std::string::npos) << "the token is shown";
    return ran;
  }

  [[nodiscard]] std::size_t requests(const std::string& line) const {
    const std::string all = read_file(place_.at("requests"));
    std::size_t count = 0;
    for (auto at = all.find(line); at != std::string::npos; at = all.find(line, at + 1)) {
      ++count;
    }
    return count;
  }

  Playground place_;
  std::unique_ptr<Daemon> daemon_;
  std::string url_;
};

const std::string next = "--to dev --image ghcr.io/acme/iris:1.4.2";

TEST_P(Forges, APullRequestIsFoundAgainAndNeverDoubled) {
  start();
  Ran ran = promote(next + " --pull-request");
  ASSERT_EQ(ran.exit, 0) << ran.err;
  EXPECT_NE(ran.out.find("pull request https://git.example.com/acme/platform/"), std::string::npos);
  EXPECT_EQ(place_.bare("rev-list --count main"), "1\n");
  EXPECT_EQ(place_.bare("rev-list --count main..promote/dev/iris"), "1\n");
  const std::string branch = place_.bare("rev-parse promote/dev/iris");
  ran = promote(next + " --pull-request");
  EXPECT_EQ(ran.exit, 0) << ran.err;
  EXPECT_EQ(ran.out, "nothing to do: it is so already\n");
  EXPECT_EQ(place_.bare("rev-parse promote/dev/iris"), branch);
  // The next version takes its place.
  ran = promote("--to dev --image ghcr.io/acme/iris:1.4.3 --pull-request");
  EXPECT_EQ(ran.exit, 0) << ran.err;
  EXPECT_NE(place_.file("envs/dev/kustomization.yaml", "promote/dev/iris").find("1.4.3"),
            std::string::npos);
  EXPECT_NE(ran.out.find("/1\n"), std::string::npos) << "the same pull request: " << ran.out;
  EXPECT_EQ(place_.bare("for-each-ref --format=%(refname:short) refs/heads/promote"),
            "promote/dev/iris\n");
  // Merged: the branch is set forward and used again.
  place_.git("fetch -q origin promote/dev/iris");
  place_.git("merge -q --no-ff -m Merge FETCH_HEAD");
  place_.git("push -q origin main");
  EXPECT_EQ(promote("--to dev --image ghcr.io/acme/iris:1.4.4 --pull-request").exit, 0);
  EXPECT_EQ(place_.bare("rev-list --count main..promote/dev/iris"), "1\n");
}

TEST_P(Forges, ACommitOfTheForgeIsConditional) {
  start({"--stale"});
  const Ran ran = promote(next + " --push-with api");
  ASSERT_EQ(ran.exit, 0) << ran.err;
  EXPECT_EQ(place_.bare("log --format=%s main"),
            "promote(dev): ghcr.io/acme/iris 1.4.1 -> 1.4.2\nMeanwhile\nThe base\n");
  const std::string file = place_.file("envs/dev/kustomization.yaml");
  EXPECT_NE(file.find("1.4.2"), std::string::npos);
  EXPECT_NE(file.find("# meanwhile"), std::string::npos) << "nothing of theirs is lost";
  EXPECT_NE(ran.out.find("commit " + place_.bare("rev-parse main").substr(0, 40)),
            std::string::npos)
      << ran.out;
  EXPECT_NE(place_.bare("log -1 --format=%B main").find("\n\nPromoted-To: dev\n"),
            std::string::npos);
  EXPECT_EQ(promote(next + " --push-with api").out, "nothing to do: it is so already\n");
}

TEST_P(Forges, LimitsAreWaitedFor) {
  start({"--busy"});
  const Ran ran = promote(next + " --push-with api --pull-request");
  EXPECT_EQ(ran.exit, 0) << ran.err;
  EXPECT_GE(requests(" 429"), 2U);
  EXPECT_EQ(place_.bare("rev-list --count main..promote/dev/iris"), "1\n");
}

TEST_P(Forges, StatusesOfTheArrivalCount) {
  start();
  place_.write("sluice.yaml", read_file(place_.at("work/sluice.yaml")) +
                                  "promote: {environments: [{name: stg, statuses: [argocd/dev]}, "
                                  "{name: prd, statuses: [smoke]}]}\n");
  place_.commit("Statuses");
  EXPECT_EQ(promote(next).exit, 0);
  Ran ran = promote("--to stg --image ghcr.io/acme/iris:1.4.2");
  EXPECT_EQ(ran.exit, 0) << ran.err;
  ran = promote("--to prd --image ghcr.io/acme/iris:1.4.2");
  EXPECT_EQ(ran.exit, 1);
  EXPECT_NE(ran.err.find("promote/status"), std::string::npos) << ran.err;
}

TEST_P(Forges, AWrongTokenIsSaidAndNotShown) {
  start();
  place_.more_env = {"SLUICE_FORGE_TOKEN=wr0ng-t0ken"};
  const Ran ran = promote(next + " --push-with api");
  EXPECT_EQ(ran.exit, 2);
  EXPECT_NE(ran.err.find("the token is wrong or has expired"), std::string::npos) << ran.err;
  EXPECT_EQ((ran.out + ran.err).find("wr0ng-t0ken"), std::string::npos) << ran.err;
  EXPECT_EQ(place_.bare("rev-list --count main"), "1\n");
}

TEST_P(Forges, AnExecutableFileKeepsItsModeByAPushWithGit) {
  start();
  std::filesystem::permissions(place_.at("work/envs/dev/kustomization.yaml"),
                               std::filesystem::perms::owner_exec,
                               std::filesystem::perm_options::add);
  place_.commit("Executable");
  EXPECT_EQ(promote(next + " --push-with api").exit, 0);
  EXPECT_TRUE(place_.bare("ls-tree main envs/dev/kustomization.yaml").starts_with("100755"));
  EXPECT_EQ(requests("graphql") + requests("repository/commits "), 0U);
}

INSTANTIATE_TEST_SUITE_P(All,
                         Forges,
                         testing::Values(ForgeCase{"github", "/api/v3"},
                                         ForgeCase{"gitlab", "/api/v4"}),
                         [](const auto& param) { return std::string(param.param.kind); });

}  // namespace
}  // namespace sluice::test
