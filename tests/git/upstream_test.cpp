// SPDX-License-Identifier: Apache-2.0
// The cache, pushes to a path, and the loop, without a server.
#include "git/upstream.hpp"

#include "git/judge.hpp"
#include "git/replay.hpp"
#include "git/transport.hpp"
#include "io/files.hpp"
#include "support/program.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <functional>

namespace sluice::git {
namespace {

namespace fs = std::filesystem;
using test::Scratch;

/// A bare repository on this machine, and its upstream.
class Local : public testing::Test {
 protected:
  Local() : runner_(proc::make_runner()), transport_(make_transport(*runner_, {})) {
    fs::create_directories(origin());
    git({"init", "-q", "--bare", "-b", "main", "."});
    std::ofstream(scratch_.path() / "stream")
        << "commit refs/heads/main\ncommitter C <c@example.com> 1700000000 +0000\ndata 4\none\n"
           "M 100644 inline a.yaml\ndata 5\na: 1\n\n";
    git({"fast-import", "--quiet"}, scratch_.path() / "stream");
  }

  [[nodiscard]] std::string origin() const { return scratch_.path() / "origin.git"; }
  [[nodiscard]] std::string cache() const { return scratch_.path() / "cache"; }

  std::string git(std::vector<std::string> arguments, const fs::path& input = "/dev/null") {
    arguments.insert(arguments.begin(), "/usr/bin/git");
    const auto ran = test::run({arguments, {"HOME=/", "PATH=/usr/bin:/bin"}, origin(), input});
    EXPECT_EQ(ran.exit, 0) << ran.err;
    return ran.out.substr(0, ran.out.find('\n'));
  }

  Result<Upstream> open(const std::string& url = {}) {
    return Upstream::open({url.empty() ? origin() : url, cache(), {}, {}}, *transport_, *runner_);
  }

