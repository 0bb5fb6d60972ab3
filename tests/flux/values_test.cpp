// SPDX-License-Identifier: Apache-2.0
#include "flux/values.hpp"

#include <gtest/gtest.h>

namespace sluice::flux {
namespace {

struct Row {
  const char* path;
  const char* text;
  SetAs as;
  const char* expected;  ///< the values as JSON, or the error
};

// clang-format off
constexpr Row rows[] = {
    {"a", "x", SetAs::typed, R"({"a":"x","l":[1],"m":{"k":"v"}})"},
    {"m.n.o", "80", SetAs::typed, R"({"l":[1],"m":{"k":"v","n":{"o":80}}})"},
    {"m.k", "true", SetAs::typed, R"({"l":[1],"m":{"k":true}})"},
    {"m.k", "null", SetAs::typed, R"({"l":[1],"m":{"k":null}})"},
    {"m.k", "007", SetAs::typed, R"({"l":[1],"m":{"k":"007"}})"},
    {"m.k", "0", SetAs::typed, R"({"l":[1],"m":{"k":0}})"},
    {"m.k", "-5", SetAs::typed, R"({"l":[1],"m":{"k":-5}})"},
    {"m.k", "1.5", SetAs::typed, R"({"l":[1],"m":{"k":"1.5"}})"},
    {"m.k", "'80'", SetAs::typed, R"({"l":[1],"m":{"k":"80"}})"},
    {"m.k", "\"x\"", SetAs::typed, R"({"l":[1],"m":{"k":"x"}})"},
    {"m.k", "80", SetAs::literal, R"({"l":[1],"m":{"k":"80"}})"},
    {"m.k", "a,{b}", SetAs::literal, R"({"l":[1],"m":{"k":"a,{b}"}})"},
    {"l[2]", "x", SetAs::typed, R"({"l":[1,null,"x"],"m":{"k":"v"}})"},
    {"l[0].a\\.b", "x", SetAs::typed, R"({"l":[{"a.b":"x"}],"m":{"k":"v"}})"},
    {"m.k", "a,b", SetAs::typed, "a value that holds commas, braces or '\\'"},
    {"m.k", "{a}", SetAs::typed, "a value that holds commas, braces or '\\'"},
    {"", "x", SetAs::typed, "no path of values"},
    {"[0]", "x", SetAs::typed, "no path of values"},
    {"a..b", "x", SetAs::typed, "no path of values"},
    {"a[x]", "x", SetAs::typed, "no path of values"},
    {"a[99999999]", "x", SetAs::typed, "no path of values"},
};
// clang-format on

TEST(SetPath, IsWhatSetDoes) {
  for (const auto& [path, text, as, expected] : rows) {
    SCOPED_TRACE(std::string(path) + "=" + text);
    auto values = yaml::parse_value("{l: [1], m: {k: v}}", "values");
    ASSERT_TRUE(values);
    const auto status = set_path(*values, path, text, as);
    EXPECT_EQ(status ? yaml::to_json(*values) : status.error().message, expected);
  }
}

}  // namespace
}  // namespace sluice::flux
