// SPDX-License-Identifier: Apache-2.0
#include "diag/baseline.hpp"

#include "support/hostile.hpp"

#include <gtest/gtest.h>

#include <string>

namespace sluice::diag {
namespace {

Finding finding(std::string code, std::string message, std::uint32_t line) {
  return {.location = {.file = "apps/web.yaml", .line = line, .column = 3},
          .code = std::move(code),
          .severity = Severity::error,
          .message = std::move(message)};
}

Report report_of(std::vector<Finding> findings) {
  Report report{.tool = "sluice-validate", .findings = std::move(findings)};
  normalise(report);
  return report;
}

TEST(Baseline, ReadsBackWhatItWrote) {
  const auto baseline = baseline_of(report_of(
      {finding("schema/unknown-field", sluice::test::hostile, 1),
       finding("schema/unknown-field", "b", 2), finding("schema/unknown-field", "b", 7)}));
  ASSERT_EQ(baseline.size(), 2U);
  const auto read = read_baseline(to_json(baseline));
  ASSERT_TRUE(read) << read.error().message;
  ASSERT_EQ(read->size(), 2U);
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(read->at(i).fingerprint, baseline[i].fingerprint);
    EXPECT_EQ(read->at(i).count, baseline[i].message == "b" ? 2U : 1U);
  }
  EXPECT_TRUE(read_baseline(to_json(Baseline{})));
}

TEST(Baseline, CoversAFindingWhoseLineHasMoved) {
  const auto baseline = baseline_of(report_of({finding("schema/unknown-field", "a", 1)}));
  Report report = report_of({finding("schema/unknown-field", "a", 40)});
  apply_baseline(baseline, Known::show, report);
  ASSERT_EQ(report.findings.size(), 1U);
  EXPECT_EQ(report.findings[0].severity, Severity::note);
  EXPECT_EQ(report.summary.back(), "1 known finding of the baseline");
}

TEST(Baseline, DoesNotCoverMoreThanThereWere) {
  const auto baseline = baseline_of(report_of({finding("schema/unknown-field", "a", 1)}));
  Report report =
      report_of({finding("schema/unknown-field", "a", 1), finding("schema/unknown-field", "a", 2)});
  apply_baseline(baseline, Known::hide, report);
  ASSERT_EQ(report.findings.size(), 1U);
  EXPECT_EQ(report.findings[0].severity, Severity::error);
}

TEST(Baseline, SaysWhatIsGoneOnlyForItsOwnAreas) {
  const auto baseline = baseline_of(
      report_of({finding("schema/unknown-field", "a", 1), finding("policy/fail", "b", 2)}));
  Report report = report_of({});
  apply_baseline(baseline, Known::show, report);
  EXPECT_EQ(report.summary.back(), "1 of the baseline gone (--write-baseline drops them)");
}

TEST(Baseline, NeverCoversWhatIsSaidOfTheJudge) {
  const Report report = report_of({finding("config/expired-ignore", "a", 1),
                                   finding("scan/secret", "b", 2), finding("ledger/lost", "c", 3)});
  EXPECT_TRUE(baseline_of(report).empty());
}

TEST(ReadBaseline, Rejects) {
  const auto with = [](const std::string& entry) {
    return R"({"format":"sluice.baseline/v1","findings":[)" + entry + "]}";
  };
  const std::string good = R"({"fingerprint":"00","code":"policy/fail","message":"m"})";
  ASSERT_TRUE(read_baseline(with(good)));
  const std::string rows[] = {
      "",
      "{}",
      "[]",
      R"({"format":"sluice.baseline/v2","findings":[]})",
      R"({"format":"sluice.baseline/v1"})",
      with(good).substr(0, 60),
      with(good + "," + good),
      with(R"({"fingerprint":"00","code":"policy/fail"})"),
      with(R"({"fingerprint":"00","code":"policy/fail","message":"m","more":1})"),
      with(R"({"fingerprint":"00","code":"policy/fail","message":"m","count":-1})"),
      with(R"({"fingerprint":"00","code":"config/unused-ignore","message":"m"})"),
  };
  for (const std::string& text : rows) {
    SCOPED_TRACE(text);
    const auto read = read_baseline(text);
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().kind, Error::Kind::parse);
  }
}

}  // namespace
}  // namespace sluice::diag
