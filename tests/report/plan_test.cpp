// SPDX-License-Identifier: Apache-2.0
#include "report/plan.hpp"

#include <gtest/gtest.h>

#include <string>

namespace sluice::report {
namespace {

Side read(const std::string& text) {
  auto stream = yaml::parse(text, "stream.yaml");
  EXPECT_TRUE(stream);
  Side side{.stream = std::move(*stream), .resources = {}};
  std::vector<diag::Finding> findings;
  side.resources = k8s::resources(side.stream, findings);
  EXPECT_TRUE(findings.empty() && side.stream.findings.empty());
  return side;
}

std::string text_of(const std::string& before, const std::string& after) {
  const Side base = read(before);
  const Side head = read(after);
  return to_text(compare(base, head));
}

std::string object(const std::string& body, const std::string& kind = "ConfigMap") {
  return "apiVersion: v1\nkind: " + kind + "\nmetadata: {name: x, namespace: ns}\n" + body + "\n";
}

/// The lines of the fields of one changed object, without what stands around them.
std::string fields_of(const std::string& before, const std::string& after) {
  const std::string text = text_of(object(before), object(after));
  const std::string start = "  changed ConfigMap ns/x (v1)\n";
  const auto begin = text.find(start);
  return begin == std::string::npos
             ? text
             : text.substr(begin + start.size(), text.rfind("plan: ") - begin - start.size());
}

TEST(Fields, Table) {
  struct Row {
    const char *before, *after, *fields;
  };
  constexpr Row rows[] = {
      {"a: 1", "a: 2", "    ! /a: 1 → 2\n"},
      {"a: 1", "a: '1'", "    ! /a: 1 → \"1\"\n"},
      {"a: yes", "a: true", "plan: no changes\n"},
      {"a: {b: 1, c: 2}", "a: {c: 2, b: 1}", "plan: no changes\n"},
      {"a: {b: 1}", "a: {}", "    - /a/b: 1\n"},
      {"a: {}", "a: []", "    ! /a: {} → []\n"},
      {"a: {b: 1}", "a: 1", "    - /a/b: 1\n    + /a: 1\n"},
      {"a: [1, 2]", "a: [1, 3, 4]", "    ! /a/1: 2 → 3\n    + /a/2: 4\n"},
      {"a: [{b: 1}]", "a: [{b: 2}]", "    ! /a/0/b: 1 → 2\n"},
      {"a: [{name: p, v: 1}, {name: q}]", "a: [{name: q}, {name: r}]",
       "    - /a[name=p]/name: \"p\"\n    - /a[name=p]/v: 1\n    + /a[name=r]/name: \"r\"\n"},
      {"a: [{name: p}, {name: q}]", "a: [{name: q}, {name: p}]", "    ! /a: order p, q → q, p\n"},
      // Two of one name: by place.
      {"a: [{name: p, v: 1}, {name: p, v: 2}]", "a: [{name: p, v: 1}, {name: p, v: 3}]",
       "    ! /a/1/v: 2 → 3\n"},
      {"a/b: {c~d: 1}", "a/b: {c~d: 2}", "    ! /a~1b/c~0d: 1 → 2\n"},
      {"a: null", "b: null", "    - /a: null\n    + /b: null\n"},
      {"a: \"x\\ny\\nz\"", "a: \"x\\nw\\nz\"", "    ! /a:\n    - y\n    + w\n"},
      {"a: \"x\\ny\"", "a: \"x\\nz\"", "    ! /a: \"x\\ny\" → \"x\\nz\"\n"},
  };
  for (const auto& [before, after, fields] : rows) {
    SCOPED_TRACE(std::string(before) + " | " + after);
    EXPECT_EQ(fields_of(before, after), fields);
  }
}

TEST(Fields, ManyAreCounted) {
  std::string after;
  for (int i = 0; i < 1000; ++i) {
    after += "k" + std::to_string(i) + ": 1\n";
  }
  const std::string fields = fields_of("", after);
  EXPECT_NE(fields.find("! ... 800 more fields\n"), std::string::npos) << fields;
}

TEST(Fields, SecretsAreMaskedInEveryShape) {
  struct Row {
    const char *before, *after;
  };
  constexpr Row rows[] = {
      {"data: {p: SECRET1}", "data: {p: SECRET2}"},
      {"data: {p: SECRET1}", "data: {q: SECRET2}"},
      {"data: SECRET1", "data: SECRET2"},
      {"data: [SECRET1]", "data: [SECRET2, SECRET3]"},
      {"data: [{name: SECRET1}]", "data: [{name: SECRET2}]"},
      {"data: {p: {q: SECRET1}}", "data: {p: SECRET2}"},
      {"stringData: {p: \"a\\nSECRET1\\nb\\n\"}", "stringData: {p: \"a\\nSECRET2\\nb\\n\"}"},
      {"password: SECRET1", "password: SECRET2"},
      {"data: {}", "data: {p: SECRET1}"},
  };
  for (const auto& [before, after] : rows) {
    SCOPED_TRACE(std::string(before) + " | " + after);
    const Side base = read(object(before, "Secret"));
    const Side head = read(object(after, "Secret"));
    const Plan plan = compare(base, head);
    ASSERT_EQ(plan.changes.size(), 1U);
    EXPECT_FALSE(plan.changes[0].fields.fields.empty());
    for (const std::string& text : {to_text(plan), to_markdown(plan), to_json(plan)}) {
      EXPECT_EQ(text.find("SECRET"), std::string::npos) << text;
    }
  }
}

TEST(Compare, PairsWhatIsThereTwiceOnce) {
  const std::string one = object("a: 1");
  const std::string two = object("a: 2");
  const std::string three = object("a: 3");
  EXPECT_EQ(text_of(one + "---\n" + two, two + "---\n" + one), "plan: no changes\n");
  EXPECT_EQ(text_of(one + "---\n" + two, two + "---\n" + three),
            "env (none), unit (none)\n  changed ConfigMap ns/x (v1)\n    ! /a: 1 → 3\n"
            "plan: 1 changed\n");
  EXPECT_EQ(text_of(one, one + "---\n" + two),
            "env (none), unit (none)\n  added ConfigMap ns/x (v1)\nplan: 1 added\n");
}

TEST(Compare, ACustomKindIsClusterScopedByEitherStream) {
  const std::string crd =
      "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n"
      "metadata: {name: pools.a.b}\nspec: {group: a.b, scope: Cluster, names: {kind: Pool}}\n";
  const std::string pool = "apiVersion: a.b/v1\nkind: Pool\nmetadata: {name: p, namespace: ns}\n";
  EXPECT_EQ(text_of(pool, crd + "---\n" + pool),
            "env (none), unit (none)\n"
            "  added CustomResourceDefinition pools.a.b (apiextensions.k8s.io/v1)\n"
            "plan: 1 added\n");
}

}  // namespace
}  // namespace sluice::report
