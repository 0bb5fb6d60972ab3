// SPDX-License-Identifier: Apache-2.0
#include "schema/compile.hpp"

#include "schema/support.hpp"

namespace sluice::schema {
namespace {

std::string crd(const std::string& spec_schema) {
  return "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: "
         "things.example.com}\n"
         "spec:\n  group: example.com\n  scope: Namespaced\n  names: {kind: Thing, plural: "
         "things}\n  versions:\n"
         "  - name: v1\n    served: true\n    storage: true\n    schema:\n      openAPIV3Schema:\n "
         "       type: object\n"
         "        properties:\n          spec: " +
         spec_schema + "\n---\n";
}

Lines check_thing(const std::string& schema, const std::string& spec) {
  return check_text(crd(schema) +
                    "apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: t}\nspec: " + spec +
                    "\n");
}

struct Row {
  std::string schema;
  std::string good;
  std::string bad;
  std::string code;
};

TEST(Compile, ReadsEveryKeywordOfStructuralSchemas) {
  const std::vector<Row> rows{
      {"{type: object, properties: {a: {type: string}}}", "{a: x}", "{b: x}",
       "schema/unknown-field"},
      {"{type: object}", "{}", "{b: x}", "schema/unknown-field"},
      {"{type: object, x-kubernetes-preserve-unknown-fields: true}", "{b: x}", "[]", "schema/type"},
      {"{type: object, additionalProperties: {type: integer}}", "{a: 1}", "{a: x}", "schema/type"},
      {"{type: object, required: [a], properties: {a: {type: string}}}", "{a: x}", "{}",
       "schema/required"},
      {"{type: object, required: [a], properties: {a: {type: string}}}", "{a: x}", "{a: null}",
       "schema/required"},
      {"{type: object, required: [a], properties: {a: {type: string, nullable: true}}}",
       "{a: null}", "{}", "schema/required"},
      {"{type: string, enum: [a, b]}", "a", "c", "schema/enum"},
      {"{type: integer, enum: [1, 2]}", "0x1", "3", "schema/enum"},
      {"{type: string, pattern: '^a+$'}", "aa", "ab", "schema/pattern"},
      {"{type: string, pattern: 'a'}", "bab", "bb", "schema/pattern"},
      {"{type: integer, minimum: 2}", "2", "1", "schema/range"},
      {"{type: integer, minimum: 2, exclusiveMinimum: true}", "3", "2", "schema/range"},
      {"{type: number, maximum: 2.5}", "2.5", "2.6", "schema/range"},
      {"{type: integer, multipleOf: 5}", "10", "11", "schema/range"},
      {"{type: integer, format: int32}", "2147483647", "2147483648", "schema/range"},
      {"{type: integer}", "3.0", "3.5", "schema/type"},
      {"{type: string, minLength: 2}", "\xC3\xA4\xC3\xB6", "\xC3\xA4", "schema/range"},
      {"{type: string, maxLength: 2}", "ab", "abc", "schema/range"},
      {"{type: array, items: {type: string}, minItems: 1}", "[a]", "[]", "schema/range"},
      {"{type: array, items: {type: string}, maxItems: 1}", "[a]", "[a, b]", "schema/range"},
      {"{type: array, items: {type: string}}", "[a]", "[null]", "schema/null-item"},
      {"{type: array, items: {type: string, nullable: true}}", "[null]", "[1]", "schema/type"},
      {"{type: array, items: {type: string}, x-kubernetes-list-type: set}", "[a, b]", "[a, a]",
       "schema/duplicate-item"},
      {"{type: array, items: {type: object, properties: {k: {type: string}, v: {type: string}}}, "
       "x-kubernetes-list-type: map, "
       "x-kubernetes-list-map-keys: [k]}",
       "[{k: a}, {k: b}]", "[{k: a, v: c}, {k: a, v: d}]", "schema/duplicate-item"},
      {"{type: array, items: {type: object, properties: {k: {type: integer}, v: {type: string, "
       "default: a}}}, x-kubernetes-list-type: map, x-kubernetes-list-map-keys: [k, v]}",
       "[{k: 1}, {k: 1, v: b}, {k: 2, v: null}]", "[{k: 1}, {k: 1, v: a}]",
       "schema/duplicate-item"},
      {"{type: object, additionalProperties: {type: string}, minProperties: 1}", "{a: b}", "{}",
       "schema/range"},
      {"{type: object, additionalProperties: {type: string}, maxProperties: 1}", "{a: b}",
       "{a: b, c: d}", "schema/range"},
      {"{x-kubernetes-int-or-string: true, anyOf: [{type: integer}, {type: string}]}", "10%",
       "true", "schema/type"},
      {"{x-kubernetes-int-or-string: true}", "3", "3.5", "schema/type"},
      {"{type: string, format: date-time}", "'2026-01-31T10:00:00Z'", "'2026-02-31T10:00:00Z'",
       "schema/format"},
      {"{type: object, properties: {a: {type: string}, b: {type: string}}, oneOf: [{required: "
       "[a]}, {required: [b]}]}",
       "{a: x}", "{a: x, b: x}", "schema/alternatives"},
      {"{type: object, properties: {a: {type: string}, b: {type: string}}, anyOf: [{required: "
       "[a]}, {required: [b]}]}",
       "{b: x}", "{}", "schema/alternatives"},
      {"{type: object, properties: {a: {type: string}}, not: {required: [a]}}", "{}", "{a: x}",
       "schema/alternatives"},
      {"{type: object, properties: {a: {type: integer}}, allOf: [{properties: {a: {minimum: 3}}}]}",
       "{a: 3}", "{a: 2}", "schema/range"},
      {"{type: object, x-kubernetes-embedded-resource: true, x-kubernetes-preserve-unknown-fields: "
       "true}",
       "{apiVersion: v1, kind: X, metadata: {name: a}, z: 1}",
       "{apiVersion: v1, kind: X, metadata: {nam: a}}", "schema/unknown-field"},
      {"{type: object, x-kubernetes-embedded-resource: true, x-kubernetes-preserve-unknown-fields: "
       "true}",
       "{apiVersion: v1, kind: X}", "{kind: X}", "schema/required"},
      {"{x-sluice-definition: io.k8s.api.core.v1.LocalObjectReference}", "{name: a}", "{nam: a}",
       "schema/unknown-field"},
      {"{type: object, x-sluice-definition: io.k8s.api.core.v1.Container, properties: {more: "
       "{type: integer}}}",
       "{more: 1, image: a}", "{more: 1, imag: a}", "schema/unknown-field"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.schema);
    EXPECT_EQ(check_thing(row.schema, row.good), Lines{});
    const Lines bad = check_thing(row.schema, row.bad);
    ASSERT_EQ(bad.size(), 1U) << row.bad;
    EXPECT_EQ(bad[0].substr(0, bad[0].find(' ')), row.code);
  }
}

TEST(Compile, TakesADefaultForAGivenValue) {
  EXPECT_EQ(check_thing(
                "{type: object, required: [a], properties: {a: {type: string, default: x}}}", "{}"),
            Lines{});
}

TEST(Compile, KnowsMetadataWithoutBeingTold) {
  const std::string schema = crd("{type: object}");
  const std::string thing = "apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: t, ";
  EXPECT_EQ(check_text(schema + thing + "labels: {a: b}}\n"), Lines{});
  EXPECT_EQ(check_text(schema + thing + "label: {a: b}}\n"),
            Lines{"schema/unknown-field /metadata/label: field \"label\" is not in Thing "
                  "(example.com/v1)"});
}

TEST(Compile, ManyRequiredFieldsNeedNoMoreBits) {
  std::string properties;
  std::string required;
  std::string all;
  for (int i = 0; i < 40; ++i) {
    const std::string name = "f" + std::to_string(i);
    properties += (i == 0 ? "" : ", ") + name + ": {type: string}";
    required += (i == 0 ? "" : ", ") + name;
    all += (i == 0 ? "" : ", ") + name + ": x";
  }
  const std::string schema =
      "{type: object, required: [" + required + "], properties: {" + properties + "}}";
  EXPECT_EQ(check_thing(schema, "{" + all + "}"), Lines{});
  EXPECT_EQ(check_thing(schema, "{}").size(), 40U);
}

TEST(Compile, JsonSchemaFollowsReferences) {
  const auto stream = yaml::parse(
      "{\"type\": \"object\", \"properties\": {\"spec\": {\"$ref\": \"#/definitions/tree\"}}, "
      "\"definitions\": {\"tree\": {\"type\": "
      "\"object\", \"additionalProperties\": false, \"properties\": {\"next\": {\"$ref\": "
      "\"#/definitions/tree\"}}}}}",
      "schema.json");
  const auto schema =
      compile(stream->documents[0], stream->documents[0].root(), Dialect::json_schema);
  const auto objects = yaml::parse(
      "apiVersion: a/v1\nkind: T\nmetadata: {name: t}\nspec: {next: {next: {prev: 1}}}\n",
      "t.yaml");
  std::vector<diag::Finding> findings;
  const auto resources = k8s::resources(*objects, findings);
  check(resources[0], schema->root(), kube("1.33"), findings);
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].path, "/spec/next/next/prev");
  EXPECT_TRUE(schema->unread().empty());
}

TEST(Compile, ASchemaThatIsItselfEnds) {
  const auto stream = yaml::parse("{\"allOf\": [{\"$ref\": \"#\"}]}", "schema.json");
  const auto schema =
      compile(stream->documents[0], stream->documents[0].root(), Dialect::json_schema);
  const auto objects = yaml::parse("apiVersion: a/v1\nkind: T\nmetadata: {name: t}\n", "t.yaml");
  std::vector<diag::Finding> findings;
  const auto resources = k8s::resources(*objects, findings);
  check(resources[0], schema->root(), kube("1.33"), findings);
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].code, "schema/limit");
}

TEST(Compile, SaysWhatItDidNotRead) {
  const auto stream = yaml::parse(
      "{\"type\": \"object\", \"unevaluatedItems\": false, \"properties\": {\"a\": {\"$ref\": "
      "\"other.json\"}}}",
      "s.json");
  const auto schema =
      compile(stream->documents[0], stream->documents[0].root(), Dialect::json_schema);
  EXPECT_EQ(schema->unread(), (std::set<std::string>{"$ref other.json", "unevaluatedItems"}));
}

}  // namespace
}  // namespace sluice::schema
