// SPDX-License-Identifier: Apache-2.0
// What can go wrong between us and a server: each with a message that has the way out, no secret in
// it, and nothing changed.
#include "io/files.hpp"
#include "support/fault_proxy.hpp"
#include "support/promoter.hpp"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <csignal>
#include <fcntl.h>
#include <random>
#include <sys/resource.h>
#include <thread>
#include <unistd.h>

namespace sluice::git {
namespace {

using test::access_to;
using test::draft_of;
using test::FaultProxy;
using test::GitServer;
using test::Promoter;
using test::Scratch;
using Kind = GitServer::Kind;
using std::chrono::milliseconds;

const std::string token = "sesame-open";

#define SKIP_WITHOUT(kind)                                               \
  if (const auto missing = GitServer::missing(kind); !missing.empty()) { \
    GTEST_SKIP() << missing;                                             \
  }

/// A server with a repository, and an upstream for it.
struct Scene {
  explicit Scene(GitServer::Options options) : kind(options.kind), server(options) {
    server.create("platform", {{"a.yaml", "a: 1\n"}});
    access = access_to(server, kind, options.token);
    before = server.git("platform", {"rev-parse", "main"});
  }

  Result<Exchange> fetch(const std::string& url = {}, const std::string& branch = "main") {
    promoter = std::make_unique<Promoter>(url.empty() ? server.url("platform") : url,
                                          scratch.path() / "cache", access);
    if (!promoter->opened) {
      return promoter->opened.error();
    }
    return (*promoter)->fetch(branch);
  }

  Result<Exchange> change() {
    Exchange fetched;
    SLUICE_TRY_ASSIGN(fetched, fetch());
    if (fetched.outcome != Outcome::done) {
      return fetched;
    }
    return push(fetched.tip);
  }

  Result<Exchange> push(const std::string& tip) {
    std::string commit;
    SLUICE_TRY_ASSIGN(commit, (*promoter)->commit(draft_of(tip, "a.yaml", "a: 2\n")));
    return (*promoter)->push({"main", tip, commit});
  }

  void expect(const Result<Exchange>& got, Outcome outcome, const std::string& words) {
    ASSERT_TRUE(got) << got.error().message;
    EXPECT_EQ(static_cast<int>(got->outcome), static_cast<int>(outcome)) << got->message;
    EXPECT_NE(got->message.find(words), std::string::npos) << got->message;
    EXPECT_EQ(got->message.find(token), std::string::npos) << got->message;
    EXPECT_EQ(server.git("platform", {"rev-parse", "main"}), before);
  }

