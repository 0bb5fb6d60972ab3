// SPDX-License-Identifier: Apache-2.0
// Many promoters push to one branch of a real server at the same time. However it ends for each of
// them on the way, at the end every promotion must be in the branch exactly once.
//
// SLUICE_RACE=PROMOTIONS sets how many there are (200 is what is promised). Without it there are
// eight, and only the quick cases.
#include "git/race_work.hpp"
#include "support/fault_proxy.hpp"
#include "support/promoter.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <functional>
#include <map>
#include <mutex>
#include <random>
#include <spawn.h>
#include <sstream>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace sluice::git {
namespace {

using test::FaultProxy;
using test::GitServer;
using test::Scratch;
using Kind = GitServer::Kind;
using std::chrono::milliseconds;

/// The processes, and who may be killed among them.
class Field {
 public:
  Field(GitServer& server, Kind kind, Work work, int port)
      : server_(server), kind_(kind), work_(work), port_(port) {
    test::run({{"/usr/bin/ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "robot@example.com",
                "-f", (scratch_.path() / "sign").string()},
               {},
               scratch_.path()});
    std::FILE* const file = std::fopen((scratch_.path() / "token").c_str(), "w");
    (void)std::fputs("sesame-open\n", file);
    (void)std::fclose(file);
  }

  [[nodiscard]] const std::filesystem::path& folder() const { return scratch_.path(); }

  /// Until the promotion says that it is done: a killed or failed promoter is run again.
  void promote(unsigned worker, unsigned promotion) {
    constexpr unsigned most_kills = 5;
    for (unsigned i = 0; i < 40; ++i) {
      const auto begin = std::chrono::steady_clock::now();
      const int status = run_once(worker, promotion, i < most_kills ? Fate::open : Fate::spared);
      if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
        note(begin);
        return;
      }
      killed += WIFSIGNALED(status) ? 1 : 0;
      failed += WIFSIGNALED(status) ? 0 : 1;
    }
    ++lost;
  }

  void kill_one(std::mt19937& random) {
    const std::lock_guard lock(mutex_);
    if (!running_.empty()) {
      const std::size_t which =
          std::uniform_int_distribution<std::size_t>(0, running_.size() - 1)(random);
      (void)::kill(running_[which], SIGKILL);
    }
  }

  [[nodiscard]] double longest() const { return longest_; }

  std::atomic<unsigned> killed = 0;
  std::atomic<unsigned> failed = 0;
  std::atomic<unsigned> lost = 0;

 private:
  void note(std::chrono::steady_clock::time_point begin) {
    const std::lock_guard lock(mutex_);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    longest_ = std::max(longest_, took.count());
  }

  enum class Fate { open, spared };

  [[nodiscard]] std::vector<std::string> words_for(unsigned worker, unsigned promotion) const {
    const bool ssh = kind_ == Kind::ssh;
    const std::string url = server_.url("platform", port_);
    // Four workers share each cache, so that sharing is tried too.
    const std::string cache = scratch_.path() / ("cache" + std::to_string(worker / 4));
    const std::string token = scratch_.path() / "token";
    const std::string sign = scratch_.path() / "sign";
    const std::string key = ssh ? server_.key().string() : "";
    const std::string hosts = ssh ? server_.known_hosts().string() : "";
    if (work_.who == Promoters::small) {
      return {SLUICE_TEST_DIR "/git_race_worker",
              url,
              cache,
              ssh ? "" : token,
              key,
              hosts,
              sign,
              work_.file(promotion),
              "id-" + std::to_string(promotion)};
    }
    std::vector<std::string> words = {SLUICE_BIN_DIR "/sluice-promote",
                                      "set",
                                      "--to",
                                      "dev",
                                      "--image",
                                      Work::image(promotion) + ":2.0.0",
                                      "--repository",
                                      url,
                                      "--cache",
                                      cache,
                                      "--no-check",
                                      "--author",
                                      "Robot <robot@example.com>",
                                      "--sign",
                                      "ssh",
                                      "--signing-key",
                                      sign,
                                      "--tries",
                                      "200"};
    const std::vector<std::string> login =
        ssh ? std::vector<std::string>{"--ssh-key", key, "--known-hosts", hosts}
            : std::vector<std::string>{"--token-file", token};
    words.insert(words.end(), login.begin(), login.end());
    return words;
  }

