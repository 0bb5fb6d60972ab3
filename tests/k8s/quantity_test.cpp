// SPDX-License-Identifier: Apache-2.0
#include "k8s/quantity.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace sluice::k8s {
namespace {

using Format = Quantity::Format;

constexpr Int128 power_of_ten(int power) {
  Int128 amount = 1;
  for (int i = 0; i < power; ++i) {
    amount *= 10;
  }
  return amount;
}

constexpr Int128 unit = power_of_ten(9);
constexpr Int128 milli_unit = power_of_ten(6);
constexpr Int128 binary_cap = ((Int128{1} << 63) - 1) * unit;

struct Accepted {
  std::string text;
  Int128 nano;
  std::string canonical;
  Format format = Format::decimal_si;
};

const std::vector<Accepted> accepted = {
    {"0", 0, "0"},
    {"0n", 0, "0"},
    {"0Ki", 0, "0", Format::binary_si},
    {"0e3", 0, "0", Format::decimal_exponent},
    {"1", unit, "1"},
    {"+1", unit, "1"},
    {"-1", -unit, "-1"},
    {"1.", unit, "1"},
    {".5", unit / 2, "500m"},
    {"0.5", unit / 2, "500m"},
    {"000001.50000", 3 * unit / 2, "1500m"},
    {"250m", 250 * milli_unit, "250m"},
    {"1000m", unit, "1"},
    {"500u", 500'000, "500u"},
    {"0.1m", 100'000, "100u"},
    {"7n", 7, "7n"},
    {"1k", 1000 * unit, "1k"},
    {"1.G", power_of_ten(18), "1G"},
    {"5M", 5 * power_of_ten(15), "5M"},
    {"3T", 3 * power_of_ten(21), "3T"},
    {"3P", 3 * power_of_ten(24), "3P"},
    {"1E", power_of_ten(27), "1E"},
    {"12E", 12 * power_of_ten(27), "12E"},  // decimal amounts are not capped
    {"1E3", 1000 * unit, "1e3", Format::decimal_exponent},
    {"1e3", 1000 * unit, "1e3", Format::decimal_exponent},
    {"1e+3", 1000 * unit, "1e3", Format::decimal_exponent},
    {"1e-3", milli_unit, "1e-3", Format::decimal_exponent},
    {"1.5e4", 15'000 * unit, "15e3", Format::decimal_exponent},
    {"129e6", 129'000'000 * unit, "129e6", Format::decimal_exponent},
    {"128974848", 128'974'848 * unit, "128974848"},
    {"128974848000m", 128'974'848 * unit, "128974848"},
    {"512Ki", 524'288 * unit, "512Ki", Format::binary_si},
    {"1024Ki", 1'048'576 * unit, "1Mi", Format::binary_si},
    {"1Ti", (Int128{1} << 40) * unit, "1Ti", Format::binary_si},
    {"1G", power_of_ten(18), "1G"},
    {"0.5Mi", 524'288 * unit, "512Ki", Format::binary_si},
    {"100.035Ki", 102'435'840 * milli_unit, "102435840m", Format::binary_si},
    {"1Ei", (Int128{1} << 60) * unit, "1Ei", Format::binary_si},
    // Below a nano: up, away from zero.
    {"0.1n", 1, "1n"},
    {"-0.1n", -1, "-1n"},
    {"3.001n", 4, "4n"},
    {"-3.001n", -4, "-4n"},
    {"1e-12", 1, "1e-9", Format::decimal_exponent},
    {"1e-2147483647", 1, "1e-9", Format::decimal_exponent},
    {"1.0000000000000000000000000001", unit + 1, "1000000001n"},
    {"0.000000000001Ki", 2, "2n"},  // less than one unit: no longer binary
    {"0.000000000000000000000000000000000000000000001Ki", 1, "1n"},
    // Binary amounts stop at 2^63-1.
    {"8Ei", binary_cap, "9223372036854775807", Format::binary_si},
    {"9Ei", binary_cap, "9223372036854775807", Format::binary_si},
    {"-9Ei", -binary_cap, "-9223372036854775807", Format::binary_si},
    {"99999999999999999999999999999999999999999Ei", binary_cap, "9223372036854775807",
     Format::binary_si},
    {"1023Ki", 1023 * 1024 * unit, "1023Ki", Format::binary_si},
    {"0.25Ki", 256 * unit, "256", Format::binary_si},
    {"170141183460469231731687303715884105727n", ~(Int128{1} << 127),
     "170141183460469231731687303715884105727n"},
    // Surprises of the API server's own parser: no digits at all is zero.
    {"+", 0, "0"},
    {".", 0, "0"},
    {"k", 0, "0"},
    {"Ki", 0, "0", Format::binary_si},
};

TEST(ParseQuantity, Accepts) {
  for (const auto& row : accepted) {
    SCOPED_TRACE(row.text);
    const auto quantity = parse_quantity(row.text);
    ASSERT_TRUE(quantity) << quantity.error().message;
    EXPECT_TRUE(quantity->nano() == row.nano) << quantity->text();
    EXPECT_EQ(quantity->text(), row.canonical);
    EXPECT_EQ(quantity->format(), row.format);
  }
}

TEST(ParseQuantity, ReadsItsOwnCanonicalText) {
  for (const auto& row : accepted) {
    SCOPED_TRACE(row.text);
    const auto again = parse_quantity(parse_quantity(row.text)->text());
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_TRUE(again->nano() == row.nano);
  }
}

TEST(ParseQuantity, Rejects) {
  for (const std::string text :
       {"",      " ",     " 1",    "1 ",   "1 Gi", "1Kib", "1KiB",
        "1K",    "1mi",   "1i",    "1.5i", "1e",   "1ee3", "1e+",
        "1e-",   "1e+-3", "1.1.1", "1,5",  "1+1",  "--1",  "+-1",
        "1_000", "0x10",  "NaN",   "inf",  "aoeu", "1g",   "1t",
        "1ki",   "1KI",   "1e1.5", "1Ki3", "\x80", "1\n",  "1e9223372036854775808",
        "Ei",    ".Pi",   "-.e-12"}) {
    SCOPED_TRACE(text);
    const auto quantity = parse_quantity(text);
    ASSERT_FALSE(quantity);
    EXPECT_EQ(quantity.error().kind, Error::Kind::parse);
  }
}

TEST(ParseQuantity, RefusesWhatDoesNotFit) {
  for (const std::string text : {"1e30", "-1e30", "1000000000000E", "1e2147483648",
                                 "170141183460469231731687303715884105728n",
                                 "99999999999999999999999999999999999999999999"}) {
    SCOPED_TRACE(text);
    const auto quantity = parse_quantity(text);
    ASSERT_FALSE(quantity);
    EXPECT_EQ(quantity.error().kind, Error::Kind::limit);
  }
}

TEST(ParseQuantity, StaysLinearOnAMillionDigits) {
  const auto tiny = parse_quantity("0." + std::string(1'000'000, '0') + "1Ki");
  ASSERT_TRUE(tiny);
  EXPECT_EQ(tiny->text(), "1n");
  EXPECT_FALSE(parse_quantity("1" + std::string(1'000'000, '0')));
}

TEST(Quantity, RoundsAwayFromZero) {
  struct Row {
    std::string text;
    int milli, value;
  };
  for (const auto& row : std::vector<Row>{{"1n", 1, 1},
                                          {"-1n", -1, -1},
                                          {"1.2", 1200, 2},
                                          {"1001u", 2, 1},
                                          {"-1500m", -1500, -2},
                                          {"0", 0, 0}}) {
    SCOPED_TRACE(row.text);
    const auto quantity = parse_quantity(row.text);
    ASSERT_TRUE(quantity);
    EXPECT_TRUE(quantity->milli() == row.milli);
    EXPECT_TRUE(quantity->value() == row.value);
  }
  EXPECT_EQ(parse_quantity("100.035Ki")->rounded_up_to_milli().text(), "102435840m");
  EXPECT_EQ(parse_quantity("1500u")->rounded_up_to_milli().text(), "2m");
}

TEST(Quantity, KeepsAFormatThroughArithmetic) {
  const auto gibi = *parse_quantity("1Gi");
  EXPECT_EQ((gibi + gibi).text(), "2Gi");
  EXPECT_EQ((Quantity() + gibi).text(), "1Gi");
  EXPECT_EQ((gibi * 3).text(), "3Gi");
  EXPECT_EQ((gibi - *parse_quantity("512Mi")).text(), "512Mi");
  EXPECT_LT(*parse_quantity("1G"), gibi);
  EXPECT_EQ(*parse_quantity("1024Mi"), gibi);
}

}  // namespace
}  // namespace sluice::k8s
