// SPDX-License-Identifier: Apache-2.0
// Against a client that answers by a table; the real one has tests of its own, and
// mlflow_server_test.cpp goes over loopback.
#include "model/mlflow.hpp"

#include "support/program.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <map>

namespace sluice::model::mlflow {
namespace {

constexpr const char* run_id = "71034e7a6edf480fa3ab8b024e1daa2d";

http::Response json(int status, std::string body) {
  return {
      .status = status, .headers = {{"content-type", "application/json"}}, .body = std::move(body)};
}
http::Response html(int status, std::string body) {
  return {.status = status, .headers = {{"content-type", "text/html"}}, .body = std::move(body)};
}

/// "GET /path" to its answers, in turn; the last one stays.
class Fake : public http::Client {
 public:
  std::map<std::string, std::vector<http::Response>> answers;
  mutable std::vector<std::string> log;

  Result<http::Response> send(const http::Request& request) const override {
    const std::string key =
        request.method + ' ' + request.url.substr(std::string("http://mlflow").size());
    log.push_back(key + (request.body.empty() ? "" : ' ' + request.body));
    const auto found = answers.find(key);
    if (found == answers.end()) {
      return Error{Error::Kind::io, "http://mlflow: no connection"};
    }
    const auto times = static_cast<std::size_t>(
        std::ranges::count_if(log, [&](const std::string& line) { return line.starts_with(key); }));
    return found->second[std::min(times, found->second.size()) - 1];
  }
};

constexpr const char* alias_path =
    "GET /api/2.0/mlflow/registered-models/alias?name=clf&alias=champion";
constexpr const char* set_alias_path = "POST /api/2.0/mlflow/registered-models/alias";
constexpr const char* set_tag_path = "POST /api/2.0/mlflow/model-versions/set-tag";

http::Response version(const std::string& number) {
  return json(200, R"({"model_version": {"name": "clf", "version": ")" + number +
                       R"(", "run_id": "71034e7a6edf480fa3ab8b024e1daa2d", "status": "READY"}})");
}

Session session(const Fake& fake) {
  return {fake, {.url = "http://mlflow"}, {.tries = 3, .pause = std::chrono::milliseconds(1)}};
}

std::string run_text(const std::string& info, const std::string& metric) {
  return R"({"run": {"info": {"run_id": "71034e7a6edf480fa3ab8b024e1daa2d", )" + info +
         R"(}, "data": {"metrics": [)" + metric +
         R"(], "tags": [{"key": "git_commit", "value": )"
         R"("4f1c0de4f1c0de4f1c0de4f1c0de4f1c0de4f1c0"}]}}})";
}

constexpr const char* finished =
    R"("status": "FINISHED", "lifecycle_stage": "active", "end_time": 1795198426047)";

TEST(Mlflow, OnlyOneAnswerMeansThatThereIsNoChampion) {
  struct Row {
    const char* name;
    http::Response answer;
    std::string says;  ///< empty: no champion, and no error
  };
  const Row rows[] = {
      {"no such alias",
       json(
           400,
           R"({"error_code": "INVALID_PARAMETER_VALUE", "message": "Registered model alias champion not found."})"),
       ""},
      {"another 400",
       json(400, R"({"error_code": "INVALID_PARAMETER_VALUE", "message": "Missing value"})"),
       "INVALID_PARAMETER_VALUE: Missing value"},
      {"no such model",
       json(
           404,
           R"({"error_code": "RESOURCE_DOES_NOT_EXIST", "message": "Registered Model with name=clf not found"})"),
       "RESOURCE_DOES_NOT_EXIST"},
      {"another program", html(404, "<h1>Not Found</h1>"), "none of MLflow's"},
      {"nobody", html(401, "You are not authenticated."), "does not know who asks"},
      {"nobody with rights", html(403, "Permission denied"), "permission denied"},
      {"wrong host", html(403, "Invalid Host header - possible DNS rebinding attack detected"),
       "--allowed-hosts"},
      {"outage", html(503, "busy"), "out of order"},
      {"empty answer", json(200, "{}"), "200 without a version"},
      {"a page", html(200, "<html>log in</html>"), "200 without a version"},
      {"another model", json(200, R"({"model_version": {"name": "x", "version": "1"}})"),
       "another model"},
      {"no run",
       json(200, R"({"model_version": {"name": "clf", "version": "3", "status": "READY"}})"),
       "belongs to no run"},
  };
  for (const Row& row : rows) {
    Fake fake;
    fake.answers[alias_path] = {row.answer};
    const auto found = session(fake).by_alias("clf", "champion");
    if (row.says.empty()) {
      ASSERT_TRUE(found) << row.name << ": " << found.error().message;
      EXPECT_FALSE(found->has_value()) << row.name;
    } else {
      ASSERT_FALSE(found) << row.name;
      EXPECT_NE(found.error().message.find(row.says), std::string::npos)
          << row.name << ": " << found.error().message;
    }
  }
  const Fake nobody;
  EXPECT_FALSE(session(nobody).by_alias("clf", "champion"));
  EXPECT_EQ(nobody.log.size(), 3U) << "a lost connection is tried three times";
}

