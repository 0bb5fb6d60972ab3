// SPDX-License-Identifier: Apache-2.0
#include "git/made_repository.hpp"
#include "git/read.hpp"
#include "git/replay.hpp"
#include "support/program.hpp"

#include <filesystem>
#include <fstream>
#include <map>
#include <random>

namespace sluice::git {
namespace {

using test::Scratch;

/// A repository out of a stream for git fast-import.
class Imported {
 public:
  explicit Imported(const std::string& stream) {
    git({"init", "-q", "--bare", "-b", "main", "."});
    import(stream);
  }

  void import(const std::string& stream) {
    std::ofstream(scratch_.path() / "stream") << stream;
    git({"fast-import", "--quiet"}, scratch_.path() / "stream");
  }

  std::string git(std::vector<std::string> arguments,
                  const std::filesystem::path& input = "/dev/null") {
    arguments.insert(arguments.begin(), "/usr/bin/git");
    const auto ran = test::run({arguments, {"HOME=/"}, scratch_.path(), input});
    EXPECT_EQ(ran.exit, 0) << ran.err;
    return ran.out.substr(0, ran.out.find('\n'));
  }

  [[nodiscard]] std::string path() const { return scratch_.path(); }

 private:
  Scratch scratch_;
};

std::string commit(const std::string& subject, const std::string& changes) {
  static int second = 0;
  return "commit refs/heads/main\ncommitter C <c@example.com> " +
         std::to_string(1'700'000'000 + second++) + " +0000\ndata " +
         std::to_string(subject.size()) + '\n' + subject + '\n' + changes + '\n';
}

std::string set(const std::string& path, const std::string& bytes) {
  return "M 100644 inline " + path + "\ndata " + std::to_string(bytes.size()) + '\n' + bytes + '\n';
}

std::vector<std::string> subjects(Imported& repository,
                                  const std::vector<std::string>& paths,
                                  std::size_t most = 100) {
  std::vector<std::string> seen;
  const Status walked = walk_history(repository.path(), repository.git({"rev-parse", "main"}),
                                     paths, [&](const Revision& revision) {
                                       seen.push_back(revision.message + ':' + revision.path +
                                                      (revision.previous.empty() ? "+" : "") +
                                                      (revision.blob.empty() ? "-" : ""));
                                       return seen.size() < most ? Walk::on : Walk::stop;
                                     });
  EXPECT_TRUE(walked) << walked.error().message;
  return seen;
}

TEST(History, TellsWhoChangedAPath) {
  Imported repository(commit("one", set("a/b.yaml", "1") + set("c.yaml", "1")) +
                      commit("two", set("c.yaml", "2")) + commit("three", set("a/x.yaml", "1")) +
                      commit("four", set("a/b.yaml", "2")) + commit("five", "D a/b.yaml\n") +
                      commit("six", set("a/b.yaml", "2") + set("c.yaml", "3")));
  using Words = std::vector<std::string>;
  EXPECT_EQ(subjects(repository, {"a/b.yaml"}),
            (Words{"six:a/b.yaml+", "five:a/b.yaml-", "four:a/b.yaml", "one:a/b.yaml+"}));
  EXPECT_EQ(subjects(repository, {"c.yaml", "a/b.yaml"}, 3),
            (Words{"six:c.yaml", "six:a/b.yaml+", "five:a/b.yaml-"}));
  EXPECT_EQ(subjects(repository, {"a"}), (Words{"six:a", "five:a", "four:a", "three:a", "one:a+"}));
  EXPECT_EQ(subjects(repository, {"none.yaml"}), Words{});
}

TEST(History, FollowsFirstParentsOnly) {
  const auto head = [](const std::string& branch, const std::string& mark,
                       const std::string& subject) {
    return "commit refs/heads/" + branch + "\nmark :" + mark +
           "\ncommitter C <c@example.com> 1700000000 +0000\ndata " +
           std::to_string(subject.size()) + '\n' + subject + '\n';
  };
  Imported repository(head("main", "1", "one") + set("a", "1") + '\n' + head("side", "2", "side") +
                      "from :1\n" + set("a", "2") + '\n' + head("main", "3", "merge") +
                      "from :1\nmerge :2\n" + set("a", "2") + '\n');
  EXPECT_EQ(subjects(repository, {"a"}), (std::vector<std::string>{"merge:a", "one:a+"}));
}

/// Thousands of commits: what changed where is kept, and says the same as looking at each commit.
class LongHistory : public testing::Test {
 protected:
  /// Commits that set, remove, and turn files into folders and back, at random.
  std::string grow(unsigned commits) {
    std::string stream;
    for (unsigned i = 0; i < commits; ++i) {
      const std::string name = "c" + std::to_string(expected_.size());
      std::map<std::string, std::string> after = files_;
      std::string changes;
      const unsigned many = pick(40) == 0 ? 300 : 1 + pick(2);
      for (unsigned k = 0; k < many; ++k) {
        const std::string path =
            many > 2 ? "bulk/" + std::to_string(k) : paths_[pick(std::size(paths_))];
        if (pick(3) == 0 && after.contains(path)) {
          after.erase(path);
          changes += "D " + path + '\n';
          continue;
        }
        std::erase_if(after, [&](const auto& each) {
          return each.first.starts_with(path + '/') || path.starts_with(each.first + '/');
        });
        after[path] = name;
        changes += set(path, name);
      }
      const bool onto = i == 0 && !expected_.empty();
      stream += commit(name, (onto ? "from refs/heads/main^0\n" : "") + changes);
      expected_.push_back({name, files_, after});
      files_ = std::move(after);
    }
    return stream;
  }

  unsigned pick(std::size_t among) {
    return std::uniform_int_distribution<unsigned>(0, static_cast<unsigned>(among) - 1)(random_);
  }

  static std::string in(const std::map<std::string, std::string>& files, const std::string& path) {
    std::string all;
    for (const auto& [name, text] : files) {
      all += name == path || name.starts_with(path + '/') ? name + '=' + text + ' ' : "";
    }
    return all;
  }

  /// The newest first, of the first `count` commits.
  [[nodiscard]] std::vector<std::string> changed(const std::string& path, std::size_t count) const {
    std::vector<std::string> names;
    for (std::size_t i = count; i > 0; --i) {
      const auto& [name, before, after] = expected_[i - 1];
      if (in(before, path) != in(after, path)) {
        names.push_back(name);
      }
    }
    return names;
  }

  void expect_all(Imported& repository, const std::string& revision, std::size_t count) const {
    const std::string id = repository.git({"rev-parse", revision});
    for (const char* const path : {"a/b", "a", "a/b/c", "x", "x/y", "bulk/7", "bulk", "none"}) {
      std::vector<std::string> seen;
      const std::vector<std::string> paths = {path};
      ASSERT_TRUE(walk_history(repository.path(), id, paths, [&](const Revision& each) {
        seen.push_back(each.message);
        return Walk::on;
      }));
      EXPECT_EQ(seen, changed(path, count)) << path << " at " << revision;
    }
  }

  struct Commit {
    std::string name;
    std::map<std::string, std::string> before, after;
  };

  const char* const paths_[7] = {"a/b", "a/b/c", "a/d", "a", "x", "x/y", "deep/er/and/deeper"};
  std::mt19937 random_{11};
  std::map<std::string, std::string> files_;
  std::vector<Commit> expected_;
};

TEST_F(LongHistory, IsTheSameWithWhatIsKeptOfIt) {
  Imported repository(grow(800));
  const std::string kept = repository.path() + "/changes";
  EXPECT_FALSE(std::filesystem::exists(kept));
  expect_all(repository, "main", 800);
  const std::string first = test::read_file(kept);
  EXPECT_GT(first.size(), 800U * 28);
  expect_all(repository, "main", 800);
  repository.import(grow(40));  // near enough to be walked
  expect_all(repository, "main", 840);
  EXPECT_TRUE(test::read_file(kept) == first);
  repository.import(grow(700));
  expect_all(repository, "main", 1540);
  const std::string second = test::read_file(kept);
  EXPECT_GT(second.size(), first.size() + std::size_t{700} * 28);
  expect_all(repository, "main~900", 640);  // set back: a commit in the middle of what is known
  EXPECT_TRUE(test::read_file(kept) == second);
  for (const std::size_t at : {std::size_t{20}, second.size() - 1}) {
    std::string damaged = second;
    damaged[at] ^= 1;
    std::ofstream(kept, std::ios::binary) << damaged;
    expect_all(repository, "main", 1540);
    EXPECT_TRUE(test::read_file(kept) == second) << "is made again";
  }
  std::ofstream(kept, std::ios::binary) << second.substr(0, second.size() / 2);
  expect_all(repository, "main", 1540);
}

TEST(ListFiles, EntersOnlyWhatAGlobCanMatch) {
  Imported repository(commit("one", set("envs/dev/a.yaml", "1") + set("envs/dev/x/b.yaml", "1") +
                                        set("envs/prd/a.yaml", "1") + set("top.yaml", "1")));
  const std::string tip = repository.git({"rev-parse", "main"});
  const std::pair<std::vector<std::string>, std::string> rows[] = {
      {{}, "envs/dev/a.yaml envs/dev/x/b.yaml envs/prd/a.yaml top.yaml "},
      {{"envs/dev/**"}, "envs/dev/a.yaml envs/dev/x/b.yaml "},
      {{"envs/*/a.yaml"}, "envs/dev/a.yaml envs/prd/a.yaml "},
      {{"**/b.yaml", "top.yaml"}, "envs/dev/x/b.yaml top.yaml "},
      {{"envs/{dev,stg}/*.yaml"}, "envs/dev/a.yaml "},
      {{"envs/dev"}, ""},
  };
  for (const auto& [globs, expected] : rows) {
    const auto files = list_files(repository.path(), tip, globs);
    ASSERT_TRUE(files) << files.error().message;
    std::string names;
    for (const TreeFile& file : *files) {
      names += file.path + ' ';
    }
    EXPECT_EQ(names, expected);
  }
}

TEST(ReadCommitted, GivesBytesOrSaysWhy) {
  Imported repository(commit("one", set("a/b", std::string("\0\r\n\xff", 4))));
  const std::string tip = repository.git({"rev-parse", "main"});
  const auto file = read_committed(repository.path(), tip, "a/b");
  ASSERT_TRUE(file) << file.error().message;
  EXPECT_EQ(file->bytes, std::string("\0\r\n\xff", 4));
  for (const char* const path : {"a", "a/c", "../a/b", "a/b/c", ""}) {
    const auto none = read_committed(repository.path(), tip, path);
    ASSERT_FALSE(none) << path;
    EXPECT_EQ(none.error().kind, Error::Kind::not_found) << path;
  }
  EXPECT_FALSE(read_committed(repository.path(), std::string(40, '1'), "a/b"));
  EXPECT_FALSE(read_committed(repository.path(), "main", "a/b"));
}

TEST(Contains, LooksThroughHistory) {
  Imported repository(commit("one", set("a", "1")) + commit("two", set("a", "2")));
  const std::string tip = repository.git({"rev-parse", "main"});
  const std::string first = repository.git({"rev-parse", "main~1"});
  EXPECT_TRUE(*contains(repository.path(), tip, first));
  EXPECT_TRUE(*contains(repository.path(), tip, tip));
  EXPECT_FALSE(*contains(repository.path(), first, tip));
  EXPECT_FALSE(*contains(repository.path(), tip, std::string(40, '1')));
}

TEST(Backoff, GrowsIsBoundedAndSpread) {
  using std::chrono::milliseconds;
  const milliseconds longest{5000};
  for (unsigned n = 1; n < 40; ++n) {
    const milliseconds wait = backoff("id", n, longest);
    EXPECT_LE(wait.count(), std::min<std::int64_t>(5000, 100LL << std::min(n - 1, 20U)));
    EXPECT_EQ(wait, backoff("id", n, longest));
  }
  EXPECT_NE(backoff("one", 9, longest), backoff("two", 9, longest));
}

}  // namespace
}  // namespace sluice::git
