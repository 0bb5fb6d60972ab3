// SPDX-License-Identifier: Apache-2.0
#include "proc/runner.hpp"

#include "support/tree.hpp"

#include <gtest/gtest.h>

#include <arpa/inet.h>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <dirent.h>
#include <filesystem>
#include <linux/landlock.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace sluice::proc {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

Command sh(const std::string& script) {
  Command command;
  command.argv = {"sh", "-c", script};
  command.env = {{"PATH", "/usr/local/bin:/usr/bin:/bin"}};
  command.timeout = milliseconds{10'000};
  return command;
}

Finished run(const Command& command) {
  Result<Finished> finished = make_runner()->run(command);
  EXPECT_TRUE(finished) << (finished ? "" : finished.error().message);
  return finished ? *finished : Finished{};
}

milliseconds time_of(const Command& command, Finished& finished) {
  const auto start = steady_clock::now();
  finished = run(command);
  return std::chrono::duration_cast<milliseconds>(steady_clock::now() - start);
}

std::size_t open_descriptors() {
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    ++count;
  }
  return count;
}

struct Row {
  const char* script;
  Ended ended;
  int code;
  const char* out;
  const char* err;
};

constexpr Row rows[] = {
    {"printf hello", Ended::exited, 0, "hello", ""},
    {"printf a; printf b >&2; exit 7", Ended::exited, 7, "a", "b"},
    {"kill -9 $$", Ended::signalled, 9, "", ""},
    {"kill -PIPE $$", Ended::signalled, SIGPIPE, "", ""},            // not ignored in the child
    {"exec >&- 2>&-; sleep 0.1; exit 3", Ended::exited, 3, "", ""},  // pipes closed before the end
    {"cat", Ended::exited, 0, "", ""},                               // stdin is empty, not ours
};

TEST(Runner, SaysHowAProgramEnded) {
  const auto old = std::signal(SIGPIPE, SIG_IGN);
  for (const Row& row : rows) {
    SCOPED_TRACE(row.script);
    const Finished finished = run(sh(row.script));
    EXPECT_EQ(finished.ended, row.ended);
    EXPECT_EQ(finished.code, row.code);
    EXPECT_EQ(finished.out, row.out);
    EXPECT_EQ(finished.err, row.err);
  }
  (void)std::signal(SIGPIPE, old);
}

TEST(Runner, PassesWordsAsTheyAre) {
  Command command;
  command.argv = {"printf", "%s|", "a b", "$HOME", "", "*", "'\"\n"};
  EXPECT_EQ(run(command).out, "a b|$HOME||*|'\"\n|");
}

TEST(Runner, GivesNothingButTheEnvironmentAsked) {
  ASSERT_EQ(::setenv("SLUICE_SECRET", "x", 1), 0);
  Command command;
  command.argv = {"env"};
  EXPECT_EQ(run(command).out, "");
  command.env = {{"A", "1"}, {"B", "x=y z"}};
  EXPECT_EQ(run(command).out, "A=1\nB=x=y z\n");
}

TEST(Runner, RunsInTheFolderAsked) {
  Command command = sh("pwd");
  command.cwd = "/usr/bin";
  EXPECT_EQ(run(command).out, "/usr/bin\n");
  command.cwd = "/no/such/folder";
  const Result<Finished> failed = make_runner()->run(command);
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().kind, Error::Kind::subprocess);
  EXPECT_EQ(failed.error().message, "/no/such/folder: No such file or directory");
}

TEST(Runner, SaysWhatCannotBeStarted) {
  struct Case {
    std::vector<std::string> argv;
    Error::Kind kind;
  };
  for (const Case& row :
       {Case{{"no-such-program"}, Error::Kind::not_found},
        Case{{"/no/such/program"}, Error::Kind::not_found},
        Case{{"/etc/passwd"}, Error::Kind::subprocess}, Case{{"/tmp"}, Error::Kind::subprocess},
        Case{{}, Error::Kind::subprocess},
        Case{{"echo", std::string("a\0b", 3)}, Error::Kind::subprocess}}) {
    SCOPED_TRACE(row.argv.empty() ? "" : row.argv[0]);
    Command command;
    command.argv = row.argv;
    const Result<Finished> finished = make_runner()->run(command);
    ASSERT_FALSE(finished);
    EXPECT_EQ(finished.error().kind, row.kind) << finished.error().message;
  }
  EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1) << "a failed start left a zombie";
}

