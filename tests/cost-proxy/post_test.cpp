// SPDX-License-Identifier: Apache-2.0
// sluice-cost-proxy post against a forge on loopback: each case ends in the right state, with the
// right exit code. The states themselves are tests/forge/comment_test.cpp's.
#include "forge/comment_forge.hpp"

#include <gtest/gtest.h>

#include <future>

namespace sluice::test {
namespace {

namespace fs = std::filesystem;
using Words = std::vector<std::string>;

Ran cost_proxy(const Words& words, const fs::path& cwd, const Words& env = {}) {
  Program program{.argv = {(fs::path(SLUICE_BIN_DIR) / "sluice-cost-proxy").string()},
                  .env = {"PATH=/usr/bin:/bin"},
                  .cwd = cwd};
  program.argv.insert(program.argv.end(), words.begin(), words.end());
  program.env.insert(program.env.end(), env.begin(), env.end());
  return run(program);
}

/// What diff says of the case pass-change, or of no change at all.
std::string report(const std::string& base) {
  const Ran ran = cost_proxy({"diff", "--base", base, "--head", "head.yaml", "--format", "json"},
                             fs::path(SLUICE_SOURCE_DIR) / "fixtures/cost-proxy/pass-change/input");
  EXPECT_EQ(ran.exit, 0) << ran.err;
  return ran.out;
}

struct Api {
  const char* provider;
  const char* base;
  const char* update;  ///< the method
};

class Post : public testing::TestWithParam<Api> {
 protected:
  static const std::string& change() {
    static const std::string text = report("base.yaml");
    return text;
  }

  /// Runs post for a report, with the environment that a CI system gives. The token is never seen.
  Ran post(const CommentForge& forge, const Words& more = {}, const std::string& run = "5") const {
    const fs::path file = forge.folder() / ("cost-" + run + ".json");
    std::ofstream(file) << text_;
    Words words = {"post",
                   "--from",
                   file.string(),
                   "--provider",
                   GetParam().provider,
                   "--forge-url",
                   forge.url(GetParam().base),
                   "--project",
                   "acme/platform",
                   "--pull-request",
                   "7",
                   "--commit",
                   "bbb",
                   "--run",
                   run,
                   "--proxy",
                   ""};
    words.insert(words.end(), more.begin(), more.end());
    const Ran ran = cost_proxy(words, forge.folder(), {"SLUICE_FORGE_TOKEN=" + token_});
    EXPECT_EQ((ran.out + ran.err).find(token_), std::string::npos) << "the token is shown";
    return ran;
  }

  /// Expects an exit code, words of what it says, and how many comments there are.
  void expect(const Ran& ran,
              const CommentForge& forge,
              int exit,
              const std::string& said,
              std::size_t comments) const {
    EXPECT_EQ(ran.exit, exit) << ran.out << ran.err;
    EXPECT_NE((ran.out + ran.err).find(said), std::string::npos) << ran.out << ran.err;
    EXPECT_EQ(forge.comments().size(), comments);
  }

