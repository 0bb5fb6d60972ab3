// SPDX-License-Identifier: Apache-2.0
#include "cost-proxy/outputs.hpp"

#include "cli/set.hpp"
#include "cost-proxy/comment.hpp"
#include "cost-proxy/metrics.hpp"
#include "cost-proxy/page.hpp"
#include "io/files.hpp"

namespace sluice::cost_proxy {

void add_output_flags(Outputs& outputs, std::vector<cli::Flag>& flags) {
  using cli::Arity;
  using cli::into;
  flags.push_back({"data", 0, Arity::one, "FILE",
                   "Write what --format json prints, for post --from", into(outputs.data)});
  flags.push_back({"page", 0, Arity::one, "FILE",
                   "Write an HTML page with bars by environment and team", into(outputs.page)});
  flags.push_back({"metrics", 0, Arity::one, "FILE",
                   "Write totals as OpenMetrics, for GitLab's reports: metrics",
                   into(outputs.metrics)});
  flags.push_back({"job-summary", 0, Arity::one, "FILE",
                   "Add the comment to this file (\"$GITHUB_STEP_SUMMARY\")",
                   into(outputs.job_summary)});
}

Status write_outputs(const Outputs& outputs, const cost::Report& report) {
  if (!outputs.data.empty()) {
    SLUICE_TRY(io::write_atomically(outputs.data, cost::to_json(report)));
  }
  if (!outputs.page.empty()) {
    SLUICE_TRY(io::write_atomically(outputs.page, page(report)));
  }
  if (!outputs.metrics.empty()) {
    SLUICE_TRY(io::write_atomically(outputs.metrics, metrics(report)));
  }
  if (outputs.job_summary.empty()) {
    return ok;
  }
  std::string before;
  if (io::exists(outputs.job_summary)) {
    SLUICE_TRY_ASSIGN(before, io::read_file(outputs.job_summary));
  }
  const std::size_t room = job_summary > before.size() ? job_summary - before.size() : 0;
  return io::write_atomically(outputs.job_summary, before + comment(report, room));
}

}  // namespace sluice::cost_proxy