  int run_once(unsigned worker, unsigned promotion, Fate fate) {
    std::vector<std::string> words = words_for(worker, promotion);
    std::vector<char*> argv;
    for (std::string& word : words) {
      argv.push_back(word.data());
    }
    argv.push_back(nullptr);
    const std::string log = (scratch_.path() / ("log" + std::to_string(worker))).string();
    posix_spawn_file_actions_t files{};
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, 1, log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    posix_spawn_file_actions_adddup2(&files, 1, 2);
    pid_t pid = 0;
    {
      const std::lock_guard lock(mutex_);
      if (posix_spawn(&pid, argv[0], &files, nullptr, argv.data(), environ) != 0) {
        return 0xff00;
      }
      if (fate == Fate::open) {
        running_.push_back(pid);
      }
    }
    posix_spawn_file_actions_destroy(&files);
    siginfo_t info{};
    (void)::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOWAIT);
    const std::lock_guard lock(mutex_);  // reaped under the lock, so that no other is ever killed
    std::erase(running_, pid);
    int status = 0;
    (void)::waitpid(pid, &status, 0);
    return status;
  }

  GitServer& server_;
  Kind kind_;
  Work work_;
  int port_;
  Scratch scratch_;
  std::mutex mutex_;
  std::vector<pid_t> running_;
  double longest_ = 0;
};