  static Draft draft(const std::string& parent, const std::string& bytes) {
    const Person robot{"Robot", "robot@example.com"};
    return {parent, {{"a.yaml", bytes}}, robot, robot, 1'700'000'100, "Change a\n"};
  }

  fs::path repo() {
    for (const auto& entry : fs::directory_iterator(cache())) {
      return entry.path() / "repo.git";
    }
    return {};
  }

  Scratch scratch_;
  std::unique_ptr<proc::Runner> runner_;
  std::unique_ptr<Transport> transport_;
};

TEST_F(Local, PathsAndFileUrlsWork) {
  int n = 1;
  for (const std::string& url : {origin(), "file://" + origin()}) {
    SCOPED_TRACE(url);
    auto upstream = open(url);
    ASSERT_TRUE(upstream) << upstream.error().message;
    const auto fetched = upstream->fetch("main");
    ASSERT_TRUE(fetched) << fetched.error().message;
    ASSERT_EQ(fetched->outcome, Outcome::done) << fetched->message;
    const auto commit = upstream->commit(draft(fetched->tip, "a: " + std::to_string(++n) + '\n'));
    ASSERT_TRUE(commit) << commit.error().message;
    const auto pushed = upstream->push({"main", fetched->tip, *commit});
    ASSERT_TRUE(pushed) << pushed.error().message;
    EXPECT_EQ(pushed->outcome, Outcome::done) << pushed->message;
    EXPECT_EQ(git({"rev-parse", "main"}), *commit);
    const auto branch = upstream->push({"promote/x", {}, *commit});
    ASSERT_TRUE(branch) << branch.error().message;
    EXPECT_EQ(branch->outcome, n == 2 ? Outcome::done : Outcome::lost_race) << branch->message;
  }
  EXPECT_EQ(git({"fsck", "--strict", "--no-dangling"}), "");
}

TEST_F(Local, ABranchThatHasMovedIsNotOverwritten) {
  auto upstream = open();
  ASSERT_TRUE(upstream);
  const std::string tip = upstream->fetch("main")->tip;
  const std::string ours = *upstream->commit(draft(tip, "a: 2\n"));
  const std::string theirs = *upstream->commit(draft(tip, "a: 3\n"));
  ASSERT_EQ(upstream->push({"main", tip, theirs})->outcome, Outcome::done);
  EXPECT_EQ(upstream->push({"main", tip, ours})->outcome, Outcome::lost_race);
  EXPECT_EQ(git({"rev-parse", "main"}), theirs);
}

TEST_F(Local, WhatCannotBePushedToSaysWhy) {
  auto upstream = open();
  ASSERT_TRUE(upstream);
  const std::string tip = upstream->fetch("main")->tip;
  const std::string commit = *upstream->commit(draft(tip, "a: 2\n"));
  std::ofstream(origin() + "/hooks/pre-receive") << "#!/bin/sh\n";
  fs::permissions(origin() + "/hooks/pre-receive", fs::perms::owner_all);
  const auto hooked = upstream->push({"main", tip, commit});
  ASSERT_TRUE(hooked);
  EXPECT_EQ(hooked->outcome, Outcome::refused);
  EXPECT_NE(hooked->message.find("pre-receive"), std::string::npos) << hooked->message;
  fs::remove(origin() + "/hooks/pre-receive");
  git({"config", "core.bare", "false"});
  git({"config", "core.worktree", scratch_.path()});
  const auto busy = upstream->push({"main", tip, commit});
  ASSERT_TRUE(busy);
  EXPECT_NE(busy->message.find("checked out"), std::string::npos) << busy->message;
  EXPECT_EQ(git({"rev-parse", "main"}), tip);
}

TEST_F(Local, AShallowCloneIsExplained) {
  const std::string clone = scratch_.path() / "clone";
  git({"clone", "-q", "--depth", "1", "file://" + origin(), clone});
  auto upstream = open(clone);
  ASSERT_TRUE(upstream);
  const auto fetched = upstream->fetch("main");
  ASSERT_TRUE(fetched);
  EXPECT_EQ(fetched->outcome, Outcome::refused);
  EXPECT_NE(fetched->message.find("fetch-depth: 0"), std::string::npos) << fetched->message;
}

TEST_F(Local, ADamagedCopyIsReplaced) {
  const std::function<void(const fs::path&)> damages[] = {
      [](const fs::path& repo) { fs::remove(repo / "HEAD"); },
      [](const fs::path& repo) { fs::remove_all(repo / "objects"); },
      [](const fs::path& repo) {
        for (const auto& entry : fs::recursive_directory_iterator(repo / "objects")) {
          if (entry.is_regular_file()) {
            fs::permissions(entry.path(), fs::perms::owner_all);
            std::ofstream(entry.path(), std::ios::trunc) << "rubbish";
          }
        }
      },
      [](const fs::path& repo) {
        for (const auto& entry : fs::recursive_directory_iterator(repo / "objects")) {
          if (entry.path().extension() == ".pack") {
            fs::permissions(entry.path(), fs::perms::owner_all);
            std::fstream pack(entry.path(), std::ios::in | std::ios::out | std::ios::binary);
            pack.seekp(20);  // within the first object
            pack << "\x55\xaa\x55\xaa\x55\xaa\x55\xaa\x55\xaa";
          }
        }
      },
      [](const fs::path& repo) { fs::remove_all(repo); },
  };
  int n = 0;
  for (const auto& damage : damages) {
    SCOPED_TRACE(n++);
    {
      auto upstream = open();
      ASSERT_TRUE(upstream);
      ASSERT_TRUE(upstream->fetch("main"));
    }
    damage(repo());
    auto upstream = open();
    ASSERT_TRUE(upstream) << upstream.error().message;
    const auto fetched = upstream->fetch("main");
    ASSERT_TRUE(fetched) << fetched.error().message;
    const auto file = upstream->read(fetched->tip, "a.yaml");
    ASSERT_TRUE(file) << file.error().message;
    EXPECT_EQ(file->bytes, "a: 1\n");
    // And while it is in use.
    damage(repo());
    const auto again = upstream->files(fetched->tip);
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_EQ(again->size(), 1U);
  }
}

TEST_F(Local, ACacheThatOthersMayWriteToIsRefused) {
  fs::create_directories(cache());
  fs::permissions(cache(), fs::perms::all);
  const auto upstream = open();
  ASSERT_FALSE(upstream);
  EXPECT_EQ(upstream.error().kind, Error::Kind::usage);
}

TEST_F(Local, LeftoversAreRemovedAndPacksGathered) {
  for (int i = 2; i < 40; ++i) {
    auto upstream = open();
    ASSERT_TRUE(upstream) << upstream.error().message;
    const std::string tip = upstream->fetch("main")->tip;
    // Written by somebody else: so that each fetch has something to bring.
    std::ofstream(scratch_.path() / "stream")
        << "commit refs/heads/main\ncommitter C <c@example.com> 1700000000 +0000\ndata 1\nx\n"
           "from refs/heads/main^0\nM 100644 inline a.yaml\ndata "
        << 4 + std::to_string(i).size() << "\na: " << i << "\n\n";
    git({"fast-import", "--quiet"}, scratch_.path() / "stream");
  }
  std::ofstream(repo() / "incoming-1") << "x";
  std::ofstream(repo() / "objects" / "pack" / "pack_git2_abcdef") << "x";
  fs::create_directories(repo().string() + ".old");
  auto upstream = open();
  ASSERT_TRUE(upstream);
  EXPECT_FALSE(fs::exists(repo() / "incoming-1"));
  EXPECT_FALSE(fs::exists(repo() / "objects" / "pack" / "pack_git2_abcdef"));
  EXPECT_FALSE(fs::exists(repo().string() + ".old"));
  const auto packs = std::distance(fs::directory_iterator(repo() / "objects" / "pack"), {});
  EXPECT_LT(packs, 2 * 26);
  const std::string tip = upstream->fetch("main")->tip;
  EXPECT_EQ(upstream->read(tip, "a.yaml")->bytes, "a: 39\n");
  std::size_t seen = 0;
  const std::vector<std::string> paths = {"a.yaml"};
  ASSERT_TRUE(upstream->history(tip, paths, [&](const Revision&) {
    ++seen;
    return Walk::on;
  }));
  EXPECT_EQ(seen, 39U);
}

/// The first pushes end as they are told to; then the real one is asked.
class Scripted : public Transport {
 public:
  Scripted(const Transport& real, std::vector<Exchange> script)
      : real_(real), script_(std::move(script)) {}
  Result<Exchange> fetch(const std::string& repository,
                         const std::string& url,
                         const std::string& branch,
                         const Access& access) const override {
    return real_.fetch(repository, url, branch, access);
  }
  Result<Exchange> push(const std::string& repository,
                        const std::string& url,
                        const Push& push,
                        const Access& access) const override {
    if (pushes++ < script_.size()) {
      const Exchange& told = script_[pushes - 1];
      // "done" in the script: it has arrived, and the answer is lost.
      if (told.outcome == Outcome::done) {
        (void)real_.push(repository, url, push, access);
        return Exchange{Outcome::unreachable, {}, "lost"};
      }
      return told;
    }
    return real_.push(repository, url, push, access);
  }
  mutable std::size_t pushes = 0;

