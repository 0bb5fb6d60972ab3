// SPDX-License-Identifier: Apache-2.0
#include "config/config.hpp"

#include <gtest/gtest.h>

namespace sluice::config {
namespace {

constexpr const char* environments =
    "environments: [{name: stg, match: {path: [s]}}, {name: prd}]\n";

constexpr const char* whole =
    R"(environments: [{name: stg, match: {path: [s]}}, {name: prd, after: [stg]}]
promote:
  environments:
    - name: prd
      paths: ["envs/prd/**"]
      soak: 2h
      statuses: [argocd/stg]
      evidence: [scan-gate]
      freeze: [{from: Fri 16:00, to: "Mon 08:00", reason: weekend}]
  freeze: [{from: 2026-12-20, to: 2026-12-31, reason: holidays}]
  author: {name: Promoter, email: promote@example.com}
  committer: {name: Committer, email: commit@example.com}
  signing: {format: ssh, key: keys/promote}
  message: {subject: "chore({to}): {image}", body: "More words"}
  check: none
)";

TEST(ParsePromote, ReadsEveryKey) {
  const auto config = parse(whole, "sluice.yaml");
  ASSERT_TRUE(config) << config.error().message;
  ASSERT_TRUE(config->promote.has_value());
  const Promote& promote = *config->promote;
  ASSERT_EQ(promote.environments.size(), 1U);
  const PromoteEnvironment& prd = promote.environments[0];
  EXPECT_EQ(prd.name, "prd");
  EXPECT_EQ(prd.paths, std::vector<std::string>{"envs/prd/**"});
  EXPECT_EQ(prd.soak, 7200);
  EXPECT_EQ(prd.statuses, std::vector<std::string>{"argocd/stg"});
  EXPECT_EQ(prd.evidence, std::vector<std::string>{"scan-gate"});
  ASSERT_EQ(prd.freezes.size(), 1U);
  EXPECT_TRUE(prd.freezes[0].weekly);
  EXPECT_EQ(prd.freezes[0].from, 4 * 1440 + 16 * 60);
  EXPECT_EQ(prd.freezes[0].to, 8 * 60);
  ASSERT_EQ(promote.freezes.size(), 1U);
  EXPECT_EQ(promote.freezes[0].to - promote.freezes[0].from, 12 * 86'400) << "the last day too";
  EXPECT_EQ(promote.author.name, "Promoter");
  EXPECT_EQ(promote.committer.email, "commit@example.com");
  EXPECT_EQ(promote.signing_format, "ssh");
  EXPECT_EQ(promote.subject, "chore({to}): {image}");
  EXPECT_FALSE(promote.check);
}

TEST(ParsePromote, TheDefaultsAskForTheOrderOnly) {
  const auto config = parse("promote: {}\n", "sluice.yaml");
  ASSERT_TRUE(config) << config.error().message;
  ASSERT_TRUE(config->promote.has_value());
  EXPECT_TRUE(config->promote->check);
  EXPECT_TRUE(config->promote->environments.empty());
}

struct Rejected {
  const char* text;
  const char* message;  ///< with the lines before it
};

constexpr Rejected rejected[] = {
    {"promote: {environments: [{name: prod}]}\n",
     "sluice.yaml:2:10: promote.environments names \"prod\", which is none of the environments; "
     "did you mean \"prd\"?"},
    {"promote: {environments: [{name: prd}, {name: prd}]}\n",
     "sluice.yaml:2:39: promote.environments has \"prd\" twice"},
    {"promote: {environments: [{name: prd, soak: 2 hours}]}\n",
     "sluice.yaml:2:44: promote.environments[].soak \"2 hours\" is no time such as 30m, 2h or "
     "1d12h"},
    {"promote: {environments: [{name: prd, evidence: [trivy]}]}\n",
     "sluice.yaml:2:49: promote.environments[].evidence[] is \"trivy\", not one of scan-gate, "
     "model-gate"},
    {"promote: {freeze: [{from: Fri 16:00, to: 2026-12-31, reason: x}]}\n",
     "sluice.yaml:2:20: promote.freeze[] goes from a time of the week to a day, or the other way "
     "round"},
    {"promote: {freeze: [{from: 2026-12-31, to: 2026-12-20, reason: x}]}\n",
     "sluice.yaml:2:20: promote.freeze[] ends before it begins"},
    {"promote: {freeze: [{from: Fri 16:00, to: Fri 16:00, reason: x}]}\n",
     "sluice.yaml:2:20: promote.freeze[] is empty: it ends when it begins"},
    {"promote: {freeze: [{from: Friday, to: Mon 08:00, reason: x}]}\n",
     "sluice.yaml:2:27: promote.freeze[].from \"Friday\" is neither a time of the week such as "
     "\"Fri 16:00\", nor a day, nor a time such as 2026-12-24T12:00:00Z"},
    {"promote: {freeze: [{from: Fri 16:00, to: Mon 08:00}]}\n",
     "sluice.yaml:2:20: promote.freeze[] has no reason"},
    {"promote: {author: {name: A <x>, email: a@example.com}}\n",
     "sluice.yaml:2:26: promote.author.name has a character that a commit cannot hold there"},
    {"promote: {signing: {format: pgp, key: x}}\n",
     "sluice.yaml:2:29: promote.signing.format is \"pgp\", not one of ssh, gpg"},
    {"promote: {check: off}\n", "sluice.yaml:2:18: promote.check must be text; quote it: \"off\""},
};

TEST(ParsePromote, Rejects) {
  for (const auto& [text, message] : rejected) {
    SCOPED_TRACE(text);
    const auto config = parse(std::string(environments) + text, "sluice.yaml");
    ASSERT_FALSE(config);
    EXPECT_EQ(config.error().message, message);
  }
}

}  // namespace
}  // namespace sluice::config
