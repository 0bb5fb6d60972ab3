// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "diag/write.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace sluice::report {

/// One stage of the chain, as it ended.
struct StageResult {
  std::string name;  ///< "validate"
  int exit = 2;      ///< 0, 1, 2 or 3
  diag::Report report;
};

struct Chain {
  std::vector<StageResult> stages;  ///< in the order of the chain
  std::string plan;                 ///< Markdown of `sluice-report diff`, when it was made
  std::string plan_text;            ///< the same as text
  std::string cost;                 ///< Markdown of `sluice-cost-proxy diff`
  std::string cost_page;            ///< its HTML page
};

/// The worst of the stages in the order 3, 2, 1, 0; 2 without any.
int worst(const Chain& chain);

/// "clean", "findings", "no verdict", "bug".
std::string_view verdict_name(int exit);

/// "verdict: findings (exit 1)"
std::string verdict_line(const Chain& chain);

/// What a stage looked at and found, without its verdict.
std::string account(const StageResult& stage);

/// What the ledger says, or that there is none.
std::string ledger_line(const Chain& chain);

/// The reports of all stages as one. Severities follow the stages' own exit codes: errors of a
/// stage that ended with 0 (--fail-on never) are warnings, and warnings of one that ended with 1
/// without any error (--fail-on warning) are errors. Findings of the base are left out: no change
/// makes them.
diag::Report merged(const Chain& chain);

std::string to_markdown(const Chain& chain);
std::string to_text(
    const Chain& chain);  ///< a table of the stages, and the verdict as the last line

}  // namespace sluice::report