void race(Field& field, const std::function<void(std::atomic<bool>&)>& disturb) {
  std::atomic<unsigned> next = 0;
  std::atomic<bool> over = false;
  std::thread disturber([&] {
    if (disturb) {
      disturb(over);
    }
  });
  std::vector<std::thread> threads;
  for (unsigned worker = 0; worker < workers; ++worker) {
    threads.emplace_back([&, worker] {
      for (unsigned i = next++; i < promotions(); i = next++) {
        field.promote(worker, i);
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  over = true;
  disturber.join();
}

std::string logs(const Field& field) {
  std::string all;
  for (unsigned worker = 0; worker < workers; ++worker) {
    all += test::read_file(field.folder() / ("log" + std::to_string(worker)));
  }
  return all;
}

/// Nobody who was killed has left half of an object or a reference behind.
void expect_whole_caches(const std::filesystem::path& folder) {
  unsigned caches = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.path().filename() == "repo.git") {
      const auto ran = test::run(
          {{"/usr/bin/git", "-c", "safe.directory=*", "fsck", "--no-dangling"}, {}, entry.path()});
      EXPECT_EQ(ran.exit, 0) << ran.err;
      ++caches;
    }
  }
  EXPECT_NE(caches, 0U);
}

/// One commit for each promotion, one after the other, all signed, and the files say the same.
void expect_all(const GitServer& server, const Field& field, const Work& work) {
  EXPECT_EQ(field.lost, 0U) << logs(field);
  EXPECT_EQ(server.git("platform", {"fsck", "--strict", "--no-dangling"}), "");
  expect_whole_caches(field.folder());
  const std::string count = std::to_string(promotions() + 1) + '\n';
  EXPECT_EQ(server.git("platform", {"rev-list", "--count", "main"}), count);
  EXPECT_EQ(server.git("platform", {"rev-list", "--count", "--min-parents=2", "main"}), "0\n");
  std::istringstream ids(server.git(
      "platform",
      {"log", std::string("--format=%(trailers:key=") + work.trailer() + ",valueonly)", "main"}));
  std::vector<std::string> seen;
  for (std::string line; std::getline(ids, line);) {
    if (!line.empty()) {
      seen.push_back(line);
    }
  }
  EXPECT_EQ(seen.size(), promotions());
  std::ranges::sort(seen);
  EXPECT_EQ(std::ranges::adjacent_find(seen), seen.end());
  for (unsigned service = 0; service < services; ++service) {
    const unsigned expected = promotions() / services + (service < promotions() % services ? 1 : 0);
    EXPECT_EQ(work.count(server.git("platform", {"show", "main:" + work.file(service)})), expected)
        << service;
  }
  std::FILE* const file = std::fopen((field.folder() / "signers").c_str(), "w");
  (void)std::fputs(("robot@example.com " + test::read_file(field.folder() / "sign.pub")).c_str(),
                   file);
  (void)std::fclose(file);
  const std::string good = server.git(
      "platform", {"-c", "gpg.ssh.allowedSignersFile=" + (field.folder() / "signers").string(),
                   "log", "--format=%G?", "main"});
  EXPECT_EQ(std::ranges::count(good, 'G'), promotions());
}

struct Case {
  std::string name;
  Kind kind;
  Promoters who = Promoters::small;
  enum class When { always, asked } when = When::asked;
  FaultProxy::Faults faults = {};
  enum class Trouble { none, kill_server, kill_promoters } trouble = Trouble::none;
};

/// Every trouble over both ways through the tool; what is quick also with the small program, which
/// shows whether it is src/git or the tool that fails.
std::vector<Case> cases() {
  using enum Case::Trouble;
  std::vector<Case> all = {
      {"http", Kind::http, Promoters::small, Case::When::always},
      {"http_dropping", Kind::http, Promoters::small, Case::When::always, {.dropped = 20}},
      {"http_killed_promoters",
       Kind::http,
       Promoters::small,
       Case::When::always,
       {},
       kill_promoters},
      {"tool_http", Kind::http, Promoters::tool, Case::When::always},
      {"tool_ssh", Kind::ssh, Promoters::tool}};
  for (const Kind kind : {Kind::http, Kind::ssh}) {
    // An SSH connection has some twenty answers one after the other before it says anything.
    const milliseconds late{kind == Kind::ssh ? 40 : 150};
    const std::string tool = kind == Kind::ssh ? "tool_ssh" : "tool_http";
    const auto add = [&](const char* what, FaultProxy::Faults faults, Case::Trouble trouble) {
      all.push_back({tool + what, kind, Promoters::tool, Case::When::asked, faults, trouble});
    };
    add("_dropping", {.dropped = 20}, none);
    add("_late", {.delay = late}, none);
    add("_killed_server", {}, kill_server);
    add("_killed_promoters", {}, kill_promoters);
  }
  return all;
}

class Race : public testing::TestWithParam<Case> {};

TEST_P(Race, EveryPromotionArrivesOnce) {
  const Case& given = GetParam();
  if (const auto missing = GitServer::missing(given.kind); !missing.empty()) {
    GTEST_SKIP() << missing;
  }
  if (given.when == Case::When::asked && std::getenv("SLUICE_RACE") == nullptr) {
    GTEST_SKIP() << "skipped: SLUICE_RACE is not set";
  }
  if (given.who == Promoters::tool &&
      test::run({{SLUICE_BIN_DIR "/sluice-promote", "set", "--help"}, {}, "/"}).exit != 0) {
    GTEST_SKIP() << "skipped: sluice-promote cannot promote";
  }
  GitServer server({given.kind, given.kind == Kind::ssh ? "" : "sesame-open"});
  const Work work{given.who};
  server.create("platform", work.files());
  FaultProxy proxy(server.port(), given.faults);
  Field field(server, given.kind, work, proxy.port());
  std::mt19937 random(7);
  const auto begin = std::chrono::steady_clock::now();
  race(field, [&](std::atomic<bool>& over) {
    while (!over && given.trouble != Case::Trouble::none) {
      std::this_thread::sleep_for(
          milliseconds{std::uniform_int_distribution<int>(100, 700)(random)});
      if (given.trouble == Case::Trouble::kill_promoters) {
        field.kill_one(random);
      } else if (!over) {
        server.kill();
        std::this_thread::sleep_for(milliseconds{300});
        server.start();
        std::this_thread::sleep_for(milliseconds{1500});
      }
    }
  });
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  expect_all(server, field, work);
  std::printf(
      "%s: %u promotions in %.1f s, longest %.1f s; connections %u, cut %u; promoters "
      "killed %u, run again %u\n",
      given.name.c_str(), promotions(), took.count(), field.longest(), proxy.connections(),
      proxy.cut(), field.killed.load(), field.failed.load());
}

INSTANTIATE_TEST_SUITE_P(All, Race, testing::ValuesIn(cases()), [](const auto& given) {
  return given.param.name;
});

}  // namespace
}  // namespace sluice::git
