// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "io/files.hpp"
#include "promote/commands.hpp"
#include "promote/inventory.hpp"
#include "promote/site.hpp"

namespace sluice::promote {

namespace {

/// Environments that nothing can be promoted to, because no file is theirs.
Result<std::vector<diag::Finding>> find_empty(Tree& tree,
                                              const config::Config& config,
                                              diag::Report& report) {
  const Environments environments(config);
  std::vector<diag::Finding> findings;
  std::size_t things = 0;
  for (const std::string& name : environments.names()) {
    std::vector<Entry> entries;
    SLUICE_TRY_ASSIGN(entries, inventory(tree, environments, name));
    things += entries.size();
    if (entries.empty()) {
      findings.push_back(
          {.location = {.file = config.file, .line = 0, .column = 0},
           .code = "promote/nowhere",
           .severity = diag::Severity::warning,
           .message = "no image or model stands in the files of " + name +
                      ", so nothing can be promoted to it",
           .hint = "name its files under promote.environments[].paths in sluice.yaml",
           .env = name});
    }
  }
  report.summary = {text::counted(environments.names().size(), "environment"),
                    text::counted(things, "version")};
  return findings;
}

}  // namespace

Result<diag::Report> run_check(const Settings& options,
                               const cli::Common& common,
                               std::ostream& /*product*/) {
  if (common.inputs.size() > 1) {
    return Error{Error::Kind::usage, "check takes one folder"};
  }
  const std::string root = common.inputs.empty() ? "." : common.inputs.front();
  for (const std::string& folder : {root, options.base.empty() ? root : options.base}) {
    if (io::kind_of(folder) == io::EntryKind::other || !io::exists(folder)) {
      return Error{Error::Kind::not_found, text::printable(folder) + " is no folder"};
    }
  }
  FolderTree head(root);
  config::Config config;
  SLUICE_TRY_ASSIGN(config, config_of(head, common));
  diag::Report report;
  SLUICE_TRY_ASSIGN(report.findings, find_empty(head, config, report));
  if (options.base.empty()) {
    report.summary.emplace_back("no base to compare with");
    return report;
  }
  time::Seconds now;
  SLUICE_TRY_ASSIGN(now, clock_of(common));
  FolderTree base(options.base);
  std::vector<diag::Finding> against;
  SLUICE_TRY_ASSIGN(against, judge_change(base, head, config, now));
  report.findings.insert(report.findings.end(), against.begin(), against.end());
  report.now = common.now;
  return report;
}

}  // namespace sluice::promote
