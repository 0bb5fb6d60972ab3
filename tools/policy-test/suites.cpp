// SPDX-License-Identifier: Apache-2.0
#include "policy-test/suites.hpp"

#include "base/text.hpp"
#include "policy/findings.hpp"
#include "policy/suite.hpp"

#include <set>

namespace sluice::policy_test {
namespace {

using policy::SuiteRow;

struct Tally {
  std::size_t suites = 0;
  std::size_t rows = 0;
  std::size_t agreed = 0;
  std::set<std::string> no_verdict;
};

std::string row_name(const SuiteRow& row) {
  return "policy " + text::printable(row.policy) +
         (row.rule.empty() ? "" : ", rule " + text::printable(row.rule)) +
         (row.resource.empty() ? "" : ", " + text::printable(row.resource));
}

void take(const SuiteRow& row, bool compat, Tally& tally, diag::Report& report) {
  ++tally.rows;
  diag::Finding finding{.location = row.at, .code = "policy/suite-differs"};
  switch (row.verdict) {
    case SuiteRow::Verdict::agreed:
      ++tally.agreed;
      return;
    case SuiteRow::Verdict::differs:
      finding.message = row_name(row) + ": expected " + row.expected + ", got " + row.got +
                        (row.reason.empty() ? "" : " (" + policy::one_line(row.reason) + ")");
      break;
    case SuiteRow::Verdict::not_found:
      finding.message = row_name(row) + ": " + row.reason;
      break;
    case SuiteRow::Verdict::excluded:
    case SuiteRow::Verdict::invalid:
      if (compat) {
        ++tally.agreed;
        return;
      }
      finding.code = "policy/suite-not-evaluated";
      finding.message =
          row_name(row) + ": expected " + row.expected + ", but " + policy::one_line(row.reason);
      finding.hint =
          "the Kyverno CLI counts this row as passed; check the names of the rule and of the "
          "objects";
      break;
    case SuiteRow::Verdict::unsupported:
      tally.no_verdict.insert(row.suite + ": policy " + text::printable(row.policy) + ": " +
                              policy::one_line(row.reason) +
                              " is not supported, so there is no verdict");
      return;
  }
  report.findings.push_back(std::move(finding));
}

void run_file(const std::string& file, bool compat, Tally& tally, diag::Report& report) {
  const auto suites = policy::read_suites(file);
  if (!suites) {
    tally.no_verdict.insert(text::printable(suites.error().message, 1000));
    return;
  }
  for (const auto& suite : *suites) {
    ++tally.suites;
    const auto outcome = policy::run_suite(suite);
    if (!outcome) {
      tally.no_verdict.insert(file + ": " + text::printable(outcome.error().message, 1000));
      continue;
    }
    if (suite.expectations.empty()) {
      tally.no_verdict.insert(file + ": the test has no results");
    }
    for (const auto& row : outcome->rows) {
      take(row, compat, tally, report);
    }
    for (const auto& problem : outcome->problems) {
      if (!compat) {
        report.findings.push_back({.location = problem.at,
                                   .code = "policy/suite-unknown-name",
                                   .message = problem.message,
                                   .hint = "the Kyverno CLI then checks every object instead"});
      }
    }
  }
}

}  // namespace

Result<diag::Report> run_suites(const Options& options) {
  diag::Report report;
  Tally tally;
  for (const auto& folder : options.suites) {
    std::vector<std::string> files;
    SLUICE_TRY_ASSIGN(files, policy::find_suites(folder));
    if (files.empty()) {
      tally.no_verdict.insert("there is no kyverno-test.yaml below " + text::printable(folder));
    }
    for (const auto& file : files) {
      run_file(file, options.kyverno_compat, tally, report);
    }
  }
  report.no_verdict.assign(tally.no_verdict.begin(), tally.no_verdict.end());
  report.summary = {
      "Kyverno " + std::string(policy::kyverno_version), text::counted(tally.suites, "suite"),
      text::counted(tally.rows, "row") + ", " + std::to_string(tally.agreed) + " as expected"};
  return report;
}

}  // namespace sluice::policy_test