TEST(Runner, FeedsMoreInputThanAPipeHolds) {
  Command command;
  command.argv = {"cat"};
  command.stdin_text.assign(std::size_t{8} << 20U, 'x');
  EXPECT_EQ(run(command).out, command.stdin_text);
  command.argv = {"true"};  // does not read at all
  EXPECT_EQ(run(command).code, 0);
}

TEST(Runner, ReadsBothOutputsAtOnce) {
  const Finished finished =
      run(sh("head -c 1000000 /dev/zero >&2; head -c 1000000 /dev/zero; printf e >&2"));
  EXPECT_EQ(finished.out.size(), 1'000'000U);
  EXPECT_EQ(finished.err.size(), 1'000'001U);
}

TEST(Runner, KillsTheGroupWhenTimeIsUp) {
  Command command = sh("trap '' TERM; (trap '' TERM; sleep 100) & printf up; sleep 100");
  command.timeout = milliseconds{200};
  Finished finished;
  EXPECT_LT(time_of(command, finished), milliseconds{3'000});
  EXPECT_EQ(finished.ended, Ended::timed_out);
  EXPECT_EQ(finished.out, "up");
}

TEST(Runner, LetsAProgramCleanUpOnSigterm) {
  Command command = sh("trap 'printf bye; exit 1' TERM; sleep 100 & wait");
  command.timeout = milliseconds{200};
  Finished finished;
  EXPECT_LT(time_of(command, finished), milliseconds{600});
  EXPECT_EQ(finished.ended, Ended::timed_out);
  EXPECT_EQ(finished.out, "bye");
}

TEST(Runner, StopsAProgramThatPrintsWithoutEnd) {
  Command command;
  command.argv = {"yes"};
  command.max_output = 1'000'000;
  Finished finished;
  EXPECT_LT(time_of(command, finished), milliseconds{3'000});
  EXPECT_EQ(finished.ended, Ended::capped);
  EXPECT_EQ(finished.out.size(), 1'000'000U);
  command = sh("printf 12345");
  command.max_output = 4;
  EXPECT_EQ(run(command).ended, Ended::capped) << "one byte too many, then a clean end";
  command.max_output = 5;
  EXPECT_EQ(run(command).ended, Ended::exited);
}

TEST(Runner, DoesNotWaitForGrandchildrenThatHoldThePipe) {
  Finished finished;
  EXPECT_LT(time_of(sh("sleep 100 & printf $!"), finished), milliseconds{3'000});
  EXPECT_EQ(finished.ended, Ended::exited);
  const pid_t left_behind = std::atoi(finished.out.c_str());
  ASSERT_GT(left_behind, 0);
  for (int i = 0; i < 100 && ::kill(left_behind, 0) == 0; ++i) {
    std::this_thread::sleep_for(milliseconds{10});  // init reaps it
  }
  // A zombie that nobody reaps (a container without an init) still answers; it runs no more.
  EXPECT_TRUE(::kill(left_behind, 0) != 0 || finished.ended == Ended::exited);

  // In a session of its own it survives the group's end, but it must not hang us.
  Command command = sh("setsid sleep 3 & sleep 100");
  command.timeout = milliseconds{200};
  EXPECT_LT(time_of(command, finished), milliseconds{2'500});
  EXPECT_EQ(finished.ended, Ended::timed_out);
  EXPECT_LT(time_of(sh("setsid sleep 3 & printf done"), finished), milliseconds{2'500});
  EXPECT_EQ(finished.out, "done");
}

TEST(Runner, InheritsNoDescriptor) {
  const Finished finished = run(sh("ls /proc/self/fd"));
  EXPECT_EQ(finished.out, "0\n1\n2\n3\n");  // 3 is the folder that ls reads
}

TEST(Runner, ManyAtOnceNeitherHangNorLeak) {
  const auto runner = make_runner();
  (void)runner->run(sh("true"));
  const std::size_t before = open_descriptors();
  std::vector<Result<Finished>> results(64, Error{});
  const auto start = steady_clock::now();
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < results.size(); ++i) {
      threads.emplace_back([&, i] {
        Command command = sh("cat; printf e >&2; exit " + std::to_string(i));
        command.stdin_text = std::string(200'000, static_cast<char>('a' + i % 26));
        results[i] = runner->run(command);
      });
    }
  }
  EXPECT_LT(steady_clock::now() - start, std::chrono::seconds{30});
  for (std::size_t i = 0; i < results.size(); ++i) {
    ASSERT_TRUE(results[i]);
    EXPECT_EQ(results[i]->code, static_cast<int>(i));
    EXPECT_EQ(results[i]->out, std::string(200'000, static_cast<char>('a' + i % 26)));
    EXPECT_EQ(results[i]->err, "e");
  }
  EXPECT_EQ(open_descriptors(), before);
  EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1) << "a child was not reaped";
}

TEST(FindInPath, SkipsRelativeFolders) {
  const std::string old = std::getenv("PATH");
  const auto here = std::filesystem::current_path();
  std::filesystem::current_path("/usr/bin");
  ::setenv("PATH", ":.:no-such", 1);
  EXPECT_EQ(find_in_path("env"), "");
  ::setenv("PATH", "/no/such:/usr/bin", 1);
  EXPECT_EQ(find_in_path("env"), "/usr/bin/env");
  EXPECT_EQ(find_in_path("no-such-program"), "");
  EXPECT_EQ(find_in_path("../bin/env"), "");
  ::setenv("PATH", old.c_str(), 1);
  std::filesystem::current_path(here);
}

TEST(DescribeFailure, FitsIntoAFinding) {
  struct Case {
    Finished finished;
    const char* account;
  };
  const Case cases[] = {
      {{Ended::exited, 1, "", "walk\nError: no such chart\n\n"},
       "helm: exit 1: Error: no such chart"},
      {{Ended::exited, 1, "", "Error: bad\nUse --debug flag\n"}, "helm: exit 1: Error: bad"},
      {{Ended::exited, 2, "", ""}, "helm: exit 2"},
      {{Ended::signalled, 11, "", "x\x1b[1m\n"}, "helm: killed by SIGSEGV: x\\x1b[1m"},
      {{Ended::timed_out, 9, "", ""}, "helm: did not end in time and was killed"},
      {{Ended::capped, 9, "", ""}, "helm: printed more than it may and was killed"},
  };
  for (const Case& row : cases) {
    EXPECT_EQ(describe_failure("helm", row.finished), row.account);
  }
}

/// A port on the loopback interface on which somebody listens, and nobody answers.
class Listener {
 public:
  Listener() {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* any = reinterpret_cast<sockaddr*>(&address);
    EXPECT_EQ(::bind(socket_, any, size), 0);
    EXPECT_EQ(::listen(socket_, 8), 0);
    EXPECT_EQ(::getsockname(socket_, any, &size), 0);
    port_ = ntohs(address.sin_port);
  }
  ~Listener() { ::close(socket_); }
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;
  [[nodiscard]] std::string port() const { return std::to_string(port_); }

 private:
  int socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  int port_ = 0;
};

TEST(Confinement, LetsNobodyOpenASocket) {
  if (find_in_path("bash").empty()) {
    GTEST_SKIP() << "skipped: there is no bash, which opens sockets without another program";
  }
  const Listener listener;
  Command command = sh("");
  command.argv = {"bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/" + listener.port() + " && echo in"};
  EXPECT_EQ(run(command).out, "in\n");
  command.confined = Confinement{};
  const Finished finished = run(command);
  EXPECT_EQ(finished.out, "");
  EXPECT_NE(finished.err.find("Operation not permitted"), std::string::npos) << finished.err;
}

TEST(Confinement, ShowsTheNamedFilesOnly) {
  if (::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION) < 2) {
    GTEST_SKIP() << "skipped: this kernel has no Landlock of version 2";
  }
  const support::Tree seen{{"a", "seen\n"}};
  const support::Tree hidden{{"a", "hidden\n"}};
  seen.link("link", hidden.root() + "/a");
  const support::Tree scratch;
  Command command = sh("cat " + seen.root() + "/a " + seen.root() + "/link " + hidden.root() +
                       "/a /etc/hostname /proc/self/environ; echo x > " + seen.root() +
                       "/b; echo y > " + scratch.root() + "/b; cat " + scratch.root() + "/b");
  command.confined = Confinement{.readable = {seen.root()}, .writable = {scratch.root()}};
  EXPECT_EQ(run(command).out, "seen\ny\n");
  EXPECT_FALSE(io::exists(seen.root() + "/b"));
}

}  // namespace
}  // namespace sluice::proc
