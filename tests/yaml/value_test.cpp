// SPDX-License-Identifier: Apache-2.0
#include "yaml/value.hpp"

#include "yaml/parse.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>

namespace sluice::yaml {
namespace {

Value parsed(const std::string& text) {
  auto value = parse_value(text, "x.yaml");
  EXPECT_TRUE(value) << value.error().message;
  return value ? std::move(*value) : Value{};
}

struct Row {
  const char* text;
  const char* json;
};

// clang-format off
constexpr Row rows[] = {
    {"a: {c: 0644, b: yes, d: 1.50, e: ~, f: 'x\"\\\ty'}\nb: [1, two]", "{\"a\":{\"b\":true,\"c\":420,\"d\":1.5,\"e\":null,\"f\":\"x\\\"\\\\\\ty\"},\"b\":[1,\"two\"]}"},
    {"a: &x {b: 1}\nc: *x\nd: {<<: *x, e: 2}", "{\"a\":{\"b\":1},\"c\":{\"b\":1},\"d\":{\"b\":1,\"e\":2}}"},
    {"{\"a\": 1e2}", "{\"a\":100}"},
    {"", "null"},
    {"text", "\"text\""},
};

struct Merge {
  const char* target;
  const char* other;
  const char* patched;  ///< merge_patch
  const char* laid;     ///< merge_values
  const char* filled;   ///< merge_missing
};
constexpr Merge merges[] = {
    {"{a: 1, b: {c: 2, d: 3}}", "{a: ~, b: {c: 4, e: 5}}",
     "{\"b\":{\"c\":4,\"d\":3,\"e\":5}}", "{\"a\":null,\"b\":{\"c\":4,\"d\":3,\"e\":5}}", "{\"a\":1,\"b\":{\"c\":2,\"d\":3,\"e\":5}}"},
    {"{a: '', b: [1], c: 0, d: {}}", "{a: x, b: [2, 3], c: 1, d: {e: 1}}",
     "{\"a\":\"x\",\"b\":[2,3],\"c\":1,\"d\":{\"e\":1}}", "{\"a\":\"x\",\"b\":[2,3],\"c\":1,\"d\":{\"e\":1}}", "{\"a\":\"x\",\"b\":[1],\"c\":1,\"d\":{\"e\":1}}"},
    {"{a: {b: 1}}", "{a: 2}", "{\"a\":2}", "{\"a\":2}", "{\"a\":{\"b\":1}}"},
    {"{a: 1}", "{a: {b: ~, c: 2}}", "{\"a\":{\"c\":2}}", "{\"a\":{\"b\":null,\"c\":2}}", "{\"a\":1}"},
};
// clang-format on

TEST(Value, IsWhatKubernetesReads) {
  for (const auto& [text, json] : rows) {
    SCOPED_TRACE(text);
    EXPECT_EQ(to_json(parsed(text)), json);
  }
}

TEST(Value, Merges) {
  for (const auto& [target, other, patched, laid, filled] : merges) {
    SCOPED_TRACE(target);
    auto value = parsed(target);
    merge_patch(value, parsed(other));
    EXPECT_EQ(to_json(value), patched);
    value = parsed(target);
    merge_values(value, parsed(other));
    EXPECT_EQ(to_json(value), laid);
    value = parsed(target);
    merge_missing(value, parsed(other));
    EXPECT_EQ(to_json(value), filled);
  }
}

TEST(Value, KnowsItsPlace) {
  const auto value = parsed("a:\n  b: |\n    text\n");
  EXPECT_EQ(value.find({"a", "b"})->line, 2U);
  EXPECT_EQ(value.find({"a", "b"})->style, Style::literal);
  EXPECT_EQ(value.text_at({"a", "b"}), "text\n");
  EXPECT_EQ(value.text_at({"a", "none"}), "");
}

TEST(Value, ChangesMembers) {
  auto value = parsed("{a: 1}");
  value.set("b", Value::string("x"));
  value.set("a", Value::boolean(true));
  value.erase("none");
  EXPECT_EQ(to_json(value), "{\"a\":true,\"b\":\"x\"}");
  value.erase("a");
  EXPECT_EQ(to_json(value), "{\"b\":\"x\"}");
}

TEST(Value, RefusesWhatIsNoOneDocument) {
  for (const auto* text : {"a: [", "a: 1\n---\nb: 2\n", "a: 1\na: 2\n"}) {
    EXPECT_FALSE(parse_value(text, "x.yaml")) << text;
  }
}

TEST(Value, CountsWhatAliasesStandFor) {
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 6; ++i) {
    const auto name = "a" + std::to_string(i);
    const auto before = "*a" + std::to_string(i - 1);
    bomb += name + ": &" + name + " [" + before;
    for (int j = 1; j < 10; ++j) {
      bomb += ", " + before;
    }
    bomb += "]\n";
  }
  const auto stream = parse(bomb, "x.yaml");
  ASSERT_TRUE(stream);
  if (stream->documents.empty()) {
    return;  // the reader refused it already
  }
  const auto value = to_value(stream->documents[0], stream->documents[0].root(), 10'000);
  ASSERT_FALSE(value);
  EXPECT_EQ(value.error().kind, Error::Kind::limit);
}

TEST(Source, KnowsLineAndColumnOfEveryByte) {
  for (const std::size_t size : {0U, 1U, 4095U, 4096U, 4097U, 12288U, 20000U}) {
    std::string bytes(size, 'x');
    for (std::size_t i = 0; i < size; i += 1 + i * i % 517) {
      bytes[i] = '\n';
    }
    if (size > 16000) {
      std::fill(bytes.begin() + 5000, bytes.begin() + 14000, 'y');  // a line longer than a block
    }
    const Source source("in.yaml", bytes);
    std::uint32_t line = 1;
    std::uint32_t column = 1;
    for (std::size_t i = 0; i <= size; ++i) {
      const auto at = source.at(i);
      ASSERT_EQ(std::pair(at.line, at.column), std::pair(line, column)) << size << ' ' << i;
      const bool ends = i < size && bytes[i] == '\n';
      line += ends ? 1 : 0;
      column = ends ? 1 : column + 1;
    }
    EXPECT_EQ(source.at(size + 7).line, source.at(size).line);
  }
}

TEST(Value, JsonReadsBackWhateverTheTextsHold) {
  for (const auto* text : {"- {m\xE2\x80\xA9-}", "- {a: \"one \\L two \\P three \\N four\"}",
                           "- \"\\x7f \\uFEFF \\uFFFE \\b\": \"\\x80\"\n"}) {
    const auto value = parse_value(text, "in.yaml");
    ASSERT_TRUE(value) << text;
    const auto json = to_json(*value);
    const auto again = parse_value(json, "again.json");
    ASSERT_TRUE(again) << json;
    EXPECT_EQ(to_json(*again), json);
  }
}

}  // namespace
}  // namespace sluice::yaml
