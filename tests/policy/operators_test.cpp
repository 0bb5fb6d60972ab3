// SPDX-License-Identifier: Apache-2.0
#include "policy/conditions.hpp"

#include <gtest/gtest.h>

namespace sluice::policy {
namespace {

struct Row {
  std::string_view key;  ///< JSON
  std::string_view op;
  std::string_view value;  ///< JSON
  bool holds;
};

constexpr Row rows[] = {
    {"true", "Equals", "true", true},
    {"\"true\"", "Equals", "true", false},
    {"30", "Equals", "\"30\"", true},
    {"\"30\"", "Equals", "30", false},
    {"\"1h\"", "Equals", "3600", true},
    {"\"1Gi\"", "Equals", "\"1024Mi\"", true},
    {"\"1Gi\"", "Equals", "\"text\"", false},
    {"\"nginx\"", "Equals", "\"ngin?\"", true},   // the value is the pattern
    {"\"ngin?\"", "Equals", "\"nginx\"", false},  // not the key
    {"null", "Equals", "null", false},
    {"null", "NotEquals", "\"x\"", false},
    {"{\"a\": [1]}", "Equals", "{\"a\": [1]}", true},
    {"[1, 2]", "NotEquals", "[2, 1]", true},
    {"\"a\"", "AnyIn", "[\"a\", \"b\"]", true},
    {"\"a*\"", "AnyIn", "[\"abc\"]", true},
    {"\"5\"", "AnyIn", "\"1-10\"", true},
    {"\"50\"", "AnyNotIn", "\"1-10\"", true},
    {"[\"a\", \"c\"]", "AnyIn", "[\"a\"]", true},
    {"[\"a\", \"c\"]", "AllIn", "[\"a\"]", false},
    {"[\"a\", \"c\"]", "AnyNotIn", "[\"a\"]", true},
    {"[\"a\", \"c\"]", "AllNotIn", "[\"a\"]", false},
    {"[]", "AnyIn", "[\"a\"]", false},
    {"[]", "AllIn", "[\"a\"]", true},
    {"[]", "AnyNotIn", "[\"a\"]", false},
    {"[]", "AllNotIn", "[\"a\"]", true},
    {"null", "AllNotIn", "[\"a\"]", false},
    {"1000650000", "AnyIn", "[\"1000650000\"]", false},  // printed as 1.00065e+09
    {"30", "AnyIn", "[\"30\"]", true},
    {"[\"a\"]", "AllIn", "\"[\\\"a\\\", \\\"b\\\"]\"", true},
    {"[5, 20]", "AllNotIn", "\"1-3\"", true},
    {"[2, 20]", "AnyNotIn", "\"1-3\"", true},
    {"10", "GreaterThan", "9", true},
    {"\"10\"", "GreaterThan", "\"9\"", true},
    {"\"1Gi\"", "GreaterThan", "\"999Mi\"", true},
    {"\"1h\"", "LessThan", "\"61m\"", true},
    {"\"1h\"", "GreaterThanOrEquals", "3600", true},
    {"\"1.10.0\"", "GreaterThan", "\"1.9.0\"", true},
    {"\"x\"", "GreaterThan", "\"1\"", false},
    {"\"90s\"", "DurationGreaterThan", "60", true},
    {"\"a\"", "In", "[\"a\"]", true},
    {"[\"a\", \"b\"]", "In", "[\"a\", \"b\", \"c\"]", true},
    {"[\"a\", \"d\"]", "NotIn", "[\"a\"]", true},
};

TEST(Operators, Table) {
  Arena arena;
  for (const auto& row : rows) {
    SCOPED_TRACE(std::string(row.key) + " " + std::string(row.op) + " " + std::string(row.value));
    const auto op = parse_operator(row.op);
    ASSERT_TRUE(op);
    const auto key = jmespath::parse_json(row.key, arena);
    const auto value = jmespath::parse_json(row.value, arena);
    ASSERT_TRUE(key && value);
    bool result = false;
    Failure failure;
    ASSERT_TRUE(holds(*op, *key, *value, result, failure)) << failure.message;
    EXPECT_EQ(result, row.holds);
  }
}

TEST(Operators, NamesAreExact) {
  EXPECT_FALSE(parse_operator("anyin"));
  EXPECT_FALSE(parse_operator(""));
}

}  // namespace
}  // namespace sluice::policy
