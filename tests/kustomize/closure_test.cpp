// SPDX-License-Identifier: Apache-2.0
#include "kustomize/closure.hpp"

#include "support/tree.hpp"

#include <gtest/gtest.h>

namespace sluice::kustomize {
namespace {

using support::Tree;
using Paths = std::vector<std::string>;

TEST(Closure, FollowsEveryReference) {
  const Tree tree{{"over/kustomization.yaml",
                   "resources: [../base, cm.yaml]\ncomponents: [../parts/x]\npatches:\n- path: "
                   "p.yaml\n- patch: |\n    a: b\n"
                   "configMapGenerator:\n- name: c\n  files: [key=data.txt]\n  envs: [e.env]\n"},
                  {"over/cm.yaml", ""},
                  {"over/p.yaml", ""},
                  {"over/data.txt", ""},
                  {"over/e.env", ""},
                  {"base/kustomization.yml", "resources: [web.yaml]\n"},
                  {"base/web.yaml", ""},
                  {"parts/x/Kustomization", "kind: Component\n"}};
  const auto found = closure(tree.root(), "over");
  ASSERT_TRUE(found);
  EXPECT_TRUE(found->problems.empty());
  EXPECT_EQ(found->folders, (Paths{"base", "over", "parts/x"}));
  EXPECT_EQ(found->kustomizations,
            (Paths{"base/kustomization.yml", "over/kustomization.yaml", "parts/x/Kustomization"}));
  EXPECT_EQ(found->manifests, (Paths{"base/web.yaml", "over/cm.yaml"}));
  EXPECT_EQ(found->others, (Paths{"over/data.txt", "over/e.env", "over/p.yaml"}));
}

TEST(Closure, StopsAtWhatItMustNotFollow) {
  const struct {
    const char* kustomization;
    Problem::Kind kind;
    const char* message;
  } rows[] = {
      {"resources: [https://example.com/base]", Problem::Kind::remote,
       "refers to https://example.com/base, which is not in this repository"},
      {"resources: ['github.com/acme/base?ref=v1']", Problem::Kind::remote,
       "refers to github.com/acme/base?ref=v1, which is not in this repository"},
      {"bases: ['git@example.com:acme/base.git']", Problem::Kind::remote,
       "refers to git@example.com:acme/base.git, which is not in this repository"},
      {"patches: [{path: 'http://example.com/p.yaml'}]", Problem::Kind::remote,
       "refers to http://example.com/p.yaml, which is not in this repository"},
      {"resources: [../../../etc]", Problem::Kind::outside,
       "refers to ../../../etc, which lies outside the repository"},
      {"resources: [/etc/passwd]", Problem::Kind::outside,
       "refers to /etc/passwd, which lies outside the repository"},
      {"resources: [link]", Problem::Kind::outside,
       "refers to link, which lies outside the repository"},
      {"resources: [nothing.yaml]", Problem::Kind::missing,
       "refers to nothing.yaml, which does not exist"},
      {"resources: [../over]", Problem::Kind::cycle, "the kustomization over refers to itself"},
      {"helmCharts: [{name: redis}]", Problem::Kind::unsupported,
       "inflates the chart redis with helmCharts, which kustomize does only with --enable-helm"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.kustomization);
    const Tree tree{{"over/kustomization.yaml", std::string(row.kustomization) + "\n"}};
    tree.link("over/link", "/usr");
    const auto found = closure(tree.root(), "over");
    ASSERT_TRUE(found);
    ASSERT_EQ(found->problems.size(), 1U);
    EXPECT_EQ(found->problems[0].kind, row.kind);
    EXPECT_EQ(found->problems[0].message, row.message);
    EXPECT_EQ(found->problems[0].at.file, "over/kustomization.yaml");
  }
}

}  // namespace
}  // namespace sluice::kustomize
