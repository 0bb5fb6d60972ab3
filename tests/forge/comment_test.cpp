// SPDX-License-Identifier: Apache-2.0
// One comment and its states, against a forge that keeps them (comment_stub.py).
#include "forge/comment.hpp"

#include "forge/comment_forge.hpp"
#include "http/client.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <future>

namespace sluice::forge {
namespace {

using test::CommentForge;

constexpr const char* old_run = "<!-- sluice:cost-proxy key=default v=1 sha=aaa run=4.1 -->\nold";
constexpr const char* next_run = "<!-- sluice:cost-proxy key=default v=1 sha=ccc run=9.1 -->\nnext";
constexpr const char* body = "<!-- sluice:cost-proxy key=default v=1 sha=bbb run=5.1 -->\nnew";

struct Api {
  Kind kind;
  const char* base;
};

class Forges : public testing::TestWithParam<Api> {
 protected:
  static Sticky sticky(const std::string& text = "new", std::uint64_t run = 5) {
    return {.pull_request = "7",
            .tool = "cost-proxy",
            .key = "default",
            .stamp = {.commit = "bbb", .run = run, .attempt = 1},
            .text = text};
  }

  Result<Posting> post(const CommentForge& forge, const Sticky& what) const {
    const auto client = http::make_client();
    const Access access{.token = test::comment_token,
                        .patience = std::chrono::seconds(20),
                        .timeout = std::chrono::milliseconds(1500),
                        .sleep = [this](std::chrono::seconds time) { slept_.push_back(time); }};
    return forge::post(
        *client,
        {.kind = GetParam().kind, .api = forge.url(GetParam().base), .path = "acme/platform"},
        access, what);
  }

  /// Posts, expects that outcome, and that the comments are these afterwards.
  void expect(const CommentForge& forge,
              const Sticky& what,
              Posted posted,
              const std::vector<std::string>& bodies) const {
    const auto posting = post(forge, what);
    ASSERT_TRUE(posting) << posting.error().message;
    EXPECT_EQ(posting->what, posted);
    expect_bodies(forge, bodies);
  }

  static void expect_bodies(const CommentForge& forge, const std::vector<std::string>& bodies) {
    std::vector<std::string> now;
    for (const auto& comment : forge.comments()) {
      now.push_back(comment.body);
    }
    EXPECT_EQ(now, bodies);
  }

