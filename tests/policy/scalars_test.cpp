// SPDX-License-Identifier: Apache-2.0
#include "policy/scalars.hpp"

#include "policy/images.hpp"

#include <gtest/gtest.h>

namespace sluice::policy {
namespace {

TEST(Duration, Table) {
  constexpr std::int64_t second = 1'000'000'000;
  struct {
    std::string_view text;
    std::optional<std::int64_t> nanoseconds;
  } const rows[] = {{"0", 0},
                    {"1h30m", 5400 * second},
                    {"-1.5s", -1'500'000'000},
                    {"+5ms", 5'000'000},
                    {"1us", 1'000},
                    {"\xC2\xB5s", {}},
                    {"1\xC2\xB5s", 1'000},
                    {".5s", 500'000'000},
                    {"5", {}},
                    {"", {}},
                    {"s", {}},
                    {"1h 2m", {}},
                    {"1d", {}},
                    {"9999999999h", {}},
                    {"-", {}},
                    {"1.s", second}};
  for (const auto& [text, nanoseconds] : rows) {
    EXPECT_EQ(parse_duration(text), nanoseconds) << text;
  }
}

TEST(GoText, NumbersAsPercentV) {
  EXPECT_EQ(go_text(Value::number(30)), "30");
  EXPECT_EQ(go_text(Value::number(0.5)), "0.5");
  EXPECT_EQ(go_text(Value::number(999999)), "999999");
  EXPECT_EQ(go_text(Value::number(1e6)), "1e+06");
  EXPECT_EQ(go_text(Value::number(1000650000)), "1.00065e+09");
  EXPECT_EQ(go_text(Value()), "<nil>");
  EXPECT_EQ(float_e(30), "3E+01");
  EXPECT_EQ(float_f(30), "30.000000");
}

TEST(SemanticVersion, Order) {
  const auto order = [](std::string_view a, std::string_view b) {
    return compare(*parse_semantic_version(a), *parse_semantic_version(b));
  };
  EXPECT_GT(order("1.10.0", "1.9.0"), 0);
  EXPECT_LT(order("1.0.0-rc.1", "1.0.0"), 0);
  EXPECT_LT(order("1.0.0-rc.2", "1.0.0-rc.10"), 0);
  EXPECT_EQ(order("1.0.0+a", "1.0.0+b"), 0);
  for (const auto* const text : {"1.0", "v1.0.0", "01.0.0", "1.0.0-", "a.b.c"}) {
    EXPECT_FALSE(parse_semantic_version(text)) << text;
  }
}

TEST(Image, Table) {
  struct {
    std::string_view text, registry, path, tag;
  } const rows[] = {{"nginx", "docker.io", "nginx", "latest"},
                    {"nginx:1.0", "docker.io", "nginx", "1.0"},
                    {"team/app:2", "docker.io", "team/app", "2"},
                    {"ghcr.io/a/b:3", "ghcr.io", "a/b", "3"},
                    {"localhost/app", "localhost", "app", "latest"},
                    {"reg:5000/app", "reg:5000", "app", "latest"}};
  for (const auto& row : rows) {
    SCOPED_TRACE(row.text);
    const auto image = parse_image(row.text);
    ASSERT_TRUE(image);
    EXPECT_EQ(image->registry, row.registry);
    EXPECT_EQ(image->path, row.path);
    EXPECT_EQ(image->tag, row.tag);
  }
  EXPECT_FALSE(parse_image("Not An Image"));
  EXPECT_EQ(
      parse_image("nginx@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")
          ->tag,
      "");
}

}  // namespace
}  // namespace sluice::policy
