// SPDX-License-Identifier: Apache-2.0
#include "render/directory.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace sluice::render {
namespace {

TEST(DirectoryFiles, AreChosenAndOrderedAsArgoCdDoes) {
  delivery::Repository repository{.root = "/r",
                                  .files = {"m/a-b.yaml", "m/a/x.yml", "m/b.json", "m/c.txt",
                                            "m/d.jsonnet", "m/z/deep/y.yaml", "n.yaml"}};
  std::sort(repository.files.begin(), repository.files.end());
  using Files = std::vector<std::string>;
  const struct {
    delivery::DirectorySource source;
    Files wanted;
  } rows[] = {
      {{.path = "m"}, {"m/a-b.yaml", "m/b.json", "m/d.jsonnet"}},
      {{.path = "m", .recurse = true},
       {"m/a/x.yml", "m/a-b.yaml", "m/b.json", "m/d.jsonnet", "m/z/deep/y.yaml"}},
      {{.path = "m", .include = "*.yaml"}, {"m/a-b.yaml"}},
      {{.path = "m", .recurse = true, .include = "{*.json,z/**}"}, {"m/b.json", "m/z/deep/y.yaml"}},
      {{.path = "m", .recurse = true, .exclude = "**/*.yaml"},
       {"m/a/x.yml", "m/b.json", "m/d.jsonnet"}},
      {{.path = "n.yaml"}, {"n.yaml"}},
      {{.path = "."}, {"n.yaml"}},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.source.path + " " + row.source.include + " " + row.source.exclude);
    EXPECT_EQ(directory_files(repository, row.source), row.wanted);
  }
}

}  // namespace
}  // namespace sluice::render