  mutable std::vector<std::chrono::seconds> slept_;
};

TEST_P(Forges, MakesTheCommentOnce) {
  const CommentForge forge({}, {{"ann", "hello"}, {"ann", "a"}, {"ann", "b"}});
  expect(forge, sticky(), Posted::created, {"hello", "a", "b", body});
  expect(forge, sticky(), Posted::unchanged, {"hello", "a", "b", body});
  EXPECT_EQ(forge.requests("POST /api/v"), 1U);
}

TEST_P(Forges, FindsItOnALaterPageAndUpdatesIt) {
  const CommentForge forge({}, {{"ann", "1"}, {"ann", "2"}, {"ann", "3"}, {"bot", old_run}});
  expect(forge, sticky(), Posted::updated, {"1", "2", "3", body});
  EXPECT_EQ(forge.requests("POST /api/v"), 0U);
}

TEST_P(Forges, TakesDuplicatesAway) {
  const CommentForge forge({},
                           {{"bot", old_run}, {"ann", "hello"}, {"bot", old_run}, {"bot", body}});
  const auto posting = post(forge, sticky());
  ASSERT_TRUE(posting) << posting.error().message;
  EXPECT_EQ(posting->duplicates, 2U);
  expect_bodies(forge, {"hello", body});
}

TEST_P(Forges, LeavesOtherAuthorsAndKeysAlone) {
  const std::string other = "<!-- sluice:cost-proxy key=default2 v=1 -->\nother";
  const std::string quoted = "> <!-- sluice:cost-proxy key=default v=1 -->";
  const CommentForge forge({}, {{"mallory", old_run}, {"bot", other}, {"bot", quoted}});
  expect(forge, sticky(), Posted::created, {old_run, other, quoted, body});
}

TEST_P(Forges, ANewerRunIsNotOverwritten) {
  const CommentForge forge({}, {{"bot", next_run}, {"bot", old_run}});
  expect(forge, sticky(), Posted::superseded, {next_run, old_run});
}

TEST_P(Forges, NothingIsMadeWhereNothingIsNeeded) {
  const CommentForge forge({}, {{"ann", "hello"}});
  Sticky what = sticky();
  what.absent = Sticky::Absent::leave;
  expect(forge, what, Posted::absent, {"hello"});
}

TEST_P(Forges, AnUnwantedCommentGoes) {
  const CommentForge forge({}, {{"bot", old_run}, {"ann", "hello"}, {"bot", old_run}});
  Sticky what = sticky();
  what.wanted = Sticky::Wanted::gone;
  expect(forge, what, Posted::removed, {"hello"});
  expect(forge, what, Posted::absent, {"hello"});
}

TEST_P(Forges, ATokenThatMayNotWriteIsToldApart) {
  const CommentForge forge({"--fault", "POST:*:403"});
  const auto posting = post(forge, sticky());
  ASSERT_FALSE(posting);
  EXPECT_EQ(posting.error().kind, Error::Kind::unsupported);
  EXPECT_EQ(posting.error().message.find(test::comment_token), std::string::npos)
      << posting.error().message;
  EXPECT_EQ(forge.requests(" 403"), 1U) << "asked once";
}

TEST_P(Forges, WhatTheForgeRefusesIsTold) {
  for (const char* status : {"404", "410", "422"}) {
    SCOPED_TRACE(status);
    const CommentForge forge({"--fault", std::string("POST:*:") + status});
    const auto posting = post(forge, sticky());
    ASSERT_FALSE(posting);
    EXPECT_EQ(posting.error().kind, Error::Kind::usage);
    EXPECT_NE(posting.error().message.find(status), std::string::npos) << posting.error().message;
  }
}

TEST_P(Forges, LimitsAreWaitedFor) {
  struct Limit {
    const char* fault;
    std::vector<std::chrono::seconds> slept;
  };
  using std::chrono::seconds;
  for (const Limit& limit :
       {Limit{"POST:1:429,Retry-After=3", {seconds(3)}},
        Limit{"GET:1:429,Retry-After=2", {seconds(2)}},
        Limit{"GET:2:403,X-RateLimit-Remaining=0,X-RateLimit-Reset=1", {seconds(1)}},
        Limit{"GET:1:503", {seconds(1)}}}) {
    SCOPED_TRACE(limit.fault);
    slept_.clear();
    const CommentForge forge({"--fault", limit.fault});
    expect(forge, sticky(), Posted::created, {body});
    EXPECT_EQ(slept_, limit.slept);
  }
}

TEST_P(Forges, PatienceEnds) {
  for (const char* fault : {"POST:*:429,Retry-After=15", "POST:*:503", "GET:*:502"}) {
    SCOPED_TRACE(fault);
    const CommentForge forge({"--fault", fault});
    const auto posting = post(forge, sticky());
    ASSERT_FALSE(posting);
    EXPECT_EQ(posting.error().kind, Error::Kind::io) << posting.error().message;
    expect_bodies(forge, {});
  }
}

TEST_P(Forges, AnAnswerThatIsLostIsNoReasonForASecondComment) {
  for (const char* fault : {"POST:1:after", "POST:1:silent", "POST:1:before", "POST:1:502"}) {
    SCOPED_TRACE(fault);
    const CommentForge forge({"--fault", fault});
    expect(forge, sticky(), Posted::created, {body});
  }
  const char* update = GetParam().kind == Kind::github ? "PATCH:1:after" : "PUT:1:after";
  const CommentForge forge({"--fault", update}, {{"bot", old_run}});
  expect(forge, sticky(), Posted::updated, {body});
}

TEST_P(Forges, ACommentThatIsDeletedMeanwhileIsMadeAgain) {
  const char* gone = GetParam().kind == Kind::github ? "PATCH:*:404" : "PUT:*:404";
  const CommentForge forge({"--fault", gone}, {{"bot", old_run}});
  const auto posting = post(forge, sticky());  // it is listed, and cannot be changed: for ever
  ASSERT_TRUE(posting) << posting.error().message;
  expect_bodies(forge, {old_run});
}

/// Both read before either writes; the forge takes the newer run's comment first.
TEST_P(Forges, TwoJobsThatRaceLeaveTheNewerRunsComment) {
  using Seed = std::vector<CommentForge::Comment>;
  for (const Seed& seed : {Seed{}, Seed{{"bot", old_run}}}) {
    SCOPED_TRACE(seed.size());
    std::vector<std::string> flags = {"--meet", "GET:2"};
    if (seed.empty()) {  // bodies are ordered as text: "run=15" comes before "run=5"
      flags.insert(flags.end(), {"--meet", "POST:2"});
    }
    const CommentForge forge(flags, seed);
    Sticky older = sticky("old", 5);
    older.stamp.commit = "aaa";
    auto first = std::async(std::launch::async, [&] { return post(forge, older); });
    auto second = std::async(std::launch::async, [&] { return post(forge, sticky("new", 15)); });
    const auto posted = first.get();
    ASSERT_TRUE(posted) << posted.error().message;
    // It may have looked again before the newer one wrote, which then takes its comment away.
    EXPECT_TRUE(posted->what == Posted::superseded || posted->what == Posted::created);
    ASSERT_TRUE(second.get());
    expect_bodies(forge, {"<!-- sluice:cost-proxy key=default v=1 sha=bbb run=15.1 -->\nnew"});
  }
}

TEST_P(Forges, ARunThatTheNextPushHasOvertakenChangesNothing) {
  const CommentForge forge({"--head", "ccc"}, {{"bot", old_run}});
  expect(forge, sticky(), Posted::superseded, {old_run});
  const CommentForge empty({"--head", "ccc"});  // perhaps nothing runs for the new commit
  expect(empty, sticky(), Posted::created, {body});
}

TEST_P(Forges, TwoJobsOfOneRunLeaveOneComment) {
  const CommentForge forge({"--meet", "GET:2", "--meet", "POST:2"});
  auto one = std::async(std::launch::async, [&] { return post(forge, sticky("a")); });
  auto two = std::async(std::launch::async, [&] { return post(forge, sticky("b")); });
  EXPECT_TRUE(one.get());
  EXPECT_TRUE(two.get());
  EXPECT_EQ(forge.comments().size(), 1U);
}

INSTANTIATE_TEST_SUITE_P(All,
                         Forges,
                         testing::Values(Api{Kind::github, "/api/v3"},
                                         Api{Kind::gitlab, "/api/v4"}),
                         [](const auto& param) {
                           return param.param.kind == Kind::github ? "github" : "gitlab";
                         });

TEST(Comment, AWorkflowsTokenKnowsItsOwner) {
  const CommentForge forge({"--actions"}, {{"github-actions[bot]", old_run}, {"bot", old_run}});
  const auto client = http::make_client();
  const auto posting = post(*client, {.api = forge.url("/api/v3"), .path = "acme/platform"},
                            {.token = test::comment_token},
                            {.pull_request = "7", .tool = "cost-proxy", .key = "default"});
  ASSERT_TRUE(posting) << posting.error().message;
  EXPECT_EQ(posting->what, Posted::updated);
  EXPECT_EQ(forge.comments().at(1).body, old_run);
}

TEST(Comment, AForksPullRequestIsFoundByItsCommit) {
  const CommentForge forge;
  const auto client = http::make_client();
  const auto numbers = pull_requests_of(
      *client, {.api = forge.url("/api/v3"), .path = "acme/platform"},
      {.token = test::comment_token},
      {.owner = "mallory", .branch = "x&state=closed#", .commit = std::string(40, 'b')});
  ASSERT_TRUE(numbers) << numbers.error().message;
  EXPECT_EQ(*numbers, std::vector<std::string>{"8"});
}

TEST(Marker, IsReadBackAndCannotBeBrokenOutOf) {
  const Stamp stamp{.commit = "abc", .run = 17, .attempt = 2};
  EXPECT_EQ(marker("cost-proxy", "default", stamp),
            "<!-- sluice:cost-proxy key=default v=1 sha=abc run=17.2 -->");
  EXPECT_EQ(read_marker(marker("t", "k", stamp) + "\r\ntext", "t", "k"), stamp);
  EXPECT_EQ(marker("t", "a --> <b>\n", {.commit = "--x-->"}),
            "<!-- sluice:t key=a-b v=1 sha=-x- -->");
  EXPECT_EQ(read_marker("<!-- sluice:t key=k v=1 -->", "t", "k"), Stamp{});
  EXPECT_EQ(read_marker("<!-- sluice:t key=kk v=1 -->", "t", "k"), std::nullopt);
  EXPECT_EQ(read_marker("x <!-- sluice:t key=k v=1 -->", "t", "k"), std::nullopt);
  EXPECT_EQ(read_marker("<!-- sluice:t key=k run=99999999999999999999.x -->", "t", "k"), Stamp{});
}

TEST(Stamp, OrdersRunsThatAreKnown) {
  EXPECT_TRUE(is_newer({.run = 2}, {.run = 1}));
  EXPECT_TRUE(is_newer({.run = 2, .attempt = 2}, {.run = 2, .attempt = 1}));
  EXPECT_FALSE(is_newer({.run = 2}, {.run = 2}));
  EXPECT_FALSE(is_newer({.run = 2}, {}));
  EXPECT_FALSE(is_newer({}, {.run = 2}));
}

}  // namespace
}  // namespace sluice::forge
