// SPDX-License-Identifier: Apache-2.0
// What the gate writes is what a promotion reads.
#include "promote/evidence.hpp"

#include "support/program.hpp"

#include <gtest/gtest.h>

namespace sluice::gate {
namespace {

TEST(Evidence, IsWhatAPromotionReads) {
  const std::string file =
      SLUICE_SOURCE_DIR "/fixtures/scan-gate/pass-evidence/expected-out/evidence.json";
  const std::string bytes = test::read_file(file);
  const auto evidence = promote::read_evidence(bytes, file);
  ASSERT_TRUE(evidence) << evidence.error().message;
  EXPECT_EQ(evidence->tool, "sluice-scan-gate");
  EXPECT_EQ(evidence->verdict, "pass");
  EXPECT_EQ(evidence->name, "registry.example.com/acme/iris");
  EXPECT_EQ(promote::write_evidence(*evidence), bytes);
}

}  // namespace
}  // namespace sluice::gate
