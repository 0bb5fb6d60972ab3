// SPDX-License-Identifier: Apache-2.0
#include "cache/store.hpp"

#include "support/tree.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <map>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace sluice::cache {
namespace {

Digest key(std::string_view part) {
  return Key("test").add(part).finish();
}

TEST(Key, KeepsPartsApart) {
  EXPECT_NE(Key("t").add("ab").add("c").finish(), Key("t").add("a").add("bc").finish());
  EXPECT_NE(Key("t").add("a").finish(), Key("u").add("a").finish());
  EXPECT_EQ(Key("t").add("a").finish(), Key("t").add("a").finish());
}

TEST(Key, TellsAnAbsentFileFromAnEmptyOne) {
  EXPECT_NE(Key("t").add_file("a", sha256("")).finish(),
            Key("t").add_file("a", std::nullopt).finish());
}

TEST(Store, GivesBackWhatItWasGiven) {
  const support::Tree tree;
  const Store store(tree.root() + "/cache");
  EXPECT_FALSE(store.get(key("a")));
  store.put(key("a"), "one\n");
  store.put(key("b"), "");
  EXPECT_EQ(store.get(key("a")), "one\n");
  EXPECT_EQ(store.get(key("b")), "");
}

TEST(Store, NeverGivesADamagedEntry) {
  const support::Tree tree;
  const Store store(tree.root());
  store.put(key("a"), "one\n");
  const auto name = hex(key("a"));
  const auto path = tree.root() + "/" + name.substr(0, 2) + "/" + name.substr(2);
  const auto whole = *io::read_file(path);
  for (const auto& damaged :
       {whole.substr(0, whole.size() - 1), whole + "x", std::string(), whole.substr(0, 20)}) {
    SCOPED_TRACE(damaged.size());
    ASSERT_TRUE(io::write_atomically(path, damaged));
    EXPECT_FALSE(store.get(key("a")));
  }
}

TEST(Store, SaysWhatItCannotKeepAndGoesOn) {
  const support::Tree tree{{"file", "in the way"}};
  const Store store(tree.root() + "/file/cache");
  store.put(key("a"), "one\n");
  EXPECT_FALSE(store.get(key("a")));
  EXPECT_NE(store.trouble(), "");
}

// Sixteen processes write the same and other entries, and are killed at any moment.
TEST(Store, SurvivesWritersThatAreKilled) {
  const support::Tree tree;
  const auto text = [](int i) { return std::string(20'000, static_cast<char>('a' + i % 26)); };
  const auto name = [](int i) { return key(std::to_string(i)); };
  std::vector<pid_t> writers;
  for (int w = 0; w < 16; ++w) {
    const pid_t pid = ::fork();
    if (pid == 0) {
      const Store store(tree.root());
      for (int i = w;; i = (i + 1) % 200) {
        store.put(name(i), text(i));
      }
    }
    ASSERT_GT(pid, 0);
    writers.push_back(pid);
  }
  ::usleep(200'000);
  for (const pid_t pid : writers) {
    ::kill(pid, SIGKILL);
    ::usleep(5'000);
  }
  for (const pid_t pid : writers) {
    ::waitpid(pid, nullptr, 0);
  }
  const Store store(tree.root());
  int found = 0;
  for (int i = 0; i < 200; ++i) {
    const auto bytes = store.get(name(i));
    EXPECT_TRUE(!bytes || *bytes == text(i)) << i;
    found += bytes ? 1 : 0;
    store.put(name(i), text(i));
    EXPECT_EQ(store.get(name(i)), text(i));
  }
  EXPECT_GT(found, 0);
}

std::uint64_t size_of(const std::string& folder) {
  std::uint64_t bytes = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    bytes += entry.is_regular_file() ? entry.file_size() : 0;
  }
  return bytes;
}

TEST(Store, StaysBelowItsSize) {
  const support::Tree tree;
  const Store store(tree.root(), 100'000);
  const auto age = [&](const std::string& part, int hours) {
    const auto name = hex(key(part));
    std::filesystem::last_write_time(
        tree.root() + "/" + name.substr(0, 2) + "/" + name.substr(2),
        std::filesystem::file_time_type::clock::now() - std::chrono::hours(hours));
  };
  for (int i = 0; i < 20; ++i) {
    store.put(key(std::to_string(i)), std::string(9'000, 'x'));
    age(std::to_string(i), i == 3 ? 0 : 100 - i);  // the fourth was used just now
  }
  // What a killed run left goes too, but not what another run is writing.
  (void)io::write_atomically(tree.root() + "/ab/.old.tmp-1-1", "half");
  (void)io::write_atomically(tree.root() + "/ab/.new.tmp-1-2", "half");
  std::filesystem::last_write_time(
      tree.root() + "/ab/.old.tmp-1-1",
      std::filesystem::file_time_type::clock::now() - std::chrono::hours(2));
  store.trim();
  EXPECT_LE(size_of(tree.root()), 100'000U);
  EXPECT_FALSE(store.get(key("0")));
  EXPECT_TRUE(store.get(key("3")));
  EXPECT_TRUE(store.get(key("19")));
  EXPECT_FALSE(io::exists(tree.root() + "/ab/.old.tmp-1-1"));
  EXPECT_TRUE(io::exists(tree.root() + "/ab/.new.tmp-1-2"));
}

struct FakeRemote : Remote {
  [[nodiscard]] std::optional<std::string> get(const std::string& name) const override {
    const auto found = entries.find(name);
    return found == entries.end() ? std::nullopt : std::optional(found->second);
  }
  void put(const std::string& name, std::string_view entry) const override {
    entries[name] = entry;
  }
  mutable std::map<std::string, std::string> entries;
};

TEST(Store, AsksWhatLiesBehindIt) {
  const support::Tree tree;
  const FakeRemote remote;
  Store(tree.root() + "/one", Store::default_size, &remote).put(key("a"), "text");
  ASSERT_EQ(remote.entries.size(), 1U);
  EXPECT_EQ(Store(tree.root() + "/two", Store::default_size, &remote).get(key("a")), "text");
  EXPECT_EQ(Store(tree.root() + "/two").get(key("a")), "text") << "it is kept here now";
  remote.entries.begin()->second += "x";
  EXPECT_FALSE(Store(tree.root() + "/three", Store::default_size, &remote).get(key("a")));
}

}  // namespace
}  // namespace sluice::cache
