// SPDX-License-Identifier: Apache-2.0
#include "git/commit.hpp"

#include "git/made_repository.hpp"
#include "git/read.hpp"
#include "support/daemon.hpp"
#include "support/program.hpp"

#include <cstdlib>

namespace sluice::git {
namespace {

using test::Program;
using test::Scratch;

const std::vector<std::string> plain_env = {"PATH=/usr/local/bin:/usr/bin:/bin",
                                            "GIT_CONFIG_NOSYSTEM=1"};

std::map<std::string, std::string> env_of(const Scratch& home) {
  return {{"PATH", "/usr/local/bin:/usr/bin:/bin"},
          {"HOME", home.path()},
          {"GNUPGHOME", home.path() / "gnupg"}};
}

class Committing : public testing::Test {
 protected:
  Committing() : runner_(proc::make_runner()) {
    const git_oid inner =
        repository_.tree({{"100755", "run.sh", repository_.blob("echo 1\n")},
                          {"100644", "values.yaml", repository_.blob("tag: 1\n")}});
    const git_oid top = repository_.tree({{"40000", "app", inner},
                                          {"120000", "link", repository_.blob("app/values.yaml")},
                                          {"100644", "z.yaml", repository_.blob("z: 1\n")}});
    parent_ = MadeRepository::hex(repository_.commit(top));
  }

  [[nodiscard]] Draft draft(std::vector<FileChange> files) const {
    return {.parent = parent_,
            .files = std::move(files),
            .author = {"Ann", "ann@example.com"},
            .committer = {"Robot", "robot@example.com"},
            .time = 1'700'000'000,
            .message = "Promote app\n\nPromotion-Id: 1\n"};
  }

  Result<std::string> write(const Draft& what, const Signing& signing = {}) {
    return write_commit(repository_.path(), what, signing, *runner_);
  }

  test::Ran git(std::vector<std::string> arguments, std::vector<std::string> env = plain_env) {
    arguments.insert(arguments.begin(), "/usr/bin/git");
    env.push_back("HOME=" + scratch_.path().string());
    return test::run({std::move(arguments), std::move(env), repository_.path()});
  }

  MadeRepository repository_;
  Scratch scratch_;
  std::unique_ptr<proc::Runner> runner_;
  std::string parent_;
};

TEST_F(Committing, ChangesNothingBesides) {
  const auto id = write(draft({{"app/values.yaml", "tag: 2\r\n"}, {"app/run.sh", "echo 2\n"}}));
  ASSERT_TRUE(id) << id.error().message;
  EXPECT_EQ(git({"ls-tree", "-r", "--format=%(objectmode) %(path)", *id}).out,
            "100755 app/run.sh\n100644 app/values.yaml\n120000 link\n100644 z.yaml\n");
  EXPECT_EQ(git({"cat-file", "blob", *id + ":app/values.yaml"}).out, "tag: 2\r\n");
  EXPECT_EQ(git({"log", "-1", "--format=%an <%ae> %at|%cn <%ce> %ct|%P|%B", *id}).out,
            "Ann <ann@example.com> 1700000000|Robot <robot@example.com> 1700000000|" + parent_ +
                "|Promote app\n\nPromotion-Id: 1\n\n");
  EXPECT_EQ(git({"fsck", "--strict", "--no-dangling"}).out, "");
}

TEST_F(Committing, TheSameIsTheSame) {
  const auto once = write(draft({{"app/values.yaml", "tag: 2\n"}}));
  const auto twice = write(draft({{"app/values.yaml", "tag: 2\n"}}));
  ASSERT_TRUE(once && twice);
  EXPECT_EQ(*once, *twice);
}

TEST_F(Committing, NewFilesAndFolders) {
  const auto id = write(draft({{"new/deep/a.yaml", "a: 1\n"}}));
  ASSERT_TRUE(id) << id.error().message;
  EXPECT_EQ(git({"ls-tree", "-r", "--format=%(objectmode) %(path)", *id, "new"}).out,
            "100644 new/deep/a.yaml\n");
}

TEST_F(Committing, Refuses) {
  const std::pair<std::vector<FileChange>, const char*> rows[] = {
      {{}, "without files"},
      {{{"../a", "x"}}, "Git would write"},
      {{{"a/.git/config", "x"}}, "Git would write"},
      {{{"/a", "x"}}, "Git would write"},
      {{{"app", "x"}}, "a folder, a link or a submodule"},
      {{{"link", "x"}}, "a folder, a link or a submodule"},
      {{{"a", "x"}, {"a", "y"}}, "twice"},
      {{{"app/values.yaml", "tag: 1\n"}}, "change nothing"},
  };
  for (const auto& [files, words] : rows) {
    SCOPED_TRACE(words);
    const auto id = write(draft(files));
    ASSERT_FALSE(id);
    EXPECT_EQ(id.error().kind, Error::Kind::usage);
    EXPECT_NE(id.error().message.find(words), std::string::npos) << id.error().message;
  }
}

TEST_F(Committing, RefusesPersonsThatWouldForgeLines) {
  for (const Person& person : {Person{"", "a@example.com"}, Person{"A", " "},
                               Person{"A\nparent x", "a@example.com"}, Person{"A", "a> <b"}}) {
    Draft bad = draft({{"z.yaml", "z: 2\n"}});
    bad.author = person;
    EXPECT_FALSE(write(bad)) << person.name;
  }
}

class Signed : public Committing {
 protected:
  Result<std::string> write_signed(SignatureFormat format, const std::string& key) {
    return write(draft({{"z.yaml", "z: 2\n"}}), {format, key, env_of(scratch_)});
  }

