// SPDX-License-Identifier: Apache-2.0
// src/git against real servers on loopback.
#include "support/promoter.hpp"

#include <gtest/gtest.h>

namespace sluice::git {
namespace {

using test::access_to;
using test::draft_of;
using test::GitServer;
using test::Promoter;
using test::Scratch;
using Kind = GitServer::Kind;

class Servers : public testing::TestWithParam<Kind> {};

TEST_P(Servers, FetchCommitAndPush) {
  if (const auto missing = GitServer::missing(GetParam()); !missing.empty()) {
    GTEST_SKIP() << missing;
  }
  const std::string token = GetParam() == Kind::ssh ? "" : "sesame-open";
  GitServer server({GetParam(), token});
  server.create("platform", {{"apps/a.yaml", "a: 1\n"}, {"b.yaml", "b: 1\n"}});
  Scratch scratch;
  Promoter promoter(server.url("platform"), scratch.path() / "cache",
                    access_to(server, GetParam(), token));
  ASSERT_TRUE(promoter.opened) << promoter.opened.error().message;
  const auto fetched = promoter->fetch("main");
  ASSERT_TRUE(fetched) << fetched.error().message;
  ASSERT_EQ(fetched->outcome, Outcome::done) << fetched->message << server.log();
  const auto file = promoter->read(fetched->tip, "apps/a.yaml");
  ASSERT_TRUE(file) << file.error().message;
  EXPECT_EQ(file->bytes, "a: 1\n");
  const auto commit = promoter->commit(draft_of(fetched->tip, "apps/a.yaml", "a: 2\n"));
  ASSERT_TRUE(commit) << commit.error().message;
  const auto pushed = promoter->push({"main", fetched->tip, *commit});
  ASSERT_TRUE(pushed) << pushed.error().message;
  EXPECT_EQ(pushed->outcome, Outcome::done) << pushed->message << server.log();
  EXPECT_EQ(server.git("platform", {"rev-parse", "main"}), *commit + '\n');
  EXPECT_EQ(server.git("platform", {"show", "main:apps/a.yaml"}), "a: 2\n");
  EXPECT_EQ(server.git("platform", {"fsck", "--strict", "--no-dangling"}), "");
}

INSTANTIATE_TEST_SUITE_P(
    All, Servers, testing::Values(Kind::http, Kind::https, Kind::ssh), [](const auto& kind) {
      return kind.param == Kind::http ? "http" : kind.param == Kind::https ? "https" : "ssh";
    });

}  // namespace
}  // namespace sluice::git
