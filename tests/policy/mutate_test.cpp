// SPDX-License-Identifier: Apache-2.0
// What patches make of objects. Every row was confirmed on the real Kyverno CLI, or its like was by
// mutate_peers_test.cpp.
#include "policy/mutate.hpp"

#include <gtest/gtest.h>

namespace sluice::policy {
namespace {

struct Row {
  const char* name;
  const char* object;
  const char* patch;
  const char* expected;  ///< JSON, or "skip", or "error"
};

std::string outcome(const PatchResult& result) {
  if (result.status != RuleStatus::pass) {
    return std::string(name(result.status));
  }
  std::string text;
  append_json(result.object, text);
  return text;
}

std::string pod(const std::string& spec) {
  return R"j({"apiVersion":"v1","kind":"Pod","spec":)j" + spec + "}";
}

constexpr Row merges[] = {
    {"new elements first", R"j({"containers":[{"name":"a"}]})j",
     R"j({"containers":[{"name":"b"}]})j", R"j({"containers":[{"name":"b"},{"name":"a"}]})j"},
    {"elements merge by name", R"j({"containers":[{"image":"x","name":"a"}]})j",
     R"j({"containers":[{"name":"a","tty":true}]})j",
     R"j({"containers":[{"image":"x","name":"a","tty":true}]})j"},
    {"ports merge by number and protocol",
     R"j({"containers":[{"name":"a","ports":[{"containerPort":80,"protocol":"UDP"}]}]})j",
     R"j({"containers":[{"name":"a","ports":[{"containerPort":80,"protocol":"TCP"}]}]})j",
     R"j({"containers":[{"name":"a","ports":[{"containerPort":80,"protocol":"TCP"},{"containerPort":80,"protocol":"UDP"}]}]})j"},
    {"a port without a protocol is lost, as in Kyverno",
     R"j({"containers":[{"name":"a","ports":[{"containerPort":80,"protocol":"TCP"}]}]})j",
     R"j({"containers":[{"name":"a","ports":[{"containerPort":80,"name":"web"}]}]})j", "skip"},
    {"lists without a key are replaced", R"j({"tolerations":[{"key":"a"}]})j",
     R"j({"tolerations":[{"key":"b"}]})j", R"j({"tolerations":[{"key":"b"}]})j"},
    {"null removes", R"j({"hostNetwork":true,"priority":1})j", R"j({"hostNetwork":null})j",
     R"j({"priority":1})j"},
    {"delete directive", R"j({"containers":[{"name":"a"},{"name":"b"}]})j",
     R"j({"containers":[{"$patch":"delete","name":"a"}]})j", R"j({"containers":[{"name":"b"}]})j"},
    {"addition stays away from what is there", R"j({"priority":1})j", R"j({"+(priority)":2})j",
     "skip"},
    {"addition adds", R"j({"priority":1})j", R"j({"+(tty)":2})j", R"j({"priority":1,"tty":2})j"},
    {"condition on every element",
     R"j({"containers":[{"image":"a:1","name":"a"},{"image":"b:1","name":"b"}]})j",
     R"j({"containers":[{"(image)":"a:*","imagePullPolicy":"Always"}]})j",
     R"j({"containers":[{"image":"a:1","imagePullPolicy":"Always","name":"a"},{"image":"b:1","name":"b"}]})j"},
    {"condition of a mapping empties the patch", R"j({"priority":1})j",
     R"j({"(priority)":2,"tty":true})j", "skip"},
    {"global condition empties the patch", R"j({"priority":1})j",
     R"j({"<(priority)":2,"tty":true})j", "skip"},
    {"kinds differ", R"j({"containers":[{"name":"a"}]})j", R"j({"containers":{"name":"a"}})j",
     "error"},
    {"two elements with anchors and nothing to match crash Kyverno", R"j({"containers":[]})j",
     R"j({"containers":[{"(name)":"a"},{"(name)":"b"}]
})j",
     "error"},
};

TEST(Mutate, StrategicMerge) {
  for (const auto& row : merges) {
    SCOPED_TRACE(row.name);
    Arena arena;
    const auto object = jmespath::parse_json(pod(row.object), arena);
    const auto patch = jmespath::parse_json("{\"spec\":" + std::string(row.patch) + "}", arena);
    ASSERT_TRUE(object && patch);
    const std::string wanted = *row.expected == '{' ? pod(row.expected) : row.expected;
    EXPECT_EQ(outcome(apply_strategic(arena, *object, *patch)), wanted);
  }
}

TEST(Mutate, ListsOfUnknownKindsAreReplaced) {
  Arena arena;
  const auto object = jmespath::parse_json(
      R"j({"apiVersion":"x.com/v1","kind":"Foo","spec":{"containers":[{"name":"a"}]}})j", arena);
  const auto patch = jmespath::parse_json(R"j({"spec":{"containers":[{"name":"b"}]}})j", arena);
  EXPECT_EQ(outcome(apply_strategic(arena, *object, *patch)),
            R"j({"apiVersion":"x.com/v1","kind":"Foo","spec":{"containers":[{"name":"b"}]}})j");
}

constexpr Row patches[] = {
    {"add makes parents", R"j({})j", R"j([{"op":"add","path":"/spec/a/b","value":1}])j",
     R"j({"a":{"b":1}})j"},
    {"add fills a new list", R"j({})j", R"j([{"op":"add","path":"/spec/a/1","value":1}])j",
     R"j({"a":[null,1]})j"},
    {"index from the end", R"j({"a":[1,2]})j",
     R"j([{"op":"replace","path":"/spec/a/-1","value":3}])j", R"j({"a":[1,3]})j"},
    {"escaped segment", R"j({"a/b":1})j", R"j([{"op":"remove","path":"/spec/a~1b"}])j", R"j({})j"},
    {"remove of what is not there", R"j({"a":1})j", R"j([{"op":"remove","path":"/spec/b/c"}])j",
     "skip"},
    {"replace of what is not there", R"j({"a":1})j",
     R"j([{"op":"replace","path":"/spec/b","value":1}])j", "error"},
    {"move", R"j({"a":1})j", R"j([{"op":"move","from":"/spec/a","path":"/spec/b"}])j",
     R"j({"b":1})j"},
    {"failed test", R"j({"a":1})j", R"j([{"op":"test","path":"/spec/a","value":2}])j", "error"},
    {"YAML", R"j({"a":1})j", "- op: add\n  path: /spec/b\n  value: yes\n", R"j({"a":1,"b":true})j"},
    {"no operation", R"j({"a":1})j", R"j([{"op":"ad","path":"/spec/b","value":1}])j", "error"},
    {"an index that would fill memory", R"j({})j",
     R"j([{"op":"add","path":"/spec/a/999999999","value":1}])j", "error"},
};

TEST(Mutate, JsonPatch) {
  for (const auto& row : patches) {
    SCOPED_TRACE(row.name);
    Arena arena;
    const auto object = jmespath::parse_json(pod(row.object), arena);
    ASSERT_TRUE(object);
    const std::string wanted = *row.expected == '{' ? pod(row.expected) : row.expected;
    EXPECT_EQ(outcome(apply_json(arena, *object, row.patch)), wanted);
  }
}

}  // namespace
}  // namespace sluice::policy
