// SPDX-License-Identifier: Apache-2.0
#include "render/repository.hpp"

#include "support/fake_runner.hpp"
#include "support/tree.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

namespace sluice::render {
namespace {

/// Answers as sluice-git does in a repository with one file and an origin.
Result<proc::Finished> answer(const proc::Command& command) {
  return proc::Finished{.out = command.argv.at(1) == "urls" ? "https://git.example.com/a/b\n"
                                                            : std::string("web.yaml\0", 9)};
}

TEST(OpenRepository, TakesOriginAsAnAddressOfItsOwn) {
  ::setenv("PATH", SLUICE_BIN_DIR, 1);
  const support::Tree tree({{".git/HEAD", ""}, {"web.yaml", ""}, {"sub/app.yaml", ""}});
  const proc::FakeRunner runner(answer);
  const auto repository = open_repository(tree.root(), {}, runner);
  ASSERT_TRUE(repository) << repository.error().message;
  EXPECT_EQ(repository->files, std::vector<std::string>{"web.yaml"});
  EXPECT_TRUE(repository->urls_known);
  EXPECT_EQ(delivery::is_ours(*repository, "git@git.example.com:a/b.git", "web.yaml"),
            delivery::Ours::yes);
  EXPECT_EQ(delivery::is_ours(*repository, "https://git.example.com/a/c", "web.yaml"),
            delivery::Ours::no);
}

TEST(OpenRepository, DoesNotAskBelowTheTopOfAWorkTree) {
  ::setenv("PATH", SLUICE_BIN_DIR, 1);
  const support::Tree tree({{".git/HEAD", ""}, {"sub/web.yaml", ""}});
  const proc::FakeRunner runner(answer);
  const auto repository = open_repository(tree.root() + "/sub", {}, runner);
  ASSERT_TRUE(repository) << repository.error().message;
  EXPECT_FALSE(repository->urls_known);
  EXPECT_EQ(runner.commands().size(), 1U);
}

TEST(OpenRepository, ReadsEveryFileWhereThereIsNoGit) {
  const support::Tree tree({{"a.yaml", ""}, {"sub/.git/config", ""}, {"sub/b.yaml", ""}});
  const proc::FakeRunner runner(answer);
  const auto repository = open_repository(tree.root(), {}, runner);
  ASSERT_TRUE(repository) << repository.error().message;
  EXPECT_EQ(repository->files, (std::vector<std::string>{"a.yaml", "sub/b.yaml"}));
}

TEST(OpenRepository, ReadsEveryFileWhereGitTracksNone) {
  ::setenv("PATH", SLUICE_BIN_DIR, 1);
  const support::Tree tree({{".git/HEAD", ""}, {"build/run/base-src/a.yaml", ""}});
  const proc::FakeRunner runner(
      [](const proc::Command&) -> Result<proc::Finished> { return proc::Finished{}; });
  const auto repository = open_repository(tree.root() + "/build/run/base-src", {}, runner);
  ASSERT_TRUE(repository) << repository.error().message;
  EXPECT_EQ(repository->files, std::vector<std::string>{"a.yaml"});
}

}  // namespace
}  // namespace sluice::render
