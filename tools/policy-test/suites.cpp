// SPDX-License-Identifier: Apache-2.0
#include "policy-test/suites.hpp"

#include "base/text.hpp"
#include "policy/findings.hpp"
#include "policy/strict.hpp"

#include <map>
#include <set>

namespace sluice::policy_test {
namespace {

using policy::SuiteRow;

/// Rows that say the same of several objects are one finding.
struct Unevaluated {
  SuiteRow first;
  std::size_t others = 0;
};

struct Tally {
  std::size_t suites = 0;
  std::size_t rows = 0;
  std::size_t agreed = 0;
  std::size_t unevaluated = 0;  ///< rows that the Kyverno CLI counts as passed unchecked
  std::set<std::string> no_verdict;
  std::map<std::pair<diag::Location, std::string>, Unevaluated> grouped;
};

std::string row_name(const SuiteRow& row) {
  return "policy " + text::printable(row.policy) +
         (row.rule.empty() ? "" : ", rule " + text::printable(row.rule)) +
         (row.resource.empty() ? "" : ", " + text::printable(row.resource));
}

void take(const SuiteRow& row, bool compat, Tally& tally, diag::Report& report) {
  if (row.verdict == SuiteRow::Verdict::passed_over && !compat) {
    return;  // not a row that anybody wrote
  }
  ++tally.rows;
  diag::Finding finding{.location = row.at, .code = "policy/suite-differs", .hint = row.hint};
  switch (row.verdict) {
    case SuiteRow::Verdict::agreed:
    case SuiteRow::Verdict::passed_over:
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
    case SuiteRow::Verdict::invalid: {
      ++tally.unevaluated;
      if (compat) {
        ++tally.agreed;
        return;
      }
      const auto [group, is_new] =
          tally.grouped.try_emplace({row.at, row.policy + '\n' + row.reason}, Unevaluated{row});
      group->second.others += is_new ? 0 : 1;
      return;
    }
    case SuiteRow::Verdict::unsupported:
      tally.no_verdict.insert(row.suite + ": policy " + text::printable(row.policy) + ": " +
                              policy::one_line(row.reason) +
                              " is not supported, so there is no verdict");
      return;
  }
  report.findings.push_back(std::move(finding));
}

void report_unevaluated(const Tally& tally, diag::Report& report) {
  for (const auto& [key, group] : tally.grouped) {
    const SuiteRow& row = group.first;
    report.findings.push_back(
        {.location = row.at,
         .code = row.code,
         .message =
             row_name(row) +
             (group.others == 0 ? "" : " and " + text::counted(group.others, "other object")) +
             ": expected " + row.expected +
             ", but nothing was evaluated: " + policy::one_line(row.reason),
         .hint = row.hint});
  }
}

void run_file(const std::string& file, bool compat, Tally& tally, diag::Report& report) {
  const auto suites = policy::read_suites(file);
  if (!suites) {
    tally.no_verdict.insert(text::printable(suites.error().message, 1000));
    return;
  }
  const auto add = [&](std::vector<diag::Finding>&& findings) {
    std::move(findings.begin(), findings.end(), std::back_inserter(report.findings));
  };
  for (const auto& suite : *suites) {
    ++tally.suites;
    auto missing = policy::missing_paths(suite);
    auto outcome = policy::run_suite(suite);
    if (!outcome) {
      tally.no_verdict.insert(file + ": " + text::printable(outcome.error().message, 1000));
      add(std::move(missing));
      continue;
    }
    if (suite.expectations.empty()) {
      tally.no_verdict.insert(file + ": the test has no results");
    }
    for (const auto& row : outcome->rows) {
      take(row, compat, tally, report);
    }
    if (!compat) {
      add(std::move(outcome->findings));
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
  report_unevaluated(tally, report);
  report.no_verdict.assign(tally.no_verdict.begin(), tally.no_verdict.end());
  report.summary = {
      "Kyverno " + std::string(policy::kyverno_version), text::counted(tally.suites, "suite"),
      text::counted(tally.rows, "row") + ", " + std::to_string(tally.agreed) + " as expected"};
  if (tally.unevaluated > 0) {
    report.summary.push_back(text::counted(tally.unevaluated, "row") + " never evaluated");
  }
  return report;
}

}  // namespace sluice::policy_test