TEST(Mlflow, AServerThatStumblesIsAskedAgain) {
  Fake fake;
  fake.answers[alias_path] = {html(503, ""), html(429, ""), version("1")};
  const auto found = session(fake).by_alias("clf", "champion");
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ((*found)->version, "1");
  EXPECT_EQ(fake.log.size(), 3U);
}

TEST(Mlflow, TheDeadlineEndsEverything) {
  Fake fake;
  fake.answers[alias_path] = {version("1")};
  Session late(fake, {.url = "http://mlflow"}, {.total = std::chrono::milliseconds(0)});
  const auto found = late.by_alias("clf", "champion");
  ASSERT_FALSE(found);
  EXPECT_EQ(fake.log.size(), 0U);
}

TEST(Mlflow, OnlyAFinishedActiveRunCounts) {
  const std::pair<const char*, const char*> rows[] = {
      {R"("status": "RUNNING", "lifecycle_stage": "active")", "is RUNNING, not FINISHED"},
      {R"("status": "FAILED", "lifecycle_stage": "active", "end_time": 5)", "is FAILED"},
      {R"("status": "KILLED", "lifecycle_stage": "active", "end_time": 5)", "is KILLED"},
      {R"("status": "FINISHED", "lifecycle_stage": "deleted", "end_time": 5)", "not active"},
      {R"("status": "FINISHED", "lifecycle_stage": "active")", "no end time"},
      {R"("lifecycle_stage": "active", "end_time": 5)", "not FINISHED"},
  };
  for (const auto& [info, says] : rows) {
    Fake fake;
    fake.answers[std::string("GET /api/2.0/mlflow/runs/get?run_id=") + run_id] = {
        json(200, run_text(info, ""))};
    const auto found = session(fake).run(run_id);
    ASSERT_FALSE(found) << info;
    EXPECT_NE(found.error().message.find(says), std::string::npos) << found.error().message;
  }
}

TEST(Mlflow, WhatIsNoMetricIsNamed) {
  const std::pair<const char*, const char*> rows[] = {
      {R"({"key": "m", "value": "NaN", "timestamp": 5, "step": 0})", "is the text \"NaN\""},
      {R"({"key": "m", "value": 1.7976931348623157e+308, "timestamp": 5, "step": 0})",
       "is not finite"},
      {R"({"key": "m", "value": -1.7976931348623157e+308, "timestamp": 5})", "is not finite"},
      {R"({"key": "m", "value": 0.0, "timestamp": 0, "step": 0})", "has no time"},
      {R"({"key": "m", "value": null, "timestamp": 5})", "has no number"},
      {R"({"key": "m", "value": 1, "timestamp": 5}, {"key": "m", "value": 2, "timestamp": 5})",
       "is there twice"},
  };
  for (const auto& [metric, says] : rows) {
    Fake fake;
    fake.answers[std::string("GET /api/2.0/mlflow/runs/get?run_id=") + run_id] = {
        json(200, run_text(finished, metric))};
    const auto found = session(fake).run(run_id);
    ASSERT_TRUE(found) << found.error().message;
    EXPECT_FALSE(found->metrics.contains("m")) << metric;
    EXPECT_NE(found->unfit.at("m").find(says), std::string::npos) << found->unfit.at("m");
  }
}

TEST(Mlflow, APromotionIsReadBack) {
  const Version candidate{.name = "clf", .version = "2"};
  const std::optional<Version> champion = Version{.name = "clf", .version = "1"};
  Fake fake;
  fake.answers[alias_path] = {version("1"), version("2")};
  fake.answers[set_alias_path] = {json(200, "{}")};
  fake.answers[set_tag_path] = {json(200, "{}")};
  auto good = session(fake);
  const Status done = promote(good, candidate, champion, "champion", {"sha256:0", "sha256:1"});
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_EQ(fake.log.back(),
            std::string(set_tag_path) +
                R"( {"name":"clf","version":"1","key":"gate.replaced_by","value":"2"})");

  Fake lost;  // 200, and nothing changed
  lost.answers = fake.answers;
  lost.answers[alias_path] = {version("1")};
  auto bad = session(lost);
  const Status kept = promote(bad, candidate, champion, "champion", {"sha256:0", "sha256:1"});
  ASSERT_FALSE(kept);
  EXPECT_NE(kept.error().message.find("was set to version 2 and reads 1"), std::string::npos);

  Fake raced;  // somebody else was faster
  raced.answers = fake.answers;
  raced.answers[alias_path] = {version("7")};
  auto late = session(raced);
  const Status refused = promote(late, candidate, champion, "champion", {"sha256:0", "sha256:1"});
  ASSERT_FALSE(refused);
  EXPECT_EQ(raced.log.size(), 1U) << "nothing may be written then";
}

