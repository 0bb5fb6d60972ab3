// SPDX-License-Identifier: Apache-2.0
#include "policy/match.hpp"

#include <gtest/gtest.h>

namespace sluice::policy {
namespace {

TEST(KindSelector, Table) {
  struct {
    std::string_view text, group, version, kind, subresource;
  } const rows[] = {
      {"Pod", "*", "*", "Pod", ""},
      {"v1/Pod", "*", "v1", "Pod", ""},
      {"apps/v1/Deployment", "apps", "v1", "Deployment", ""},
      {"*/Deployment", "*", "*", "Deployment", ""},
      {"apps/*/Deployment", "apps", "*", "Deployment", ""},
      {"*/*", "*", "*", "*", "*"},
      {"*/status", "*", "*", "*", "status"},
      {"Pod/exec", "*", "*", "Pod", "exec"},
      {"Pod.status", "*", "*", "Pod", "status"},
      {"v1/Pod.status", "*", "v1", "Pod", "status"},
      {"*/*/Pod", "*", "*", "*", "Pod"},  // a sub-resource called Pod: matches nothing
      {"v1beta1/Pod/exec", "*", "v1beta1", "Pod", "exec"},
      {"apps/v1/Deployment/scale", "apps", "v1", "Deployment", "scale"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.text);
    const auto selector = parse_kind_selector(row.text);
    EXPECT_EQ(selector.group, row.group);
    EXPECT_EQ(selector.version, row.version);
    EXPECT_EQ(selector.kind, row.kind);
    EXPECT_EQ(selector.subresource, row.subresource);
  }
}

TEST(KindSelector, TheKindThatAutogenLooksAt) {
  for (const auto* const text :
       {"Pod", "v1/Pod", "*/Pod", "Pod/exec", "Pod.status", "v1/Pod/exec"}) {
    EXPECT_EQ(kind_of_selector(text), "Pod") << text;
  }
  EXPECT_EQ(kind_of_selector("apps/v1/Deployment"), "Deployment");
}

const Labels no_labels;

Candidate pod(std::string_view name_space) {
  return {.group = "",
          .version = "v1",
          .kind = "Pod",
          .name = "web",
          .name_space = name_space,
          .namespace_labels = &no_labels};
}

FilterBlock single(Filter filter) {
  return {.form = FilterBlock::Form::single, .filters = {std::move(filter)}, .present = true};
}

Filter kinds(std::string_view kind) {
  Filter filter;
  filter.kinds.push_back(parse_kind_selector(kind));
  return filter;
}

TEST(Applies, AnEmptyFilterMatchesNothing) {
  EXPECT_FALSE(applies(single({}), {}, "", pod("shop")));
}

TEST(Applies, NamespacesOfPolicies) {
  EXPECT_TRUE(applies(single(kinds("Pod")), {}, "shop", pod("shop")));
  EXPECT_FALSE(applies(single(kinds("Pod")), {}, "shop", pod("other")));
}

TEST(Applies, WithoutAUserMatchHoldsAndExcludeDoesNot) {
  Filter admin = kinds("Pod");
  admin.cluster_roles = {"cluster-admin"};
  EXPECT_TRUE(applies(single(admin), {}, "", pod("shop")));
  EXPECT_TRUE(applies(single(kinds("Pod")), single(admin), "", pod("shop")));
  UserInfo user;
  user.cluster_roles = {"cluster-admin"};
  Candidate known = pod("shop");
  known.user = &user;
  EXPECT_FALSE(applies(single(kinds("Pod")), single(admin), "", known));
}

TEST(Applies, ANamespaceSelectorNeverFitsANamespace) {
  Filter filter = kinds("*");
  filter.namespace_selector.emplace();
  Candidate candidate = pod("shop");
  EXPECT_TRUE(applies(single(filter), {}, "", candidate));
  candidate.kind = "Namespace";
  EXPECT_FALSE(applies(single(filter), {}, "", candidate));
}

TEST(Selector, WildcardsInMatchLabels) {
  const Labels labels = {{"app.kubernetes.io/name", "web"}, {"tier", "front"}};
  EXPECT_TRUE(matches_selector({.match_labels = {{"app*", "w?b"}}, .requirements = {}}, labels));
  EXPECT_FALSE(matches_selector({.match_labels = {{"app*", "front"}}, .requirements = {}}, labels));
  using Op = SelectorRequirement::Op;
  EXPECT_TRUE(matches_selector({.match_labels = {}, .requirements = {{"owner", Op::not_in, {"a"}}}},
                               labels));
  EXPECT_FALSE(
      matches_selector({.match_labels = {}, .requirements = {{"owner", Op::exists, {}}}}, labels));
}

}  // namespace
}  // namespace sluice::policy
