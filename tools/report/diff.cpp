// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "config/config.hpp"
#include "manifests/input.hpp"
#include "report/commands.hpp"
#include "report/plan.hpp"

#include <ostream>

namespace sluice::report {

namespace {

Result<yaml::Stream> read_stream(const std::string& file,
                                 std::string_view flag,
                                 const yaml::Limits& limits,
                                 unsigned jobs) {
  if (file.empty()) {
    return Error{Error::Kind::usage, "diff wants --" + std::string(flag) + " STREAM"};
  }
  return manifests::read_stream(manifests::input_of(file), limits, jobs);
}

/// What of the base cannot be read is no fault of the change, but the plan must not hide it.
void note_unread(const std::vector<diag::Finding>& findings, diag::Report& report) {
  for (const diag::Finding& finding : findings) {
    report.skipped.push_back("base: " + text::printable(finding.location.file) + ':' +
                             std::to_string(finding.location.line) + ": " +
                             text::printable(finding.message));
  }
}

/// Objects that render left out on one side look added or removed here.
void note_left_out(const yaml::Stream& stream, std::string_view side, diag::Report& report) {
  if (stream.skipped != 0) {
    report.skipped.push_back(
        std::string(side) + ": render left out " + std::to_string(stream.skipped) +
        ", so what belongs to them may look " + (side == "head" ? "removed" : "added"));
  }
}

/// Removals expire, and so does the permission to go without the time.
Result<std::string> today(const config::Config& config, const cli::Common& common) {
  if (!common.now.empty()) {
    return config::utc_day(common.now);
  }
  if (config.removals.empty()) {
    return std::string();
  }
  return Error{Error::Kind::usage,
               config.file + " has removals, and they expire: give the time with --now"};
}

std::string print(const Plan& plan, const std::string& form) {
  return form == "json" ? to_json(plan) : form == "text" ? to_text(plan) : to_markdown(plan);
}

}  // namespace

Result<diag::Report> run_diff(const DiffOptions& options,
                              const cli::Common& common,
                              std::ostream& product) {
  if (!common.inputs.empty()) {
    return Error{Error::Kind::usage, "diff takes its streams from --base and --head"};
  }
  config::Config config;
  SLUICE_TRY_ASSIGN(config, config::load(common.config, "."));
  std::string day;
  SLUICE_TRY_ASSIGN(day, today(config, common));
  Side base;
  Side head;
  SLUICE_TRY_ASSIGN(base.stream, read_stream(options.base, "base", options.limits, common.jobs));
  SLUICE_TRY_ASSIGN(head.stream, read_stream(options.head, "head", options.limits, common.jobs));
  diag::Report report{.tool = "sluice-report", .findings = head.stream.findings, .now = common.now};
  std::vector<diag::Finding> unread = base.stream.findings;
  base.resources = k8s::resources(base.stream, unread);
  head.resources = k8s::resources(head.stream, report.findings);
  note_unread(unread, report);
  note_left_out(base.stream, "base", report);
  note_left_out(head.stream, "head", report);

  Plan plan = compare(base, head);
  for (diag::Finding& finding : judge_removals(plan, base, head, config, day)) {
    report.findings.push_back(std::move(finding));
  }
  report.summary = {"the plan: " + plan.sentence()};
  SLUICE_TRY(config::apply_ignores(config, common.now, report));
  SLUICE_TRY(cli::apply(options.living_with, report));
  product << print(plan, options.form);
  return report;
}

}  // namespace sluice::report
