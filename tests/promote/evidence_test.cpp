// SPDX-License-Identifier: Apache-2.0
#include "promote/evidence.hpp"

#include "base/text.hpp"

#include <gtest/gtest.h>

namespace sluice::promote {
namespace {

Evidence whole() {
  return {.tool = "sluice-scan-gate",
          .verdict = "pass",
          .subject = EvidenceOf::image,
          .digest = "sha256:" + std::string(64, 'a'),
          .name = "ghcr.io/acme/iris",
          .commit = std::string(40, '1'),
          .policy = "sha256:" + std::string(64, 'b'),
          .created = "2026-11-20T12:00:00Z",
          .report = "sha256:" + std::string(64, 'c')};
}

TEST(Evidence, IsReadAsItIsWritten) {
  Evidence evidence = whole();
  EXPECT_EQ(*read_evidence(write_evidence(evidence), "e.json"), evidence);
  evidence.subject = EvidenceOf::model;
  evidence.name.clear();
  EXPECT_EQ(*read_evidence(write_evidence(evidence), "e.json"), evidence);
}

TEST(Evidence, RefusesWhatIsNotExactlyThat) {
  struct Row {
    const char* from;
    const char* to;
    const char* message;
  };
  const Row rows[] = {
      {"sluice.evidence/v1", "sluice.evidence/v2", "its \"schema\" is not"},
      {"\"pass\"", "\"passed\"", "\"verdict\" is no verdict"},
      {"\"pass\"", "true", "\"verdict\" is no verdict"},
      {"\"tool\": \"sluice-scan-gate\",", "", "has no \"tool\""},
      {"\"verdict\"", "\"extra\": 1, \"verdict\"", "unknown member \"extra\""},
      {"sha256:aaaa", "sha256:AAAA", "\"image\" is no sha256 digest"},
      {"\"image\"", "\"model\": \"x\", \"image\"", "\"model\" is no sha256"},
      {"2026-11-20T12:00:00Z", "2026-11-20T12:00:00+01:00", "\"created\" is no UTC time"},
      {"1111", "11", "\"commit\" is no full commit id"},
      {"{", "[{", nullptr},
  };
  for (const auto& [from, to, message] : rows) {
    SCOPED_TRACE(to);
    const std::string good = write_evidence(whole());
    std::string text = good;
    text.replace(text.find(from), std::string_view(from).size(), to);
    const auto read = read_evidence(text, "e.json");
    ASSERT_FALSE(read);
    if (message != nullptr) {
      EXPECT_NE(read.error().message.find(message), std::string::npos) << read.error().message;
    }
  }
}

TEST(Evidence, AVerdictLineSpeaksForOneDigest) {
  const std::string line = verdict_line(whole());
  EXPECT_TRUE(verdict_covers(line, "scan-gate", whole().digest));
  EXPECT_FALSE(verdict_covers(line, "scan-gate", "sha256:" + std::string(63, 'a')));
  EXPECT_FALSE(verdict_covers(line, "model-gate", whole().digest));
  Evidence failed = whole();
  failed.verdict = "fail";
  EXPECT_FALSE(verdict_covers(verdict_line(failed), "scan-gate", whole().digest));
}

}  // namespace
}  // namespace sluice::promote