 private:
  const Transport& real_;
  std::vector<Exchange> script_;
};

TEST_F(Local, TheLoopGoesOnUntilItIsDecided) {
  const Exchange lost{Outcome::lost_race, {}, "moved"};
  const Exchange no{Outcome::rejected, {}, "protected"};
  const Exchange away{Outcome::unreachable, {}, "away"};
  const Exchange refused{Outcome::refused, {}, "token"};
  const Exchange arrived{Outcome::done, {}, {}};
  struct Row {
    std::vector<Exchange> script;
    Outcome outcome;
    std::size_t pushes;
    int commits;
  };
  const Row rows[] = {
      {{}, Outcome::done, 1, 1},
      {{lost, lost, lost}, Outcome::done, 4, 1},
      {{away, lost, away}, Outcome::done, 4, 1},
      {{no, no}, Outcome::done, 3, 1},
      {{no, no, no}, Outcome::rejected, 3, 0},
      {{refused}, Outcome::refused, 1, 0},
      {{away, away, away, away}, Outcome::unreachable, 3, 0},
      {{lost, lost, lost, lost, lost, lost}, Outcome::lost_race, 5, 0},
      {{arrived}, Outcome::done, 1, 1},
  };
  int n = 0;
  for (const Row& row : rows) {
    SCOPED_TRACE(n++);
    const Scripted transport(*transport_, row.script);
    auto upstream = Upstream::open({origin(), cache(), {}, {}}, transport, *runner_);
    ASSERT_TRUE(upstream);
    const int before = std::stoi(git({"rev-list", "--count", "main"}));
    const std::string bytes = "a: row" + std::to_string(n) + '\n';
    unsigned slept = 0;
    const auto replayed = replay(*upstream,
                                 [&](const std::string& tip) -> Result<std::optional<Draft>> {
                                   return upstream->read(tip, "a.yaml")->bytes == bytes
                                              ? std::optional<Draft>()
                                              : std::optional(draft(tip, bytes));
                                 },
                                 {.branch = "main",
                                  .id = "x",
                                  .tries = 5,
                                  .reach = 3,
                                  .sleep = [&](std::chrono::milliseconds) { ++slept; }});
    ASSERT_TRUE(replayed) << replayed.error().message;
    EXPECT_EQ(static_cast<int>(replayed->outcome), static_cast<int>(row.outcome));
    EXPECT_EQ(transport.pushes, row.pushes);
    EXPECT_EQ(slept, replayed->tries - 1);
    EXPECT_EQ(std::stoi(git({"rev-list", "--count", "main"})) - before, row.commits);
    if (row.outcome == Outcome::done) {
      EXPECT_EQ(replayed->commit, git({"rev-parse", "main"}));
    }
  }
}

TEST(Judge, TheBranchDecides) {
  const Push push{"main", "base", "ours"};
  Reply yes;
  yes.outcome = Outcome::done;
  yes.sent = Reply::Sent::perhaps;
  Reply no = yes;
  no.outcome = Outcome::rejected;
  no.message = "no";
  Reply cut = yes;
  cut.outcome = Outcome::unreachable;
  Reply unsent;
  unsent.outcome = Outcome::unreachable;
  const auto outcome = [&](const Reply& said, Whereabouts where) {
    return judge(push, said, where, "tip").outcome;
  };
  EXPECT_EQ(outcome(yes, Whereabouts::arrived), Outcome::done);
  EXPECT_EQ(outcome(no, Whereabouts::arrived), Outcome::done);
  EXPECT_EQ(outcome(cut, Whereabouts::arrived), Outcome::done);
  EXPECT_EQ(outcome(yes, Whereabouts::moved), Outcome::lost_race);
  EXPECT_EQ(outcome(no, Whereabouts::moved), Outcome::lost_race);
  EXPECT_EQ(outcome(no, Whereabouts::unmoved), Outcome::rejected);
  EXPECT_EQ(outcome(yes, Whereabouts::unmoved), Outcome::unreachable);
  EXPECT_EQ(outcome(cut, Whereabouts::unmoved), Outcome::unreachable);
  EXPECT_EQ(judge(push, cut, Whereabouts::unmoved, "base").tip, "base");
  EXPECT_EQ(judge(push, yes, Whereabouts::unknown, "").tip, "");
  EXPECT_EQ(judge(push, unsent, Whereabouts::unknown, "").tip, "base");
}

TEST(SchemeOf, TakesWhatCanBeUsed) {
  Access with_token;
  with_token.token = Secret("t");
  const std::pair<const char*, Scheme> good[] = {
      {"https://git.example.com/a.git", Scheme::http},
      {"http://localhost:80/a", Scheme::http},
      {"http://[::1]:80/a", Scheme::http},
      {"http://127.0.0.1/a", Scheme::http},
      {"ssh://git@example.com:22/a", Scheme::ssh},
      {"git@example.com:a/b.git", Scheme::ssh},
      {"/srv/a.git", Scheme::local},
      {"./a:b", Scheme::local},
      {"file:///srv/a.git", Scheme::local},
  };
  for (const auto& [url, scheme] : good) {
    const auto got = scheme_of(url, with_token);
    ASSERT_TRUE(got) << url << got.error().message;
    EXPECT_EQ(*got, scheme) << url;
  }
  for (const char* const url :
       {"", "-x", "https://user:secret@example.com/a", "https://secret@example.com/a",
        "http://git.example.com/a", "git://example.com/a", "ssh://git:secret@example.com/a",
        "http://localhost.example.com/a", "ext::sh", "a\nb"}) {
    const auto got = scheme_of(url, with_token);
    ASSERT_FALSE(got && *got != Scheme::ssh && *got != Scheme::local) << url;
    if (!got) {
      EXPECT_EQ(got.error().message.find("secret"), std::string::npos) << got.error().message;
    }
  }
}

TEST(ReadToken, TakesOneWord) {
  Scratch scratch;
  const std::string file = scratch.path() / "token";
  ASSERT_TRUE(io::write_atomically(file, " abc\n"));
  EXPECT_EQ(read_token(file, "other")->reveal(), "abc");
  EXPECT_EQ(read_token({}, "abc ")->reveal(), "abc");
  EXPECT_TRUE(read_token({}, {})->empty());
  for (const char* const text : {"", "two words", "a\nb", "a\x01"}) {
    ASSERT_TRUE(io::write_atomically(file, text));
    const auto got = read_token(file, {});
    ASSERT_FALSE(got) << text;
    EXPECT_EQ(got.error().message.find("words"), std::string::npos);
  }
  EXPECT_FALSE(read_token(scratch.path() / "none", {}));
}

}  // namespace
}  // namespace sluice::git