  /// As git verify-commit sees it.
  void expect_good(const std::string& id, const std::string& key) {
    const std::string signers = scratch_.path() / "signers";
    ASSERT_TRUE(
        io::write_atomically(signers, "robot@example.com " + test::read_file(key + ".pub")));
    const auto verified = git({"-c", "gpg.ssh.allowedSignersFile=" + signers, "verify-commit", id});
    EXPECT_EQ(verified.exit, 0) << verified.err;
  }

  std::string ssh_key(const std::string& type, const std::string& passphrase = {}) {
    const std::string path = scratch_.path() / ("key_" + type);
    test::run({{"/usr/bin/ssh-keygen", "-q", "-t", type, "-N", passphrase, "-f", path},
               {},
               scratch_.path()});
    return path;
  }
};

TEST_F(Signed, BySshKeysThatGitAccepts) {
  if (proc::find_in_path("ssh-keygen").empty()) {
    GTEST_SKIP() << "skipped: no ssh-keygen";
  }
  for (const std::string type : {"ed25519", "ecdsa", "rsa"}) {
    SCOPED_TRACE(type);
    const std::string key = ssh_key(type);
    const auto id = write_signed(SignatureFormat::ssh, key);
    ASSERT_TRUE(id) << id.error().message;
    expect_good(*id, key);
    EXPECT_EQ(git({"fsck", "--strict", "--no-dangling"}).out, "");
  }
}

/// The private key is nowhere but in the agent: its public half says which one is meant.
TEST_F(Signed, ByAKeyOfAnSshAgent) {
  if (proc::find_in_path("ssh-agent").empty()) {
    GTEST_SKIP() << "skipped: no ssh-agent";
  }
  const std::string key = ssh_key("ed25519");
  const std::string socket = scratch_.path() / "agent";
  const test::Daemon agent({"/usr/bin/ssh-agent", "-D", "-a", socket}, {}, "/dev/null");
  test::Ran added;
  for (int i = 0; i < 200 && added.exit != 0; ++i) {
    added =
        test::run({{"/usr/bin/ssh-add", "-q", key}, {"SSH_AUTH_SOCK=" + socket}, scratch_.path()});
  }
  ASSERT_EQ(added.exit, 0) << added.err;
  std::filesystem::remove(key);
  Signing signing{SignatureFormat::ssh, key + ".pub", env_of(scratch_)};
  EXPECT_FALSE(write(draft({{"z.yaml", "z: 2\n"}}), signing)) << "without the agent";
  signing.env["SSH_AUTH_SOCK"] = socket;
  const auto id = write(draft({{"z.yaml", "z: 2\n"}}), signing);
  ASSERT_TRUE(id) << id.error().message;
  expect_good(*id, key);
}

TEST_F(Signed, ByGpgKeysThatGitAccepts) {
  if (proc::find_in_path("gpg").empty()) {
    GTEST_SKIP() << "skipped: no gpg";
  }
  std::filesystem::create_directories(scratch_.path() / "gnupg");
  std::filesystem::permissions(scratch_.path() / "gnupg", std::filesystem::perms::owner_all);
  const std::vector<std::string> env = {"PATH=/usr/local/bin:/usr/bin:/bin",
                                        "GNUPGHOME=" + (scratch_.path() / "gnupg").string()};
  const auto made = test::run({{"/usr/bin/gpg", "--batch", "--passphrase", "", "--quick-gen-key",
                                "Robot <robot@example.com>", "ed25519", "sign", "never"},
                               env,
                               scratch_.path()});
  ASSERT_EQ(made.exit, 0) << made.err;
  const auto id = write_signed(SignatureFormat::gpg, "robot@example.com");
  ASSERT_TRUE(id) << id.error().message;
  const auto verified = git({"verify-commit", *id}, env);
  EXPECT_EQ(verified.exit, 0) << verified.err;
  EXPECT_FALSE(write_signed(SignatureFormat::gpg, "nobody@example.com"));
  test::run({{"/usr/bin/gpgconf", "--kill", "all"}, env, scratch_.path()});
}

TEST_F(Signed, RefusesAndSaysTheWayOut) {
  if (proc::find_in_path("ssh-keygen").empty()) {
    GTEST_SKIP() << "skipped: no ssh-keygen";
  }
  const auto none = write_signed(SignatureFormat::ssh, scratch_.path() / "none");
  ASSERT_FALSE(none);
  EXPECT_NE(none.error().message.find("is not there"), std::string::npos);
  const auto locked = write_signed(SignatureFormat::ssh, ssh_key("ed25519", "secret words"));
  ASSERT_FALSE(locked);
  EXPECT_NE(locked.error().message.find("must be in an agent"), std::string::npos)
      << locked.error().message;
}

}  // namespace
}  // namespace sluice::git