TEST(Mlflow, AMetricThatWasLoggedTwiceIsNone) {
  struct Row {
    const char* points;
    bool is_fit;
  };
  const Row rows[] = {
      {R"({"value": 0.9, "step": 0})", true},
      {R"({"value": 0.9, "step": 0}, {"value": 0.9, "step": 0})", true},  // sent twice
      {R"({"value": 0.9, "step": 1}, {"value": 0.4, "step": 0})", false},
      {R"({"value": 0.9, "step": 1}, {"value": "NaN", "step": 0})", false},
  };
  for (const auto& [points, is_fit] : rows) {
    Fake fake;
    fake.answers["GET /api/2.0/mlflow/metrics/get-history?run_id=" + std::string(run_id) +
                 "&metric_key=a%2Fb&max_results=1000"] = {
        json(200, R"({"metrics": [)" + std::string(points) + "]}")};
    Subject subject;
    subject.metrics["a/b"] = 0.9;
    ASSERT_TRUE(session(fake).check_history(run_id, {"a/b", "other"}, subject)) << points;
    EXPECT_EQ(subject.metrics.contains("a/b"), is_fit) << points;
    EXPECT_EQ(subject.unfit.contains("a/b"), !is_fit) << points;
  }
}

TEST(Mlflow, TheModelIsTheArtifactOfItsRun) {
  Fake fake;
  fake.answers["GET /get-artifact?run_id=" + std::string(run_id) + "&path=model%2Fm.bin"] = {
      html(200, "abc")};
  Version version{.name = "clf", .version = "2", .run_id = run_id};
  for (const std::string& source : std::vector<std::string>{
           "runs:/" + version.run_id + "/model/m.bin",
           "mlflow-artifacts:/0/" + version.run_id + "/artifacts/model/m.bin"}) {
    version.source = source;
    const auto digest = session(fake).artifact_digest(version, "model/m.bin");
    ASSERT_TRUE(digest) << digest.error().message;
    EXPECT_EQ(*digest, "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  }
  for (const char* source : {"", "s3://nowhere/at/all", "models:/m-1", "runs:/0/model/m.bin"}) {
    version.source = source;
    EXPECT_FALSE(session(fake).artifact_digest(version, "model/m.bin")) << source;
  }
  version.source = "runs:/" + version.run_id + "/gone";
  EXPECT_FALSE(session(fake).artifact_digest(version, "gone"));
}

TEST(Mlflow, AddressesWithAUserNameAreRefused) {
  for (const char* url : {"http://u:p@mlflow", "sqlite:///x.db", "mlruns"}) {
    const auto found = server(url);
    ASSERT_FALSE(found) << url;
    EXPECT_EQ(found.error().message.find("u:p"), std::string::npos);
  }
}

/// What a real MLflow 3.17.2 answered, from SLUICE_CORPUS/mlflow/rest/FILE.
http::Response recorded(const std::string& file) {
  const char* corpus = std::getenv("SLUICE_CORPUS");
  std::string text =
      corpus == nullptr ? "" : test::read_file(std::string(corpus) + "/mlflow/rest/" + file);
  std::erase(text, '\r');
  const auto start = text.find("HTTP/1.1 ");
  if (start == std::string::npos) {
    return {};
  }
  const auto end = text.find("\n\n", start);
  const auto type = text.find("content-type: ", start);
  std::string body = text.substr(end + 2);
  return {.status = std::stoi(text.substr(start + 9, 3)),
          .headers = {{"content-type", text.substr(type + 14, text.find('\n', type) - type - 14)}},
          .body = std::move(body)};
}

TEST(Mlflow, ReadsWhatARealServerSaid) {
  if (recorded("06-runs-get.txt").status == 0) {
    GTEST_SKIP() << "SLUICE_CORPUS is not set";
  }
  const std::string weird = "e67700bc86c646bdb258f470a1d226e3";
  const std::string get = "GET /api/2.0/mlflow/runs/get?run_id=";
  Fake fake;
  fake.answers[get + run_id] = {recorded("06-runs-get.txt")};
  fake.answers[get + weird] = {recorded("39-runs-get-weird.txt"),
                               recorded("46-runs-get-deleted.txt")};
  fake.answers[alias_path] = {recorded("14-alias-get-404.txt"), recorded("15-model-get-404.txt")};
  Session asked = session(fake);
  const auto run = asked.run(run_id);
  ASSERT_TRUE(run) << run.error().message;
  EXPECT_EQ(run->metrics.at("accuracy"), 0.9883040935672515);
  EXPECT_EQ(run->commit, "4f1c0de4f1c0de4f1c0de4f1c0de4f1c0de4f1c0");
  EXPECT_EQ(run->data.size(), 64U);
  const auto running = asked.run(weird);
  ASSERT_FALSE(running);
  EXPECT_NE(running.error().message.find("RUNNING"), std::string::npos);
  const auto deleted = asked.run(weird);
  ASSERT_FALSE(deleted);
  EXPECT_NE(deleted.error().message.find("deleted"), std::string::npos);
  // The message names the alias that was asked for ("nope"), and that must be ours.
  EXPECT_FALSE(asked.by_alias("clf", "champion"));
  const auto no_model = asked.by_alias("clf", "champion");
  ASSERT_FALSE(no_model);
  EXPECT_EQ(no_model.error().kind, Error::Kind::not_found);
}

}  // namespace
}  // namespace sluice::model::mlflow
