// SPDX-License-Identifier: Apache-2.0
#include "git/repository.hpp"

#include "base/text.hpp"
#include "git/made_repository.hpp"

#include <gtest/gtest.h>

#include <filesystem>

namespace sluice::git {
namespace {

namespace fs = std::filesystem;

std::string files(const std::string& path) {
  const auto names = tracked_files(path);
  return names ? text::join(*names, " ") : names.error().message;
}

TEST(TrackedFiles, ComeFromTheIndex) {
  MadeRepository made;
  EXPECT_EQ(files(made.path()), "");
  for (const char* name : {"b", "a/x", "a-b", "a/sub/y", "ab/z", "sp ace\n\xc3\xa9"}) {
    made.add(name);
  }
  made.add("link", GIT_FILEMODE_LINK);
  made.add("module", GIT_FILEMODE_COMMIT);
  ASSERT_TRUE(io::write_atomically(made.path() + "/untracked", ""));
  ASSERT_TRUE(io::write_atomically(made.path() + "/a/sub/untracked", ""));
  EXPECT_EQ(files(made.path()), "a-b a/sub/y a/x ab/z b link sp ace\n\xc3\xa9");
  EXPECT_EQ(files(made.path() + "/a"), "sub/y x") << "relative to the folder; not ab";
  EXPECT_EQ(files(made.path() + "/a/sub/"), "y");
  fs::create_directory_symlink(made.path() + "/a", made.path() + "/alias");
  EXPECT_EQ(files(made.path() + "/alias"), "sub/y x");
}

TEST(TrackedFiles, NeedARepository) {
  const auto folder = io::TemporaryDirectory::make("git-test");
  for (const std::string& path : {folder->path(), folder->path() + "/none"}) {
    const auto names = tracked_files(path);
    ASSERT_FALSE(names);
    EXPECT_EQ(names.error().kind, Error::Kind::not_found);
  }
}

TEST(OriginUrls, LeaveSecretsOut) {
  struct Row {
    const char* url;
    const char* shown;
  };
  constexpr Row rows[] = {
      {"https://git.example.com/a.git", "https://git.example.com/a.git"},
      {"https://ci:t0ken@git.example.com/a@b.git", "https://git.example.com/a@b.git"},
      {"https://t0ken@git.example.com", "https://git.example.com"},
      {"ssh://git@git.example.com:22/a.git", "ssh://git@git.example.com:22/a.git"},
      {"ssh://git:pw@git.example.com/a.git", "ssh://git@git.example.com/a.git"},
      {"git@git.example.com:a.git", "git@git.example.com:a.git"},
      {"/srv/git/a@b", "/srv/git/a@b"},
  };
  for (const Row& row : rows) {
    MadeRepository made;
    EXPECT_TRUE(origin_urls(made.path())->empty());
    git_config* config = nullptr;
    ASSERT_EQ(git_repository_config(&config, made.get()), 0);
    EXPECT_EQ(git_config_set_string(config, "remote.origin.url", row.url), 0);
    git_config_free(config);
    EXPECT_EQ(text::join(*origin_urls(made.path()), " "), row.shown);
  }
}

TEST(Resolve, NamesTheCommit) {
  MadeRepository made;
  const git_oid first = made.commit(made.tree({}));
  const std::string id = MadeRepository::hex(first);
  EXPECT_EQ(*resolve(made.path(), "main"), id);
  EXPECT_EQ(*resolve(made.path(), id.substr(0, 10)), id);

  struct Row {
    const char* revision;
    const char* message;
  };
  constexpr Row rows[] = {
      {"none", "revision \"none\": revspec 'none' not found"},
      {"main^{tree}", "revision \"main^{tree}\" is not a commit"},
  };
  for (const Row& row : rows) {
    const auto missing = resolve(made.path(), row.revision);
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().kind, Error::Kind::not_found);
    EXPECT_EQ(missing.error().message, row.message);
  }
}

TEST(Resolve, HintsAtWhatIsThere) {
  MadeRepository made;
  const git_oid id = made.commit(made.tree({}));
  git_reference* reference = nullptr;
  ASSERT_EQ(git_reference_create(&reference, made.get(), "refs/remotes/origin/next", &id, 0, ""),
            0);
  git_reference_free(reference);
  EXPECT_TRUE(resolve(made.path(), "next").error().message.ends_with("; there is origin/next"));
  ASSERT_TRUE(io::write_atomically(made.path() + "/.git/shallow", MadeRepository::hex(id) + '\n'));
  EXPECT_NE(resolve(made.path(), "main~1").error().message.find("the clone is shallow"),
            std::string::npos);
}

}  // namespace
}  // namespace sluice::git
