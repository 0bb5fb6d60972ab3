// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/tool.hpp"
#include "diag/baseline.hpp"

#include <string>
#include <vector>

namespace sluice::cli {

/// How a tool lives with old findings (diag/baseline.hpp).
struct LivingWith {
  std::string baseline;  ///< file; empty: none
  std::string write;     ///< write all findings there, and live with them
  diag::Known known = diag::Known::show;
};

/// Adds --baseline, --new-only and --write-baseline. They write into `living_with`, which outlives
/// them.
void add_baseline_flags(LivingWith& living_with, std::vector<Flag>& flags);

/// Reads, applies and writes baselines: the last step of a tool, after ignore entries. report.tool
/// must be set.
/// Errors: usage (--new-only without a baseline; a baseline is to be written and there is no
/// verdict), not_found, io, parse.
Status apply(const LivingWith& living_with, diag::Report& report);

}  // namespace sluice::cli
