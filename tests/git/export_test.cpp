// SPDX-License-Identifier: Apache-2.0
#include "git/made_repository.hpp"
#include "git/repository.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <sys/stat.h>

namespace sluice::git {
namespace {

namespace fs = std::filesystem;

class Export : public testing::Test {
 protected:
  using Entry = MadeRepository::Entry;

  MadeRepository made_;
  io::TemporaryDirectory folder_ = std::move(*io::TemporaryDirectory::make("export-test"));
  std::string out_ = folder_.path() + "/deep/out";

  Status export_main(const std::string& below = "") {
    return export_tree(made_.path() + below, "main", out_);
  }
  [[nodiscard]] std::string read(const std::string& name) const {
    return *io::read_file(out_ + '/' + name);
  }
};

TEST_F(Export, WritesBytesAsCommitted) {
  const git_oid text = made_.blob("a\r\nb\n");
  const git_oid filtered = made_.blob("* text=auto filter=lfs ident\n");
  const git_oid sub = made_.tree({{"100644", "y", text}, {"120000", "up", made_.blob("../../..")}});
  made_.commit(made_.tree({{"100644", ".gitattributes", filtered},
                           {"100755", "run", made_.blob("#!/bin/sh\n")},
                           {"40000", "sub", sub},
                           {"100644", "x\n", text}}));
  const Status written = export_main();
  ASSERT_TRUE(written) << written.error().message;
  EXPECT_EQ(read("x\n"), "a\r\nb\n");
  EXPECT_EQ(read("sub/y"), "a\r\nb\n");
  EXPECT_EQ(fs::read_symlink(out_ + "/sub/up"), "../../..");
  struct stat status {};
  ASSERT_EQ(::stat((out_ + "/run").c_str(), &status), 0);
  EXPECT_NE(status.st_mode & 0100U, 0U);
  ASSERT_EQ(::stat((out_ + "/sub/y").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0111U, 0U);
  EXPECT_EQ(io::walk(made_.path(), [](auto name) { return name != ".git"; })->size(), 1U)
      << "the work tree is not touched";
}

TEST_F(Export, WritesOnlyWhatLiesBelow) {
  const git_oid sub = made_.tree({{"100644", "y", made_.blob("1")}});
  made_.commit(made_.tree({{"40000", "sub", sub}, {"100644", "x", made_.blob("2")}}));
  fs::create_directories(made_.path() + "/sub");
  fs::create_directories(made_.path() + "/new");
  ASSERT_TRUE(export_main("/sub"));
  EXPECT_EQ(read("y"), "1");
  const Status again = export_main("/sub");
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().message, out_ + ": the folder is not empty");
  fs::remove_all(out_);
  const Status missing = export_main("/new");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().kind, Error::Kind::not_found);
  EXPECT_EQ(missing.error().message, "there is no folder \"new\" in that revision");
}

TEST_F(Export, RefusesTreesThatGitWouldNotWrite) {
  const git_oid text = made_.blob("owned");
  const git_oid inner = made_.tree({{"100644", "passwd", text}});
  const git_oid outside = made_.blob(folder_.path());
  struct Row {
    const char* what;
    std::vector<Entry> entries;
    Error::Kind kind;
  };
  const Row rows[] = {
      {"up", {{"100644", "..", text}}, Error::Kind::unsupported},
      {"up, a folder", {{"40000", "..", inner}}, Error::Kind::unsupported},
      {"here", {{"40000", ".", inner}}, Error::Kind::unsupported},
      {"the repository", {{"40000", ".git", inner}}, Error::Kind::unsupported},
      {"in other letters", {{"40000", ".GiT", inner}}, Error::Kind::unsupported},
      {"a path as a name", {{"100644", "a/../../x", text}}, Error::Kind::unsupported},
      {"absolute", {{"100644", "/etc/x", text}}, Error::Kind::unsupported},
      {"a submodule", {{"160000", "module", text}}, Error::Kind::unsupported},
      {"a link, then a folder of its name",
       {{"120000", "a", outside}, {"40000", "a", inner}},
       Error::Kind::io},
      {"a link, then a file of its name",
       {{"120000", "passwd", outside}, {"100644", "passwd", text}},
       Error::Kind::io},
      {"a file twice", {{"100644", "a", text}, {"100644", "a", outside}}, Error::Kind::io},
      {"a folder twice", {{"40000", "a", inner}, {"40000", "a", inner}}, Error::Kind::io},
      {"a link to nowhere", {{"120000", "a", made_.blob("")}}, Error::Kind::io},
      {"a link with a NUL", {{"120000", "a", made_.blob(std::string("a\0b", 3))}}, Error::Kind::io},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.what);
    fs::remove_all(out_);
    made_.commit(made_.tree(row.entries));
    const Status written = export_main();
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().kind, row.kind) << written.error().message;
    EXPECT_FALSE(io::exists(folder_.path() + "/passwd")) << "written through a link";
  }
}

TEST_F(Export, NamesASubmodule) {
  made_.commit(made_.tree({{"160000", "vendored", made_.blob("x")}}));
  EXPECT_EQ(export_main().error().message, "export of main: \"vendored\" is a submodule");
}

TEST_F(Export, EndsOnATreeThatMultiplies) {
  git_oid tree = made_.tree({{"100644", "f", made_.blob("")}});
  for (int depth = 0; depth < 30; ++depth) {  // 2^30 files from 31 objects
    tree = made_.tree({{"40000", "a", tree}, {"40000", "b", tree}});
  }
  // A name of 255 bytes at each level reaches the longest path long before the last level.
  for (int depth = 0; depth < 30; ++depth) {
    tree = made_.tree({{"40000", std::string(255, 'n'), tree}});
  }
  made_.commit(tree);
  const Status written = export_main();
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().kind, Error::Kind::io) << written.error().message;
}

}  // namespace
}  // namespace sluice::git
