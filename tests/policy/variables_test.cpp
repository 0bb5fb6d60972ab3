// SPDX-License-Identifier: Apache-2.0
#include "policy/variables.hpp"

#include <gtest/gtest.h>

namespace sluice::policy {
namespace {

constexpr std::string_view root =
    R"({"request": {"object": {"metadata": {"name": "web", "labels": {"app": "x"}}, "n": 3, "l": [1, "a"]},
  "operation": "CREATE"}, "key": "app", "nested": "{{ key }}", "braces": "{{"})";

struct Row {
  std::string_view text;
  std::string_view json;  ///< the value, or empty when there is none
};

constexpr Row rows[] = {
    {"plain", "\"plain\""},
    {"{{ request.object.n }}", "3"},
    {"{{request.object.l}}", "[1,\"a\"]"},
    {"n is {{ request.object.n }}", "\"n is 3\""},
    {"{{ request.object.l }} and {{ key }}", "\"[1,\\\"a\\\"] and app\""},
    {"{{ key }}{{ key }}", "\"appapp\""},
    {"{{ request.object.metadata.labels.{{ key }} }}", "\"x\""},
    {"{{ nested }}", "\"{{ key }}\""},            // a typed value is not looked through again
    {"<{{ nested }}>", "\"\\u003capp\\u003e\""},  // one within a string is
    {"<{{- nested }}>", "\"\\u003c{{ key }}\\u003e\""},
    {"\\{{ key }}", "\"{{ key }}\""},
    {"{{ request.object.nope }}", ""},
    {"{{ request.object.nope || 'd' }}", "\"d\""},
    {"{{ request.object.nope[].x }}", "null"},
    {"{{ request.object.metadata.name.first }}", "null"},  // a field of a text
    {"{{ request.object.{a: n} }}", "{\"a\":3}"},
    {"{{ }}", ""},
    {"{{ length(request.object.nope) }}", ""},
};

TEST(Variables, Table) {
  for (const auto& row : rows) {
    SCOPED_TRACE(row.text);
    Arena arena;
    ExpressionCache cache;
    Context context(arena, cache);
    const auto values = jmespath::parse_json(root, arena);
    ASSERT_TRUE(values);
    for (std::size_t i = 0; i < values->size(); ++i) {
      context.set(values->key_at(i), values->member_at(i));
    }
    Value out;
    Failure failure;
    const bool found = substitute_text(row.text, context, out, failure);
    EXPECT_EQ(found, !row.json.empty()) << failure.message;
    if (found) {
      std::string json;
      append_json(out, json);
      EXPECT_EQ(json, row.json);
    }
  }
}

TEST(Variables, WithoutEndIsAnError) {
  Arena arena;
  ExpressionCache cache;
  Context context(arena, cache);
  context.set("self", Value::string("x{{ self }}"));
  Value out;
  Failure failure;
  EXPECT_FALSE(substitute_text("y{{ self }}", context, out, failure));
}

TEST(Variables, UnknownFunctionsAreUnsupported) {
  Arena arena;
  ExpressionStore store;
  for (const auto* const text : {"{{ no_such_function() }}", "{{ @ }}", "$(./../a)"}) {
    const auto made = compile_template(Value::string(text), store);
    ASSERT_FALSE(made) << text;
    EXPECT_EQ(made.error().kind, Error::Kind::unsupported) << text;
  }
  const auto broken = compile_template(Value::string("{{ a. }}"), store);
  ASSERT_FALSE(broken);
  EXPECT_EQ(broken.error().kind, Error::Kind::parse);
}

TEST(Functions, Table) {
  struct {
    std::string_view expression, json;
  } const functions[] = {
      {"add('10Mi', '1Gi')", "\"1034Mi\""},
      {"add(`1`, `2`)", "3"},
      {"subtract('2h', '90s')", "\"1h58m30s\""},
      {"subtract('1h', '1m')", ""},  // 1m is a quantity first
      {"multiply('10Mi', `1.5`)", "\"15Mi\""},
      {"divide('10Mi', `3`)", "\"3495253\""},
      {"divide('-7', `2`)", "\"-3\""},
      {"divide('1', '3')", "0.3333333333333333"},
      {"divide('90s', `4`)", "\"22.5s\""},
      {"truncate('h\xC3\xA9llo', `2`)", "\"h\xC3\xA9\""},
      {"multiply('1Mi', `3`)", "\"3Mi\""},
      {"divide('1Gi', '256Mi')", "4"},
      {"divide(`1`, `0`)", ""},
      {"modulo(`7`, `4`)", "3"},
      {"sum(['1Mi', '1Mi'])", "\"2Mi\""},
      {"sum(`[]`)", ""},
      {"round(`3.14159`, `2`)", "3.14"},
      {"to_upper('abc')", "\"ABC\""},
      {"trim_prefix('v1.2', 'v')", "\"1.2\""},
      {"split('a/b', '/')", "[\"a\",\"b\"]"},
      {"replace('aaa', 'a', 'b', `2`)", "\"bba\""},
      {"regex_match('^[0-9]+$', '123')", "true"},
      {"regex_replace_all('([a-z])([0-9])', 'a1b2', '$2$1')", "\"1a2b\""},
      {"pattern_match('web-*', 'web-1')", "true"},
      {"label_match({a: 'x'}, {a: 'x', b: 'y'})", "true"},
      {"base64_decode(base64_encode('hello'))", "\"hello\""},
      {"path_canonicalize('/a/./b/../c')", "\"/a/c\""},
      {"semver_compare('1.4.2', '>=1.2.0 <2.0.0')", "true"},
      {"semver_compare('2.0.0', '1.x')", "false"},
      {"items({b: `1`, a: `2`}, 'k', 'v')", "[{\"k\":\"a\",\"v\":2},{\"k\":\"b\",\"v\":1}]"},
      {"object_from_lists(['a'], ['b'])", "{\"a\":\"b\"}"},
      {"parse_yaml('a: yes')", "{\"a\":true}"},
      {"parse_json('[1]')", "[1]"},
      {"lookup({a: `1`}, 'a')", "1"},
      {"image_normalize('nginx')", "\"docker.io/nginx:latest\""},
      {"truncate('abcdef', `3`)", "\"abc\""},
  };
  for (const auto& row : functions) {
    SCOPED_TRACE(row.expression);
    Arena arena;
    ExpressionCache cache;
    Context context(arena, cache);
    Value out;
    Failure failure;
    const bool found = context.query(row.expression, out, failure);
    EXPECT_EQ(found, !row.json.empty()) << failure.message;
    if (found) {
      std::string json;
      append_json(out, json);
      EXPECT_EQ(json, row.json);
    }
  }
}

}  // namespace
}  // namespace sluice::policy
