// SPDX-License-Identifier: Apache-2.0
#include "diag/describe.hpp"
#include "diag/escape.hpp"
#include "diag/write.hpp"

namespace sluice::diag {

namespace {

constexpr std::string_view line_break = "%0A";

void append(std::string& out, const Finding& finding) {
  out += finding.severity == Severity::note ? "::notice "
                                            : "::" + std::string(name(finding.severity)) + ' ';
  if (!finding.location.file.empty()) {
    out += "file=" + workflow_property(finding.location.file);
    if (finding.location.line != 0) {
      out += ",line=" + std::to_string(finding.location.line);
      if (finding.location.column != 0) {
        out += ",col=" + std::to_string(finding.location.column);
      }
    }
    out += ',';
  }
  out += "title=" + workflow_property(finding.code) + "::" + workflow_data(finding.message);
  if (const std::string subject = describe_subject(finding); !subject.empty()) {
    out += std::string(line_break) + "in " + workflow_data(subject);
  }
  if (!finding.hint.empty()) {
    out += std::string(line_break) + "hint: " + workflow_data(finding.hint);
  }
  out += '\n';
}

}  // namespace

/// Every line is a command of ours, the summary too: the runner also looks for the old form,
/// "##[command]", but only in lines that are not commands, and there anywhere.
std::string to_github(const Report& report) {
  std::string out;
  for (const Finding& finding : report.findings) {
    append(out, finding);
  }
  for (const std::string& skipped : report.skipped) {
    out += "::warning title=skipped::" + workflow_data(skipped) + '\n';
  }
  for (const std::string& reason : report.no_verdict) {
    out += "::error title=no verdict::" + workflow_data(reason) + '\n';
  }
  return out + "::notice title=" + workflow_property(report.tool) +
         "::" + workflow_data(describe_summary(report)) + '\n';
}

}  // namespace sluice::diag
