// SPDX-License-Identifier: Apache-2.0
// validate.manifests: what the real CLI says of signed objects is recorded in signed/.
#include "policy/signature.hpp"
#include "policy/suite.hpp"
#include "policy/unpack.hpp"

#include <gtest/gtest.h>

namespace sluice::policy {
namespace {

TEST(Manifests, AsTheRealCliHasThem) {
  const auto suites =
      read_suites(std::string(SLUICE_SOURCE_DIR) + "/tests/policy/signed/kyverno-test.yaml");
  ASSERT_TRUE(suites) << suites.error().message;
  std::size_t rows = 0;
  for (const auto& suite : *suites) {
    const auto outcome = run_suite(suite);
    ASSERT_TRUE(outcome) << outcome.error().message;
    for (const auto& row : outcome->rows) {
      ++rows;
      EXPECT_EQ(row.verdict, SuiteRow::Verdict::agreed)
          << row.rule << " " << row.resource << ": expected " << row.expected << ", got " << row.got
          << " (" << row.reason << ")";
    }
  }
  EXPECT_EQ(rows, 168U);
}

TEST(PublicKey, OnlyKeysThatCanBeRead) {
  const std::string begin = "-----BEGIN PUBLIC KEY-----\n";
  const std::string end = "\n-----END PUBLIC KEY-----\n";
  const std::string head = "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE";
  const std::string point =
      "yQfmL5YwHbn9xrrgG3vgbU0KJxMYBibYLJ5L4VSMvGxeMLnBGdM48w5IE//6idUPj3rscigFdHs7GDMH4LLAng==";
  EXPECT_TRUE(PublicKey::from_pem(begin + head + point + end));
  std::string moved = point;
  moved[3] = 'x';  // no point of the curve
  for (const auto& text : {std::string(), begin + end, begin + head + end, begin + point + end,
                           begin + head + moved + end}) {
    EXPECT_FALSE(PublicKey::from_pem(text)) << text;
  }
  // RFC 8410: a key of Ed25519.
  const auto other = PublicKey::from_pem(
      begin + "MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=" + end);
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().kind, Error::Kind::unsupported);
}

TEST(Unpack, DamagedArchives) {
  EXPECT_FALSE(gunzip("\x1f\x8b"));
  EXPECT_FALSE(gunzip("text"));
  EXPECT_TRUE(untar(""));
  std::string header(512, '\0');
  header.replace(0, 1, "a");
  header.replace(124, 11, "00000001000");
  EXPECT_FALSE(untar(header)) << "its 512 bytes are missing";
  header[156] = '0';
  const auto whole = untar(header + std::string(512, 'x') + std::string(1024, '\0'));
  ASSERT_TRUE(whole);
  EXPECT_EQ(whole->at("a"), std::string(512, 'x'));
  header[156] = '2';
  const auto link = untar(header + std::string(512, 'x'));
  ASSERT_FALSE(link);
  EXPECT_EQ(link.error().kind, Error::Kind::unsupported);
  header.replace(124, 11, "x0000001000");
  EXPECT_FALSE(untar(header));
}

}  // namespace
}  // namespace sluice::policy
