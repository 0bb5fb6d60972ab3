// SPDX-License-Identifier: Apache-2.0
#include "cost-proxy/destination.hpp"

#include <gtest/gtest.h>

#include <map>

namespace sluice::cost_proxy {
namespace {

using Variables = std::map<std::string, std::string>;

Environment environment(const Variables& variables) {
  return [variables](const char* name) {
    const auto found = variables.find(name);
    return found == variables.end() ? std::string() : found->second;
  };
}

const Variables actions = {{"GITHUB_ACTIONS", "true"},
                           {"GITHUB_API_URL", "https://ghe.example.com/api/v3"},
                           {"GITHUB_REPOSITORY", "acme/platform"},
                           {"GITHUB_RUN_NUMBER", "17"},
                           {"GITHUB_RUN_ATTEMPT", "2"}};

TEST(Destination, IsWhatAPullRequestsEventSays) {
  const auto to = destination({}, environment(actions),
                              R"({"pull_request": {"number": 7, "head": {"sha": "abc"}}})");
  ASSERT_TRUE(to) << to.error().message;
  EXPECT_EQ(to->project.api, "https://ghe.example.com/api/v3");
  EXPECT_EQ(to->project.path, "acme/platform");
  EXPECT_EQ(to->pull_request, "7");
  EXPECT_EQ(to->stamp, (forge::Stamp{.commit = "abc", .run = 17, .attempt = 2}));
}

TEST(Destination, OfAWorkflowRunIsLookedUp) {
  const auto to = destination({}, environment(actions), R"({"workflow_run": {
      "head_sha": "abc", "head_branch": "x", "run_number": 3, "run_attempt": 1,
      "head_repository": {"owner": {"login": "mallory"}}, "pull_requests": []}})");
  ASSERT_TRUE(to) << to.error().message;
  EXPECT_EQ(to->pull_request, "");
  ASSERT_TRUE(to->head);
  EXPECT_EQ(to->head->owner, "mallory");
  EXPECT_EQ(to->head->commit, "abc");
  EXPECT_EQ(to->stamp, (forge::Stamp{.commit = "abc", .run = 3, .attempt = 1}));
}

TEST(Destination, IsWhatGitLabsVariablesSay) {
  const auto to = destination({},
                              environment({{"GITLAB_CI", "true"},
                                           {"CI_API_V4_URL", "https://git.example.com/api/v4"},
                                           {"CI_PROJECT_PATH", "fork/platform"},
                                           {"CI_MERGE_REQUEST_PROJECT_PATH", "group/sub/platform"},
                                           {"CI_MERGE_REQUEST_IID", "12"},
                                           {"CI_COMMIT_SHA", "merged"},
                                           {"CI_MERGE_REQUEST_SOURCE_BRANCH_SHA", "abc"},
                                           {"CI_PIPELINE_ID", "900"}}),
                              "");
  ASSERT_TRUE(to) << to.error().message;
  EXPECT_EQ(to->project.kind, forge::Kind::gitlab);
  EXPECT_EQ(to->project.path, "group/sub/platform");
  EXPECT_EQ(to->pull_request, "12");
  EXPECT_EQ(to->stamp, (forge::Stamp{.commit = "abc", .run = 900}));
}

TEST(Destination, FlagsWin) {
  const auto to = destination({.provider = "gitlab",
                               .forge_url = "https://x.example.com/api/v4",
                               .project = "a/b",
                               .pull_request = "9",
                               .commit = "def",
                               .run = "4.5"},
                              environment(actions), R"({"pull_request": {"number": 7}})");
  ASSERT_TRUE(to) << to.error().message;
  EXPECT_EQ(to->project.kind, forge::Kind::gitlab);
  EXPECT_EQ(to->pull_request, "9");
  EXPECT_EQ(to->stamp, (forge::Stamp{.commit = "def", .run = 4, .attempt = 5}));
}

TEST(Destination, SaysWhatIsMissing) {
  struct Row {
    Whereto flags;
    Variables variables;
    const char* event;
    const char* said;
  };
  const Row rows[] = {
      {{}, {}, "", "--provider"},
      {{.provider = "github"}, {}, "", "--project"},
      {{}, actions, "", "--pull-request"},
      {{}, actions, "[]", "--pull-request"},
      {{}, actions, R"({"pull_request": {"number": "7; rm"}})", "no number"},
      {{.pull_request = "../1"}, actions, "", "no number"},
      {{.pull_request = "1", .run = "x"}, actions, "", "--run x"},
      {{.pull_request = "1", .run = "1.-2"}, actions, "", "--run"},
      {{.provider = "gitlab", .project = "a/b", .pull_request = "1"}, {}, "", "--forge-url"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.said);
    const auto to = destination(row.flags, environment(row.variables), row.event);
    ASSERT_FALSE(to);
    EXPECT_EQ(to.error().kind, Error::Kind::usage);
    EXPECT_NE(to.error().message.find(row.said), std::string::npos) << to.error().message;
  }
}

}  // namespace
}  // namespace sluice::cost_proxy
