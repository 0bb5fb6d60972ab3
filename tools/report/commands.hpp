// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"
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
  bool partial = false;  ///< units that did not change since a base need not be there
};
Result<diag::Report> run_ledger(const LedgerOptions& options, std::ostream& product);

struct DiffOptions {
  std::string base, head;  ///< streams; "-" is standard input
  std::string form = "markdown";
  yaml::Limits limits;
};
Result<diag::Report> run_diff(const DiffOptions& options,
                              const cli::Common& common,
                              std::ostream& product);

struct MergeOptions {
  std::string out;  ///< folder of report.md
};
Result<diag::Report> run_merge(const MergeOptions& options,
                               const cli::Common& common,
                               std::ostream& product);

}  // namespace sluice::report