  Kind kind;
  GitServer server;
  Scratch scratch;
  Access access;
  std::string before;
  std::unique_ptr<Promoter> promoter;
};

TEST(HttpRefusals, WithoutToken) {
  SKIP_WITHOUT(Kind::http);
  Scene scene({Kind::http, token});
  scene.access.token = Secret();
  scene.expect(scene.change(), Outcome::refused, "SLUICE_GIT_TOKEN");
}

TEST(HttpRefusals, WrongToken) {
  SKIP_WITHOUT(Kind::http);
  Scene scene({Kind::http, token});
  scene.access.token = Secret("another");
  scene.expect(scene.change(), Outcome::refused, "has expired");
}

TEST(HttpRefusals, TokenExpiresBetweenFetchAndPush) {
  SKIP_WITHOUT(Kind::http);
  Scene scene({Kind::http, token});
  const auto fetched = scene.fetch();
  ASSERT_TRUE(fetched && fetched->outcome == Outcome::done);
  scene.server.change_token("renewed");
  scene.expect(scene.push(fetched->tip), Outcome::refused, "may not write");
}

TEST(HttpRefusals, ReadOnlyRepository) {
  SKIP_WITHOUT(Kind::http);
  Scene scene({Kind::http, token, GitServer::Pushes::denied});
  scene.expect(scene.change(), Outcome::refused, "read-only");
}

TEST(HttpRefusals, NoSuchRepository) {
  SKIP_WITHOUT(Kind::http);
  Scene scene({Kind::http, token});
  scene.expect(scene.fetch(scene.server.url("other")), Outcome::refused, "no such repository");
}

/// A token goes to the server that was named, and to no other.
TEST(HttpRefusals, Redirects) {
  SKIP_WITHOUT(Kind::http);
  Scene scene({Kind::http, token});
  const std::string url = "http://127.0.0.1:" + std::to_string(scene.server.port());
  scene.expect(scene.fetch(url + "/moved/platform.git"), Outcome::refused, "to another one");
}

TEST(HttpRefusals, NoSuchBranch) {
  SKIP_WITHOUT(Kind::http);
  Scene scene({Kind::http, token});
  scene.expect(scene.fetch({}, "release"), Outcome::no_branch, "\"release\"");
}

TEST(HttpRefusals, ProtectedBranch) {
  SKIP_WITHOUT(Kind::http);
  Scene scene({Kind::http, token});
  scene.server.add_hook("platform", "update", "echo 'main is protected' >&2\nexit 1\n");
  scene.expect(scene.change(), Outcome::rejected, "main is protected");
}

TEST(HttpRefusals, HookThatRepeatsTheTokenAndDrawsOnTheTerminal) {
  SKIP_WITHOUT(Kind::http);
  Scene scene({Kind::http, token});
  scene.server.add_hook("platform", "pre-receive",
                        "printf 'checking 10%%\\rchecking 100%%\\n' >&2\n"
                        "printf 'frozen; \\033[31m" +
                            token + "\\n' >&2\nexit 1\n");
  const auto got = scene.change();
  scene.expect(got, Outcome::rejected, "frozen; \\x1b[31m***");
  EXPECT_EQ(got->message.find("10%\r"), std::string::npos);
}

TEST(HttpRefusals, NobodyListens) {
  SKIP_WITHOUT(Kind::http);
  Scene scene({Kind::http, token});
  const std::string url = "http://127.0.0.1:" + std::to_string(test::free_port()) + "/platform.git";
  scene.expect(scene.fetch(url), Outcome::unreachable, "127.0.0.1");
}

TEST(HttpRefusals, UnknownName) {
  SKIP_WITHOUT(Kind::http);
  Scene scene({Kind::http, token});
  scene.expect(scene.fetch("https://git.invalid/platform.git"), Outcome::unreachable,
               "git.invalid");
}

TEST(HttpRefusals, SilentServer) {
  SKIP_WITHOUT(Kind::http);
  Scene scene({Kind::http, token});
  FaultProxy::Faults faults;
  faults.voice = FaultProxy::Faults::Voice::silent;
  FaultProxy proxy(scene.server.port(), faults);
  scene.access.silence = milliseconds{400};
  const auto begin = std::chrono::steady_clock::now();
  scene.expect(scene.fetch(scene.server.url("platform", proxy.port())), Outcome::unreachable,
               "has sent nothing for 0.40 s");
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds{5});
}

TEST(HttpRefusals, DeadlineOfTheWhole) {
  SKIP_WITHOUT(Kind::http);
  Scene scene({Kind::http, token});
  FaultProxy::Faults faults;
  faults.voice = FaultProxy::Faults::Voice::silent;
  FaultProxy proxy(scene.server.port(), faults);
  scene.access.deadline = milliseconds{400};
  scene.expect(scene.fetch(scene.server.url("platform", proxy.port())), Outcome::unreachable,
               "did not end in time");
}

TEST(HttpRefusals, SilentWhileItHasThePush) {
  SKIP_WITHOUT(Kind::http);
  Scene scene({Kind::http, token});
  scene.server.add_hook("platform", "pre-receive", "sleep 3\nexit 1\n");
  scene.access.silence = milliseconds{700};
  const auto got = scene.change();
  scene.expect(got, Outcome::unreachable, "has sent nothing");
}

TEST(HttpsRefusals, UnknownAuthority) {
  SKIP_WITHOUT(Kind::https);
  Scene scene({Kind::https, token});
  scene.access.ca_file.clear();
  scene.expect(scene.fetch(), Outcome::refused, "--ca-file");
}

TEST(HttpsRefusals, NoCertificatesInTheFile) {
  SKIP_WITHOUT(Kind::https);
  Scene scene({Kind::https, token});
  scene.access.ca_file = scene.scratch.path() / "none.pem";
  scene.expect(scene.fetch(), Outcome::refused, "none.pem");
}

TEST(SshRefusals, UnknownHost) {
  SKIP_WITHOUT(Kind::ssh);
  Scene scene({Kind::ssh});
  const auto others = scene.scratch.path() / "known_hosts";
  const std::string line = test::read_file(scene.server.known_hosts());
  ASSERT_TRUE(io::write_atomically(others, "other.example.com" + line.substr(line.find(' '))));
  scene.access.known_hosts = others;
  scene.expect(scene.fetch(), Outcome::refused, "host key SHA256:");
}

TEST(SshRefusals, AnotherKeyForTheHost) {
  SKIP_WITHOUT(Kind::ssh);
  Scene scene({Kind::ssh});
  GitServer other({Kind::ssh});
  scene.access.known_hosts = other.known_hosts();
  scene.expect(scene.fetch(), Outcome::refused, "host key SHA256:");
}

TEST(SshRefusals, KnownHostsThatAreNot) {
  SKIP_WITHOUT(Kind::ssh);
  Scene scene({Kind::ssh});
  const auto broken = scene.scratch.path() / "known_hosts";
  ASSERT_TRUE(io::write_atomically(broken, "127.0.0.1 ssh-ed25519\n"));
  scene.access.known_hosts = broken;
  scene.expect(scene.fetch(), Outcome::refused, "known_hosts");
}

TEST(SshRefusals, NoKnownHosts) {
  SKIP_WITHOUT(Kind::ssh);
  Scene scene({Kind::ssh});
  scene.access.known_hosts = scene.scratch.path() / "none";
  scene.expect(scene.fetch(), Outcome::refused, "ssh-keyscan");
}

TEST(SshRefusals, KeyThatIsNotRegistered) {
  SKIP_WITHOUT(Kind::ssh);
  Scene scene({Kind::ssh});
  GitServer other({Kind::ssh});
  scene.access.ssh_key = other.key();
  scene.expect(scene.fetch(), Outcome::refused, "does not accept the key");
}

TEST(SshRefusals, KeyThatIsNotThere) {
  SKIP_WITHOUT(Kind::ssh);
  Scene scene({Kind::ssh});
  scene.access.ssh_key = "/nowhere/id";
  scene.expect(scene.fetch(), Outcome::refused, "no such key");
}

TEST(SshRefusals, RsaKey) {
  SKIP_WITHOUT(Kind::ssh);
  Scene scene({Kind::ssh});
  scene.access.ssh_key = scene.server.make_key("rsa");
  scene.expect(scene.fetch(), Outcome::refused, "use ed25519 or ECDSA");
}

TEST(SshRefusals, KeyWithPassphrase) {
  SKIP_WITHOUT(Kind::ssh);
  Scene scene({Kind::ssh});
  scene.access.ssh_key = scene.server.make_key("ed25519", "secret words");
  scene.expect(scene.fetch(), Outcome::refused, "passphrase");
}

TEST(SshRefusals, EcdsaKeyIsFine) {
  SKIP_WITHOUT(Kind::ssh);
  Scene scene({Kind::ssh});
  scene.access.ssh_key = scene.server.make_key("ecdsa");
  const auto got = scene.fetch();
  ASSERT_TRUE(got);
  EXPECT_EQ(static_cast<int>(got->outcome), 0) << got->message;
}

TEST(SshRefusals, NoKeyAtAll) {
  SKIP_WITHOUT(Kind::ssh);
  Scene scene({Kind::ssh});
  scene.access.ssh_key.clear();
  ::unsetenv("SSH_AUTH_SOCK");
  scene.expect(scene.fetch(), Outcome::refused, "--ssh-key");
}

TEST(Ssh, KeyOfAnAgent) {
  SKIP_WITHOUT(Kind::ssh);
  Scene scene({Kind::ssh});
  scene.access.ssh_key.clear();
  const std::string socket = scene.scratch.path() / "agent";
  const test::Daemon agent({"/usr/bin/ssh-agent", "-D", "-a", socket}, {}, "/dev/null");
  for (int i = 0; i < 500 && !io::exists(socket); ++i) {
    std::this_thread::sleep_for(milliseconds{10});
  }
  const auto added = test::run({{"/usr/bin/ssh-add", "-q", scene.server.key()},
                                {"SSH_AUTH_SOCK=" + socket},
                                scene.scratch.path()});
  ASSERT_EQ(added.exit, 0) << added.err;
  ::setenv("SSH_AUTH_SOCK", socket.c_str(), 1);
  const auto got = scene.fetch();
  ::unsetenv("SSH_AUTH_SOCK");
  ASSERT_TRUE(got);
  EXPECT_EQ(static_cast<int>(got->outcome), 0) << got->message;
}

TEST(SshRefusals, NoSuchRepository) {
  SKIP_WITHOUT(Kind::ssh);
  Scene scene({Kind::ssh});
  scene.expect(scene.fetch(scene.server.url("other")), Outcome::refused, "does not appear to be");
}

TEST(SshRefusals, HookDeclines) {
  SKIP_WITHOUT(Kind::ssh);
  Scene scene({Kind::ssh});
  scene.server.add_hook("platform", "pre-receive", "echo 'not on a Friday' >&2\nexit 1\n");
  scene.expect(scene.change(), Outcome::rejected, "not on a Friday");
}

/// A limit on the size of files is what a full disk looks like to a program.
TEST(Disk, FullWhileFetching) {
  SKIP_WITHOUT(Kind::http);
  Scene scene({Kind::http, token});
  std::string noise;
  std::mt19937 random(1);
  for (unsigned i = 0; i < 400'000; ++i) {
    noise += static_cast<char>(random() & 0xffU);
  }
  scene.server.create("large", {{"noise", noise}});
  const auto old = ::signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  ::getrlimit(RLIMIT_FSIZE, &before);
  const rlimit small{100'000, before.rlim_max};
  ::setrlimit(RLIMIT_FSIZE, &small);
  const auto got = scene.fetch(scene.server.url("large"));
  ::setrlimit(RLIMIT_FSIZE, &before);
  ::signal(SIGXFSZ, old);
  ASSERT_FALSE(got) << got->message;
  EXPECT_NE(got.error().message.find("File too large"), std::string::npos) << got.error().message;
  const auto again = scene.fetch(scene.server.url("large"));
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(again->outcome, Outcome::done) << again->message;
}

std::string command_lines() {
  std::string all;
  std::error_code failure;
  for (std::filesystem::directory_iterator i("/proc", failure), end; i != end;
       i.increment(failure)) {
    const Descriptor file(::open((i->path() / "cmdline").c_str(), O_RDONLY | O_CLOEXEC));
    std::array<char, 4096> words;
    const ssize_t got = file ? ::read(file.get(), words.data(), words.size()) : 0;
    all.append(words.data(), static_cast<std::size_t>(std::max<ssize_t>(got, 0))) += '\n';
  }
  return all;
}

TEST(Secrets, AreNotInTheProcessList) {
  SKIP_WITHOUT(Kind::http);
  Scene scene({Kind::http, token});
  scene.server.add_hook("platform", "pre-receive", "sleep 0.5\n");
  std::string seen;
  std::atomic<bool> over = false;
  std::thread reader([&] {
    while (!over) {
      seen += command_lines();
    }
  });
  const auto got = scene.change();
  over = true;
  reader.join();
  ASSERT_TRUE(got && got->outcome == Outcome::done);
  EXPECT_NE(seen.find("sluice-git"), std::string::npos) << "the helper was not seen at all";
  EXPECT_EQ(seen.find(token), std::string::npos);
}

}  // namespace
}  // namespace sluice::git
