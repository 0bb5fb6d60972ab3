// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"
#include "cli/baseline.hpp"
#include "cli/tool.hpp"
#include "yaml/parse.hpp"

#include <iosfwd>
#include <string>

/// The commands of sluice-report, one file each.
namespace sluice::report {

Result<diag::Report> run_stages(const cli::Common& common, std::ostream& product);

struct LedgerOptions {
  std::string render, validate, policy;  ///< files
  bool allow_empty = false;
};
Result<diag::Report> run_ledger(const LedgerOptions& options, std::ostream& product);

struct DiffOptions {
  std::string base, head;  ///< streams; "-" is standard input
  std::string form = "markdown";
  cli::LivingWith living_with;
  yaml::Limits limits;
};
Result<diag::Report> run_diff(const DiffOptions& options,
                              const cli::Common& common,
                              std::ostream& product);

struct LoosenedOptions {
  std::string base, head;                    ///< folders: the roots of the repository
  std::string base_stream, head_stream;      ///< what render made of them; empty: not compared
  std::string base_verdicts, head_verdicts;  ///< JSON reports of sluice-policy-test over the head's
                                             ///< stream, by the base's policies and by the head's
  std::string baseline;  ///< file below the root, as the judges read it; or empty
  yaml::Limits limits;
};
Result<diag::Report> run_loosened(const LoosenedOptions& options, const cli::Common& common);

struct MergeOptions {
  std::string out;             ///< folder of report.md
  std::string write_baseline;  ///< file for all findings, to be lived with; or empty
};
Result<diag::Report> run_merge(const MergeOptions& options,
                               const cli::Common& common,
                               std::ostream& product);

}  // namespace sluice::report
