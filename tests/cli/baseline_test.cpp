// SPDX-License-Identifier: Apache-2.0
#include "cli/baseline.hpp"

#include "diag/write.hpp"
#include "io/files.hpp"
#include "support/program.hpp"

#include <gtest/gtest.h>

#include <filesystem>

namespace sluice::cli {
namespace {

diag::Report report_with(std::vector<std::string> messages) {
  diag::Report report{.tool = "sluice-validate"};
  for (auto& message : messages) {
    report.findings.push_back({.location = {.file = "app.yaml"},
                               .code = "schema/unknown-field",
                               .severity = diag::Severity::error,
                               .message = std::move(message)});
  }
  return report;
}

class LivingWithFindings : public testing::Test {
 protected:
  sluice::test::Scratch scratch_;
  std::string file_ = (scratch_.path() / "baseline.json").string();
};

TEST_F(LivingWithFindings, OnlyNewOnesCount) {
  diag::Report first = report_with({"old"});
  ASSERT_TRUE(apply({.write = file_}, first));
  EXPECT_EQ(diag::exit_code(first, diag::FailOn::warning), 0);

  diag::Report second = report_with({"new", "old"});
  ASSERT_TRUE(apply({.baseline = file_, .known = diag::Known::hide}, second));
  ASSERT_EQ(second.findings.size(), 1U);
  EXPECT_EQ(second.findings[0].message, "new");
  EXPECT_EQ(diag::exit_code(second, diag::FailOn::error), 1);
}

TEST_F(LivingWithFindings, NothingIsWrittenWithoutAVerdict) {
  diag::Report report = report_with({"old"});
  report.no_verdict = {"no helm"};
  const auto status = apply({.write = file_}, report);
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().message, "no baseline is written without a verdict: no helm");
  EXPECT_FALSE(std::filesystem::exists(file_));
}

TEST_F(LivingWithFindings, WithoutAVerdictOldFindingsMakeNone) {
  diag::Report first = report_with({"old"});
  ASSERT_TRUE(apply({.write = file_}, first));
  diag::Report second = report_with({"old"});
  second.no_verdict = {"no helm"};
  ASSERT_TRUE(apply({.baseline = file_}, second));
  EXPECT_EQ(diag::exit_code(second, diag::FailOn::never), 2);
}

TEST_F(LivingWithFindings, Refuses) {
  diag::Report report = report_with({"old"});
  EXPECT_FALSE(apply({.known = diag::Known::hide}, report));
  EXPECT_FALSE(apply({.baseline = file_}, report)) << "a missing baseline is no empty one";
  ASSERT_TRUE(io::write_atomically(file_, "{}"));
  const auto status = apply({.baseline = file_}, report);
  ASSERT_FALSE(status);
  EXPECT_NE(status.error().message.find(file_ + ": not a baseline"), std::string::npos)
      << status.error().message;
  EXPECT_EQ(report.findings.size(), 1U);
}

}  // namespace
}  // namespace sluice::cli
