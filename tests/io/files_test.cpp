// SPDX-License-Identifier: Apache-2.0
#include "io/files.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

namespace sluice::io {
namespace {

namespace fs = std::filesystem;

class Files : public testing::Test {
 protected:
  TemporaryDirectory folder_ = std::move(*TemporaryDirectory::make("files-test"));
  std::string at(const std::string& name) const { return folder_.path() + '/' + name; }
  void write(const std::string& name, std::string_view bytes) const {
    const Status written = write_atomically(at(name), bytes);
    ASSERT_TRUE(written) << written.error().message;
  }
};

TEST_F(Files, ReadsWhatWasWritten) {
  const std::string bytes("a\0b\n\xff", 5);
  write("sub/deeper/x", bytes);
  EXPECT_EQ(*read_file(at("sub/deeper/x")), bytes);
  write("sub/deeper/x", "");
  EXPECT_EQ(*read_file(at("sub/deeper/x")), "");
  EXPECT_EQ(walk(at("sub"))->size(), 2U) << "no temporary file may stay";
}

TEST_F(Files, SaysWhyNothingIsRead) {
  write("five", "12345");
  EXPECT_EQ(*read_file(at("five"), 5), "12345");
  struct Row {
    std::string name;
    std::uint64_t limit;
    Error::Kind kind;
    std::string message;
  };
  const Row rows[] = {
      {"five", 4, Error::Kind::limit, "five has 5 bytes, more than the 4 allowed"},
      {"none", 9, Error::Kind::not_found, "none: No such file or directory"},
      {"five/x", 9, Error::Kind::not_found, "five/x: Not a directory"},
      {"", 9, Error::Kind::io, ": Is a directory"},
  };
  for (const Row& row : rows) {
    const auto text = read_file(at(row.name), row.limit);
    ASSERT_FALSE(text) << row.name;
    EXPECT_EQ(text.error().kind, row.kind);
    EXPECT_EQ(text.error().message, at(row.name) + row.message.substr(row.name.size()));
  }
}

TEST_F(Files, StopsReadingADeviceWithoutEnd) {
  const auto zeros = read_file("/dev/zero", 1'000'000);
  ASSERT_FALSE(zeros);
  EXPECT_EQ(zeros.error().kind, Error::Kind::limit);
}

TEST_F(Files, ReadsAPipe) {
  ASSERT_EQ(::mkfifo(at("pipe").c_str(), 0600), 0);
  std::jthread writer([this] { (void)write_atomically(at("pipe"), std::string(300'000, 'x')); });
  EXPECT_EQ(read_file(at("pipe"))->size(), 300'000U);
  EXPECT_EQ(kind_of(at("pipe")), EntryKind::other) << "written to, not renamed over";
}

TEST_F(Files, WritesKeepTheModeAndReplaceLinks) {
  write("target", "old");
  ASSERT_EQ(::chmod(at("target").c_str(), 0640), 0);
  write("target", "new");
  struct stat status {};
  ASSERT_EQ(::stat(at("target").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0640U);
  fs::create_symlink("target", at("link"));
  write("link", "mine");
  EXPECT_EQ(kind_of(at("link")), EntryKind::file) << "never through a link";
  EXPECT_EQ(*read_file(at("target")), "new");
}

TEST_F(Files, WritesBehindWhatStdoutHoldsAlready) {
  const int file = ::open(at("redirected").c_str(), O_RDWR | O_CREAT, 0600);
  ASSERT_EQ(::write(file, "product\n", 8), 8);
  ASSERT_TRUE(write_atomically("/proc/self/fd/" + std::to_string(file), "report\n"));
  (void)::close(file);
  EXPECT_EQ(*read_file(at("redirected")), "product\nreport\n");
}

TEST_F(Files, WritesIntoMemoryAsIntoAnyFolder) {
  const std::string folder = "/dev/shm/sluice-files-test-" + std::to_string(::getpid());
  if (::mkdir(folder.c_str(), 0700) != 0) {
    GTEST_SKIP() << "/dev/shm is not there";
  }
  EXPECT_TRUE(write_atomically(folder + "/sub/x", "old"));
  EXPECT_TRUE(write_atomically(folder + "/sub/x", "new"));
  EXPECT_EQ(*read_file(folder + "/sub/x"), "new");
  fs::remove_all(folder);
}

TEST_F(Files, SaysWhyNothingIsWritten) {
  write("file", "");
  const auto below_a_file = write_atomically(at("file/x"), "");
  ASSERT_FALSE(below_a_file);
  EXPECT_EQ(below_a_file.error().kind, Error::Kind::io);
  const auto over_a_folder = write_atomically(folder_.path(), "");
  ASSERT_FALSE(over_a_folder);
  const auto full = write_atomically("/dev/full", "x");
  ASSERT_FALSE(full);
  EXPECT_EQ(full.error().message, "/dev/full: No space left on device");
}

TEST_F(Files, WalksSortedAndFollowsNoLink) {
  write("b/x", "");
  write("a", "");
  write("b-c", "");
  write("skip/y", "");
  fs::create_symlink("/", at("root"));
  fs::create_symlink("none", at("b/dangling"));
  const auto entries = walk(folder_.path(), [](std::string_view name) { return name != "skip"; });
  ASSERT_TRUE(entries);
  std::string listing;
  for (const Entry& entry : *entries) {
    constexpr std::string_view letters = "fdlo";
    listing += entry.path + ':' + letters[static_cast<std::size_t>(entry.kind)] + ' ';
  }
  EXPECT_EQ(listing, "a:f b:d b-c:f b/dangling:l b/x:f root:l skip:d ");
  EXPECT_EQ(walk(at("none")).error().kind, Error::Kind::not_found);
  EXPECT_EQ(walk(at("a")).error().kind, Error::Kind::not_found);
}

TEST_F(Files, KnowsWhatIsThere) {
  write("x", "");
  fs::create_symlink("none", at("dangling"));
  EXPECT_TRUE(exists(at("x")));
  EXPECT_FALSE(exists(at("dangling")));
  EXPECT_EQ(kind_of(at("dangling")), EntryKind::symlink);
  EXPECT_EQ(kind_of(at("none")), EntryKind::other);
}

TEST(TemporaryDirectory, IsRemovedWithAllItHolds) {
  std::string path;
  {
    auto folder = TemporaryDirectory::make("gone");
    ASSERT_TRUE(folder);
    path = folder->path();
    const TemporaryDirectory moved = std::move(*folder);
    EXPECT_EQ(moved.path(), path);
    ASSERT_TRUE(write_atomically(path + "/a/b/c", "x"));
    fs::create_directory_symlink("/usr", path + "/link");
    ASSERT_EQ(::chmod((path + "/a/b").c_str(), 0500), 0);
  }
  EXPECT_FALSE(exists(path));
  EXPECT_TRUE(exists("/usr"));
}

TEST(TemporaryDirectory, LiesInTmpdir) {
  auto outer = TemporaryDirectory::make("outer");
  ASSERT_TRUE(outer);
  ASSERT_EQ(::setenv("TMPDIR", outer->path().c_str(), 1), 0);
  const auto inner = TemporaryDirectory::make("inner");
  ::setenv("TMPDIR", "/no/such/folder", 1);
  const auto nowhere = TemporaryDirectory::make("inner");
  ::unsetenv("TMPDIR");
  ASSERT_TRUE(inner);
  EXPECT_TRUE(inner->path().starts_with(outer->path() + "/sluice-inner-"));
  EXPECT_FALSE(nowhere);
}

}  // namespace
}  // namespace sluice::io
