// SPDX-License-Identifier: Apache-2.0
#include "policy/pattern.hpp"

#include "policy/files.hpp"

#include <gtest/gtest.h>

namespace sluice::policy {
namespace {

struct Row {
  std::string_view pattern;
  std::string_view object;
  Verdict verdict;
  std::string_view path;
};

constexpr auto match = Verdict::match;
constexpr auto fail = Verdict::fail;
constexpr auto skip = Verdict::skip;
constexpr auto error = Verdict::error;

constexpr Row rows[] = {
    {"{a: 1}", "{a: 1, b: 2}", match, ""},
    {"{a: 1}", "{a: '1'}", match, ""},
    {"{a: 1}", "{}", fail, "/a/"},
    {"{a: {b: x}}", "{a: [x]}", fail, "/a/"},
    {"{a: '?*'}", "{a: ''}", fail, "/a/"},
    {"{a: '*'}", "{a: ''}", match, ""},
    {"{a: {b: '*'}}", "{a: {c: 1}}", fail, "/a/"},
    // A missing number is 0 to a comparison, but no text at all.
    {"{a: '<5'}", "{}", match, ""},
    {"{a: '>5'}", "{}", fail, "/a/"},
    {"{a: '!foo'}", "{}", fail, "/a/"},
    {"{a: '!foo'}", "{a: bar}", match, ""},
    {"{a: null}", "{a: 0}", match, ""},
    {"{a: null}", "{a: {}}", fail, "/a/"},
    {"{a: false}", "{a: 'false'}", fail, "/a/"},
    {"{a: 'true'}", "{a: true}", match, ""},
    {"{a: {}}", "{a: []}", fail, "/a/"},
    // Numbers meet wildcards in their exponent form.
    {"{a: '30*'}", "{a: 30}", fail, "/a/"},
    {"{a: '3*'}", "{a: 30}", match, ""},
    {"{a: '30'}", "{a: 30}", match, ""},
    {"{a: '512Mi'}", "{a: 0.5Gi}", match, ""},
    {"{a: '>=100m & <=2'}", "{a: '1500m'}", match, ""},
    {"{a: '1-3'}", "{a: 3}", match, ""},
    {"{a: '1!-3'}", "{a: 3}", fail, "/a/"},
    {"{a: '1!-3'}", "{a: 4}", match, ""},
    {"{a: '<=1h'}", "{a: 59m}", match, ""},
    {"{a: 'x | z'}", "{a: z}", match, ""},
    // Lists: the first element of the pattern counts, for every element of the object.
    {"{a: [{b: 1}, {b: 2}]}", "{a: [{b: 1}]}", match, ""},
    {"{a: [{b: 1}]}", "{a: [{b: 1}, {b: 2}]}", fail, "/a/1/b/"},
    {"{a: [x]}", "{a: [x, y]}", fail, "/a/"},
    {"{a: [{b: 1}]}", "{a: []}", match, ""},
    {"{a: []}", "{a: []}", fail, "/a/"},
    {"{a: [{b: 1}]}", "{a: {b: 1}}", fail, "/a/"},
    {"{a: [[1], [2]]}", "{a: [[1]]}", error, ""},
    // Anchors.
    {"{(a): 1, b: 2}", "{b: 3}", skip, ""},
    {"{(a): 1, b: 2}", "{a: 2, b: 3}", skip, ""},
    {"{(a): 1, b: 2}", "{a: 1, b: 3}", fail, "/b/"},
    {"{<(a): 1, b: 2}", "{b: 3}", fail, "/b/"},
    {"{<(a): 1, b: 2}", "{a: 2, b: 3}", skip, ""},
    {"{=(a): 1}", "{}", match, ""},
    {"{=(a): 1}", "{a: 2}", fail, "/a/"},
    {"{X(a): anything}", "{a: 1}", fail, "/a/"},
    {"{X(a): anything}", "{}", match, ""},
    {"{^(a): [{b: 1}]}", "{a: [{b: 2}, {b: 1}]}", match, ""},
    {"{^(a): [{b: 1}]}", "{a: [{b: 2}]}", fail, "/a/"},
    {"{^(a): [{b: 1}]}", "{}", match, ""},
    {"{^(a): [{b: 1}]}", "{a: {b: 1}}", fail, "/a/"},
    {"{l: [{(name): x, v: 1}]}", "{l: [{name: x, v: 1}, {name: y, v: 2}]}", match, ""},
    {"{l: [{(name): x, v: 1}]}", "{l: [{name: y, v: 2}]}", skip, ""},
    {"{l: [{(name): x, v: 1}]}", "{l: [{name: y}, {name: x, v: 2}]}", fail, "/l/1/v/"},
    // Wildcards in keys work for labels and annotations only.
    {"{metadata: {labels: {app*: '?*'}}}", "{metadata: {labels: {app.kubernetes.io/name: x}}}",
     match, ""},
    {"{metadata: {labels: {app*: '?*'}}}", "{metadata: {labels: {b: x}}}", fail,
     "/metadata/labels/app*/"},
    {"{spec: {app*: '?*'}}", "{spec: {apple: x}}", fail, "/spec/app*/"},
};

TEST(MatchPattern, Table) {
  for (const auto& row : rows) {
    SCOPED_TRACE(std::string(row.pattern) + " on " + std::string(row.object));
    const auto manifests = parse_manifests(
        std::string(row.pattern) + "\n---\n" + std::string(row.object) + "\n", "row");
    ASSERT_TRUE(manifests) << manifests.error().message;
    const auto& documents = (*manifests)->documents;
    ASSERT_EQ(documents.size(), 2U);
    Arena arena;
    const auto pattern = compile_pattern(arena, Value::of(documents[0], documents[0].root()));
    Mismatch why;
    const auto verdict =
        match_pattern(arena, pattern, Value::of(documents[1], documents[1].root()), why);
    EXPECT_EQ(static_cast<int>(verdict), static_cast<int>(row.verdict));
    if (verdict == Verdict::fail) {
      EXPECT_EQ(why.path, row.path);
    }
  }
}

TEST(ParseAnchor, Table) {
  struct {
    std::string_view raw;
    Anchor anchor;
    std::string_view key;
  } const anchors[] = {{"(a)", Anchor::condition, "a"},  {"<(a)", Anchor::global, "a"},
                       {"X(a)", Anchor::negation, "a"},  {"=(a)", Anchor::equality, "a"},
                       {"^(a)", Anchor::existence, "a"}, {"+(a)", Anchor::addition, "a"},
                       {"()", Anchor::none, "()"},       {"a(b)", Anchor::none, "a(b)"},
                       {"(a", Anchor::none, "(a"}};
  for (const auto& [raw, anchor, key] : anchors) {
    SCOPED_TRACE(raw);
    EXPECT_EQ(static_cast<int>(parse_anchor(raw).anchor), static_cast<int>(anchor));
    EXPECT_EQ(parse_anchor(raw).key, key);
  }
}

}  // namespace
}  // namespace sluice::policy