  std::string text_ = change();
  std::string token_ = comment_token;
};

TEST_P(Post, CreatesUpdatesAndLeavesAsItIs) {
  const CommentForge forge;
  expect(post(forge), forge, 0, "created the comment", 1);
  EXPECT_NE(forge.comments()[0].body.find("2 nvidia.com/gpu more"), std::string::npos);
  expect(post(forge), forge, 0, "the comment is up to date", 1);
  expect(post(forge, {}, "6"), forge, 0, "updated the comment", 1);
  expect(post(forge), forge, 0, "left to a newer run", 1);
}

TEST_P(Post, NoChangeUpdatesAnOldCommentAndMakesNone) {
  const CommentForge forge;
  expect(post(forge), forge, 0, "created", 1);
  text_ = report("head.yaml");
  expect(post(forge, {}, "6"), forge, 0, "updated", 1);
  EXPECT_NE(forge.comments()[0].body.find("nothing more or less"), std::string::npos);
  expect(post(forge, {"--on-no-change", "delete"}, "7"), forge, 0, "removed the comment", 0);
  expect(post(forge, {}, "8"), forge, 0, "there is no comment", 0);
  expect(post(forge, {"--on-no-change", "post"}, "9"), forge, 0, "created", 1);
}

TEST_P(Post, TakesDuplicatesAway) {
  const std::string old = "<!-- sluice:cost-proxy key=default v=1 run=3.0 -->\nold";
  const CommentForge forge({}, {{"bot", old}, {"ann", "hello"}, {"bot", old}});
  expect(post(forge), forge, 0, "took 1 duplicate away", 2);
}

TEST_P(Post, AForksTokenEndsWithAWarning) {
  const CommentForge forge({"--fault", "POST:*:403"});
  expect(post(forge), forge, 0, "[cost/not-posted]", 0);
  expect(post(forge, {"--post-failure", "fail"}), forge, 2, "403", 0);
  token_ = "";
  const Ran ran = cost_proxy({"post", "--from", (forge.folder() / "cost-5.json").string(),
                              "--provider", "github", "--project", "a/b", "--pull-request", "7"},
                             forge.folder());
  expect(ran, forge, 0, "there is no token", 0);
}

TEST_P(Post, WhatTheForgeRefusesIsNoVerdict) {
  for (const std::string status : {"404", "422"}) {
    SCOPED_TRACE(status);
    const CommentForge forge({"--fault", "POST:*:" + status});
    expect(post(forge), forge, 2, status, 0);
  }
  token_ = "wr0ng-t0ken";
  const CommentForge forge;
  expect(post(forge), forge, 2, "the token is wrong", 0);
}

TEST_P(Post, WaitsForLimitsAndForAForgeThatIsDown) {
  const CommentForge limited({"--fault", "POST:1:429,Retry-After=1"});
  expect(post(limited), limited, 0, "created", 1);
  const CommentForge broken({"--fault", "GET:1:502"});
  expect(post(broken), broken, 0, "created", 1);
  const CommentForge down({"--fault", "GET:*:503"});
  expect(post(down, {"--patience", "1"}), down, 0, "[cost/not-posted]", 0);
  expect(post(down, {"--patience", "1", "--post-failure", "fail"}), down, 2, "come again later", 0);
}

TEST_P(Post, AnAnswerThatComesTooLateIsLookedFor) {
  const CommentForge forge({"--fault", "POST:1:silent"});
  expect(post(forge, {"--timeout", "2"}), forge, 0, "created", 1);
  EXPECT_EQ(forge.requests("POST /api/v"), 1U);
}

TEST_P(Post, TwoJobsThatRaceLeaveOneComment) {
  const CommentForge forge({"--meet", "GET:2", "--meet", "POST:2"});
  auto older = std::async(std::launch::async,
                          [&] { return post(forge, {"--commit", "aaa", "--run", "5"}, "50"); });
  auto newer = std::async(std::launch::async, [&] { return post(forge, {"--run", "15"}, "150"); });
  EXPECT_EQ(older.get().exit, 0);
  EXPECT_EQ(newer.get().exit, 0);
  ASSERT_EQ(forge.comments().size(), 1U);
  EXPECT_NE(forge.comments()[0].body.find(" run=15.0 "), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(All,
                         Post,
                         testing::Values(Api{"github", "/api/v3", "PATCH"},
                                         Api{"gitlab", "/api/v4", "PUT"}),
                         [](const auto& api) { return std::string(api.param.provider); });

/// As in a workflow_run workflow: the event names the run that computed, and no pull request.
TEST(PostFromWorkflowRun, FindsThePullRequestOfAFork) {
  const CommentForge forge({"--actions", "--head", std::string(40, 'a')});
  std::ofstream(forge.folder() / "cost.json") << report("base.yaml");
  const auto post = [&](char commit) {
    std::ofstream(forge.folder() / "event.json")
        << nlohmann::json{{"workflow_run",
                           {{"head_sha", std::string(40, commit)},
                            {"head_branch", "patch-1"},
                            {"head_repository", {{"owner", {{"login", "mallory"}}}}},
                            {"run_number", 12},
                            {"run_attempt", 2},
                            {"pull_requests", nlohmann::json::array()}}}};
    return cost_proxy({"post", "--from", "cost.json"}, forge.folder(),
                      {"GITHUB_ACTIONS=true", "GITHUB_API_URL=" + forge.url("/api/v3"),
                       "GITHUB_REPOSITORY=acme/platform", "GITHUB_RUN_NUMBER=900",
                       "GITHUB_EVENT_PATH=" + (forge.folder() / "event.json").string(),
                       std::string("GITHUB_TOKEN=") + comment_token});
  };
  const Ran ran = post('a');
  EXPECT_EQ(ran.exit, 0) << ran.err;
  ASSERT_EQ(forge.comments().size(), 1U);
  EXPECT_TRUE(forge.comments()[0].body.starts_with(
      "<!-- sluice:cost-proxy key=default v=1 sha=" + std::string(40, 'a') + " run=12.2 -->\n"))
      << forge.comments()[0].body;
  const Ran none = post('c');
  EXPECT_EQ(none.exit, 0) << none.err;
  EXPECT_NE(none.out.find("nothing to post"), std::string::npos) << none.out;
}

}  // namespace
}  // namespace sluice::test
