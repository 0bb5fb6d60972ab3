// SPDX-License-Identifier: Apache-2.0
#include "helm/archive.hpp"

#include "support/packed_chart.hpp"
#include "support/tree.hpp"

#include <gtest/gtest.h>

namespace sluice::helm {
namespace {

using support::Member;
using support::write_archive;

TEST(ReadArchive, GivesTheFilesBelowTheTopFolder) {
  const support::Tree tree;
  write_archive(tree.root() + "/lib.tgz",
                {{"lib/Chart.yaml", "name: lib\n"}, {"lib/templates/a.yaml", "a: 1\n"}});
  const auto files = read_archive(tree.root() + "/lib.tgz");
  ASSERT_TRUE(files) << files.error().message;
  ASSERT_EQ(files->size(), 2U);
  EXPECT_EQ((*files)[0].path, "Chart.yaml");
  EXPECT_EQ((*files)[1].bytes, "a: 1\n");
}

TEST(ReadArchive, RefusesMembersThatLeaveTheChart) {
  const std::vector<std::pair<Member, Error::Kind>> rows = {
      {{"/etc/passwd", "x"}, Error::Kind::unsupported},
      {{"lib/../../x", "x"}, Error::Kind::unsupported},
      {{"lib/templates/link", "/etc/passwd", Member::Is::symbolic_link}, Error::Kind::unsupported},
      {{"lib/link", "/etc/passwd", Member::Is::hard_link}, Error::Kind::unsupported},
      {{"lib/device", "", Member::Is::device}, Error::Kind::unsupported},
      {{"other/Chart.yaml", "x"}, Error::Kind::parse},
      {{"lib/big", std::string(2'000, 'x')}, Error::Kind::limit},
  };
  for (const auto& [member, kind] : rows) {
    SCOPED_TRACE(member.name);
    const support::Tree tree;
    write_archive(tree.root() + "/lib.tgz", {{"lib/Chart.yaml", "name: lib\n"}, member});
    const auto files = read_archive(tree.root() + "/lib.tgz", {.file_bytes = 1'000});
    ASSERT_FALSE(files);
    EXPECT_EQ(files.error().kind, kind) << files.error().message;
  }
}

TEST(ReadArchive, CountsFilesAndBytes) {
  const support::Tree tree;
  write_archive(tree.root() + "/lib.tgz",
                {{"lib/a", "12345"}, {"lib/b", "12345"}, {"lib/c", "12345"}});
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
