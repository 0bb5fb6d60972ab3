// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/tool.hpp"
#include "cost/report.hpp"

#include <string>
#include <vector>

namespace sluice::cost_proxy {

/// Files that show a report and need no token; empty: not wanted.
struct Outputs {
  std::string data;         ///< what `post --from` reads, beside whatever --format prints
  std::string page;         ///< HTML
  std::string metrics;      ///< OpenMetrics, for GitLab
  std::string job_summary;  ///< Markdown is added at its end: GITHUB_STEP_SUMMARY
};

void add_output_flags(Outputs& outputs, std::vector<cli::Flag>& flags);

/// Errors: as io::write_atomically.
Status write_outputs(const Outputs& outputs, const cost::Report& report);

}  // namespace sluice::cost_proxy
