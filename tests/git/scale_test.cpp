// SPDX-License-Identifier: Apache-2.0
// How long things take in a large repository: SLUICE_HISTORY names one that bench/make_history.py
// has made. Prints milliseconds; fails only when something is wrong.
#include "support/promoter.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>

namespace sluice::git {
namespace {

using std::chrono::steady_clock;
using test::GitServer;

class Stopwatch {
 public:
  void lap(const char* what) {
    const auto now = steady_clock::now();
    std::printf("%8.1f ms  %s\n", std::chrono::duration<double, std::milli>(now - last_).count(),
                what);
    last_ = steady_clock::now();
  }

 private:
  steady_clock::time_point last_ = steady_clock::now();
};

TEST(Scale, OnePromotion) {
  const char* const source = std::getenv("SLUICE_HISTORY");
  if (source == nullptr) {
    GTEST_SKIP() << "skipped: SLUICE_HISTORY is not set";
  }
  if (const auto missing = GitServer::missing(GitServer::Kind::http); !missing.empty()) {
    GTEST_SKIP() << missing;
  }
  GitServer server({GitServer::Kind::http});
  server.create("small", {{"a", "a"}});
  server.git("small", {"clone", "-q", "--bare", source, server.repository("large")});
  server.git("large", {"config", "http.receivepack", "true"});
  test::Scratch scratch;
  const std::string path = "envs/dev/service-0007/kustomization.yaml";
  Stopwatch watch;
  {
    test::Promoter first(server.url("large"), scratch.path() / "cache", {});
    ASSERT_TRUE(first.opened);
    const auto fetched = first->fetch("main");
    ASSERT_TRUE(fetched && fetched->outcome == Outcome::done);
    watch.lap("first fetch");
  }
  for (int round = 0; round < 3; ++round) {
    const auto begin = steady_clock::now();
    watch.lap("-- round");
    test::Promoter promoter(server.url("large"), scratch.path() / "cache", {});
    ASSERT_TRUE(promoter.opened);
    watch.lap("open the cache");
    const auto fetched = promoter->fetch("main");
    ASSERT_TRUE(fetched && fetched->outcome == Outcome::done);
    watch.lap("fetch, nothing new");
    const std::vector<std::string> globs = {"envs/dev/service-0007/**"};
    ASSERT_EQ(promoter->files(fetched->tip, globs)->size(), 10U);
    watch.lap("list one service");
    const auto file = promoter->read(fetched->tip, path);
    ASSERT_TRUE(file);
    watch.lap("read a file");
    const auto commit = promoter->commit(
        test::draft_of(fetched->tip, path, file->bytes + "# " + std::to_string(round) + '\n'));
    ASSERT_TRUE(commit);
    watch.lap("commit");
    const auto pushed = promoter->push({"main", fetched->tip, *commit});
    ASSERT_TRUE(pushed && pushed->outcome == Outcome::done) << pushed->message;
    watch.lap("push and read again");
    std::printf("%8.1f ms  all of it\n",
                std::chrono::duration<double, std::milli>(steady_clock::now() - begin).count());
  }
  test::Promoter promoter(server.url("large"), scratch.path() / "cache", {});
  const auto tip = promoter->fetch("main")->tip;
  watch.lap("--");
  ASSERT_EQ(promoter->files(tip)->size(), 10'000U);
  watch.lap("list all files");
  const std::vector<std::string> paths = {path, "envs/stg/service-0007/kustomization.yaml",
                                          "envs/prd/service-0007/kustomization.yaml"};
  ASSERT_TRUE(promoter->history(tip, paths, [](const Revision&) { return Walk::stop; }));
  watch.lap("history until the first change");
  int seen = 0;
  ASSERT_TRUE(promoter->history(tip, paths, [&](const Revision&) { return ++seen, Walk::on; }));
  watch.lap("the whole history of three files");
  std::printf("             %d revisions\n", seen);
}

}  // namespace
}  // namespace sluice::git
