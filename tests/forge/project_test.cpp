// SPDX-License-Identifier: Apache-2.0
#include "forge/project.hpp"

#include "forge/apis.hpp"

#include <gtest/gtest.h>

namespace sluice::forge {
namespace {

struct Row {
  const char* repository;
  Hints hints;
  Kind kind;
  const char* api;
  const char* path;
};

const Row rows[] = {
    {"https://github.com/acme/platform.git",
     {},
     Kind::github,
     "https://api.github.com",
     "acme/platform"},
    {"git@github.com:acme/platform.git",
     {},
     Kind::github,
     "https://api.github.com",
     "acme/platform"},
    {"https://github.example.com/acme/platform",
     {},
     Kind::github,
     "https://github.example.com/api/v3",
     "acme/platform"},
    {"https://git.example.com:8443/acme/platform/",
     {.kind = "github"},
     Kind::github,
     "https://git.example.com:8443/api/v3",
     "acme/platform"},
    {"ssh://git@gitlab.example.com:2222/group/sub/platform.git",
     {},
     Kind::gitlab,
     "https://gitlab.example.com/api/v4",
     "group/sub/platform"},
    {"https://gitlab-ci-token@gitlab.example.com/acme/platform.git",
     {},
     Kind::gitlab,
     "https://gitlab.example.com/api/v4",
     "acme/platform"},
    {"/srv/git/x.git",
     {.kind = "gitlab", .api = "http://127.0.0.1:8080/api/v4/", .project = "acme/platform"},
     Kind::gitlab,
     "http://127.0.0.1:8080/api/v4",
     "acme/platform"},
};

TEST(ProjectOf, ReadsAddresses) {
  for (const Row& row : rows) {
    SCOPED_TRACE(row.repository);
    const auto project = project_of(row.repository, row.hints);
    ASSERT_TRUE(project) << project.error().message;
    EXPECT_EQ(project->kind, row.kind);
    EXPECT_EQ(project->api, row.api);
    EXPECT_EQ(project->path, row.path);
  }
  for (const char* address :
       {"https://git.example.com/acme/platform", "/srv/git/x.git", "https://github.com/acme",
        "https://github.com/", "https://github.com/a/b/c"}) {
    EXPECT_FALSE(project_of(address, {})) << address;
  }
}

TEST(ProjectOf, GraphqlIsBesideTheApi) {
  EXPECT_EQ(graphql_of({.api = "https://api.github.com"}), "https://api.github.com/graphql");
  EXPECT_EQ(graphql_of({.api = "https://git.example.com/api/v3"}),
            "https://git.example.com/api/graphql");
}

}  // namespace
}  // namespace sluice::forge
