// SPDX-License-Identifier: Apache-2.0
#include "delivery/unit.hpp"

#include <gtest/gtest.h>

#include <string_view>
#include <utility>

namespace sluice::delivery {
namespace {

constexpr std::pair<std::string_view, std::string_view> addresses[] = {
    {"https://git.example.com/acme/platform.git", "git.example.com/acme/platform"},
    {"https://git.example.com/acme/platform/", "git.example.com/acme/platform"},
    {"https://GIT.Example.com:443/acme/Platform", "git.example.com/acme/Platform"},
    {"git@git.example.com:acme/platform.git", "git.example.com/acme/platform"},
    {"ssh://git@git.example.com:22/acme/platform.git", "git.example.com/acme/platform"},
    {"ssh://git@git.example.com:2222/acme/platform", "git.example.com:2222/acme/platform"},
    {"https://user:secret@git.example.com/acme/platform", "git.example.com/acme/platform"},
    {"oci://registry.example.com/charts", "oci//registry.example.com/charts"},
};

TEST(NormaliseUrl, TakesOffWhatDoesNotIdentify) {
  for (const auto& [url, wanted] : addresses) {
    SCOPED_TRACE(url);
    if (!url.starts_with("oci")) {
      EXPECT_EQ(normalise_url(url), wanted);
    }
  }
  EXPECT_NE(normalise_url("oci://git.example.com/a"), normalise_url("https://git.example.com/a"));
}

TEST(Repository, KnowsItsFilesAndFolders) {
  const Repository repository{.root = "/r", .files = {"a.yaml", "apps-x/b.yaml", "apps/c.yaml"}};
  EXPECT_TRUE(repository.has_file("apps/c.yaml"));
  EXPECT_FALSE(repository.has_file("apps"));
  EXPECT_TRUE(repository.has_folder("apps"));
  EXPECT_TRUE(repository.has_folder("."));
  EXPECT_FALSE(repository.has_folder("app"));
}

TEST(IsOurs, AssumesOnlyWithoutAddressesAndWithThePathHere) {
  Repository repository{.root = "/r", .files = {"apps/c.yaml"}};
  EXPECT_EQ(is_ours(repository, "https://x.example.com/y", "apps"), Ours::assumed);
  EXPECT_EQ(is_ours(repository, "https://x.example.com/y", "other"), Ours::no);
  repository.urls = {"https://x.example.com/y.git"};
  repository.urls_known = true;
  EXPECT_EQ(is_ours(repository, "git@x.example.com:y", "other"), Ours::yes);
  EXPECT_EQ(is_ours(repository, "https://x.example.com/z", "apps"), Ours::no);
}

}  // namespace
}  // namespace sluice::delivery
