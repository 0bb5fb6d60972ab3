// SPDX-License-Identifier: Apache-2.0
// Every request about comments against GitHub's own OpenAPI description, served by Prism, which
// answers 422 to what the description does not allow. Skipped unless SLUICE_PRISM names a
// node_modules folder with @stoplight/prism-cli and @octokit/openapi (npm install of both). Prism
// keeps no state: what comes of the requests is comment_test.cpp's.
#include "forge/comment.hpp"
#include "forge/comment_thread.hpp"
#include "http/client.hpp"
#include "support/daemon.hpp"
#include "support/program.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

namespace sluice::forge {
namespace {

namespace fs = std::filesystem;

class Contract : public testing::Test {
 protected:
  void SetUp() override {
    const char* modules = std::getenv("SLUICE_PRISM");
    if (modules == nullptr) {
      GTEST_SKIP() << "SLUICE_PRISM names no folder with Prism";
    }
    const std::string path = std::string("PATH=") + std::getenv("PATH");
    const std::string spec = scratch_.path() / "spec.json";
    const auto made = test::run(
        {.argv = {"/usr/bin/env", "python3",
                  std::string(SLUICE_SOURCE_DIR) + "/tests/forge/contract_spec.py", modules, spec},
         .env = {path},
         .cwd = scratch_.path()});
    ASSERT_EQ(made.exit, 0) << made.err;
    const int port = test::free_port();
    prism_ = std::make_unique<test::Daemon>(
        std::vector<std::string>{std::string(modules) + "/.bin/prism", "mock", "-p",
                                 std::to_string(port), spec},
        std::vector<std::string>{path, "HOME=" + scratch_.path().string()},
        scratch_.path() / "log");
    for (int tries = 0; read_log().find("Prism is listening") == std::string::npos; ++tries) {
      ASSERT_LT(tries, 600) << read_log();
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    project_ = {.api = "http://127.0.0.1:" + std::to_string(port), .path = "acme/platform"};
  }

  [[nodiscard]] std::string read_log() const { return test::read_file(scratch_.path() / "log"); }

  test::Scratch scratch_;
  std::unique_ptr<test::Daemon> prism_;
  std::unique_ptr<http::Client> client_ = http::make_client();
  Project project_;
  Access access_{.token = "t0ken"};
};

TEST_F(Contract, GitHubKnowsEveryRequest) {
  Caller caller(*client_, project_, access_);
  Thread thread(caller, "7");
  const auto list = thread.list();
  ASSERT_TRUE(list) << list.error().message << read_log();
  ASSERT_FALSE(list->empty());
  EXPECT_FALSE(list->front().author.empty());
  EXPECT_FALSE(list->front().body.empty());
  EXPECT_NE(list->front().id, 0U);
  const auto made = thread.create(marker("cost-proxy", "default", {}) + "\ntext");
  ASSERT_TRUE(made) << made.error().message << read_log();
  EXPECT_NE(made->id, 0U);
  EXPECT_TRUE(made->url.starts_with("https://")) << made->url;
  const auto updated = thread.update(made->id, "text");
  ASSERT_TRUE(updated) << updated.error().message << read_log();
  EXPECT_EQ(*updated, Thread::Change::done);
  const auto removed = thread.remove(made->id);
  ASSERT_TRUE(removed) << removed.error().message << read_log();
  EXPECT_EQ(*removed, Thread::Change::done);
  const auto head = thread.head();
  ASSERT_TRUE(head) << head.error().message << read_log();
  EXPECT_FALSE(head->empty());
  const auto pulls =
      pull_requests_of(*client_, project_, access_, {.owner = "a", .branch = "b", .commit = *head});
  EXPECT_TRUE(pulls) << pulls.error().message << read_log();
  const auto self = caller.call("GET", "/user", nullptr, Repeat::safe);
  ASSERT_TRUE(self) << self.error().message;
  EXPECT_EQ(self->status, 200) << read_log();
}

TEST_F(Contract, WhatGitHubDoesNotTakeIsRefused) {  // so the test above can fail
  Caller caller(*client_, project_, access_);
  const auto answer = caller.call("POST", "/repos/acme/platform/issues/7/comments",
                                  {{"text", "no body"}}, Repeat::unsafe);
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->status, 422) << read_log();
}

}  // namespace
}  // namespace sluice::forge
