// SPDX-License-Identifier: Apache-2.0
#include "helm/archive.hpp"

#include "support/tree.hpp"

#include <gtest/gtest.h>

#include <archive.h>
#include <archive_entry.h>

namespace sluice::helm {
namespace {

struct Member {
  std::string name;
  std::string bytes;
  std::string link;  ///< of a symbolic link
};

void write_archive_file(const std::string& path, const std::vector<Member>& members) {
  archive* writer = archive_write_new();
  archive_write_add_filter_gzip(writer);
  archive_write_set_format_pax_restricted(writer);
  ASSERT_EQ(archive_write_open_filename(writer, path.c_str()), ARCHIVE_OK);
  for (const auto& member : members) {
    archive_entry* entry = archive_entry_new();
    archive_entry_set_pathname(entry, member.name.c_str());
    archive_entry_set_filetype(entry, member.link.empty() ? AE_IFREG : AE_IFLNK);
    archive_entry_set_perm(entry, 0644);
    if (!member.link.empty()) {
      archive_entry_set_symlink(entry, member.link.c_str());
    }
    archive_entry_set_size(entry, static_cast<la_int64_t>(member.bytes.size()));
    archive_write_header(writer, entry);
    archive_write_data(writer, member.bytes.data(), member.bytes.size());
    archive_entry_free(entry);
  }
  archive_write_free(writer);
}

TEST(ReadArchive, GivesTheFilesBelowTheTopFolder) {
  const support::Tree tree;
  write_archive_file(tree.root() + "/lib.tgz", {{"lib/Chart.yaml", "name: lib\n", ""},
                                                {"lib/templates/a.yaml", "a: 1\n", ""}});
  const auto files = read_archive(tree.root() + "/lib.tgz");
  ASSERT_TRUE(files) << files.error().message;
  ASSERT_EQ(files->size(), 2U);
  EXPECT_EQ((*files)[0].path, "Chart.yaml");
  EXPECT_EQ((*files)[1].bytes, "a: 1\n");
}

TEST(ReadArchive, RefusesMembersThatLeaveTheChart) {
  const std::vector<std::pair<Member, Error::Kind>> rows = {
      {{"/etc/passwd", "x", ""}, Error::Kind::unsupported},
      {{"lib/../../x", "x", ""}, Error::Kind::unsupported},
      {{"lib/templates/link", "", "/etc/passwd"}, Error::Kind::unsupported},
      {{"other/Chart.yaml", "x", ""}, Error::Kind::parse},
      {{"lib/big", std::string(2'000, 'x'), ""}, Error::Kind::limit},
  };
  for (const auto& [member, kind] : rows) {
    SCOPED_TRACE(member.name);
    const support::Tree tree;
    write_archive_file(tree.root() + "/lib.tgz", {{"lib/Chart.yaml", "name: lib\n", ""}, member});
    const auto files = read_archive(tree.root() + "/lib.tgz", {.file_bytes = 1'000});
    ASSERT_FALSE(files);
    EXPECT_EQ(files.error().kind, kind) << files.error().message;
  }
}

TEST(ReadArchive, CountsFilesAndBytes) {
  const support::Tree tree;
  write_archive_file(tree.root() + "/lib.tgz",
                     {{"lib/a", "12345", ""}, {"lib/b", "12345", ""}, {"lib/c", "12345", ""}});
  EXPECT_EQ(read_archive(tree.root() + "/lib.tgz", {.files = 2}).error().kind, Error::Kind::limit);
  EXPECT_EQ(read_archive(tree.root() + "/lib.tgz", {.total_bytes = 12}).error().kind,
            Error::Kind::limit);
}

TEST(ReadArchive, SaysThatItIsNone) {
  const support::Tree tree{{"lib.tgz", "not an archive"}, {"empty.tgz", ""}};
  EXPECT_EQ(read_archive(tree.root() + "/lib.tgz").error().kind, Error::Kind::parse);
  EXPECT_EQ(read_archive(tree.root() + "/empty.tgz").error().kind, Error::Kind::parse);
}

}  // namespace
}  // namespace sluice::helm
