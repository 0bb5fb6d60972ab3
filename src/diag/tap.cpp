// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "diag/describe.hpp"
#include "diag/escape.hpp"
#include "diag/json.hpp"
#include "diag/write.hpp"

namespace sluice::diag {

namespace {

/// '#' would begin a directive.
std::string description(std::string_view untrusted) {
  return text::replace_all(one_line(untrusted), "#", "\\#");
}

/// A JSON string is a YAML scalar, and never spans lines.
std::string scalar(const std::string& untrusted) {
  return Json(untrusted).dump(-1, ' ', true, Json::error_handler_t::replace);
}

void append(std::string& out, const Finding& finding, std::size_t number) {
  const std::string place = describe_place(finding.location);
  out += finding.severity == Severity::error ? "not ok " : "ok ";
  out += std::to_string(number) + " - " + (place.empty() ? "" : description(place) + ": ") +
         description(finding.message) + '\n';
  out += "  ---\n  code: " + scalar(finding.code) + '\n';
  out += "  severity: " + std::string(name(finding.severity)) + '\n';
  if (const std::string subject = describe_subject(finding); !subject.empty()) {
    out += "  in: " + scalar(subject) + '\n';
  }
  if (!finding.hint.empty()) {
    out += "  hint: " + scalar(finding.hint) + '\n';
  }
  out += "  ...\n";
}

}  // namespace

std::string to_tap(const Report& report) {
  const std::size_t tests = report.findings.size() + report.skipped.size();
  std::string out = "TAP version 13\n1.." + std::to_string(tests == 0 ? 1 : tests) + '\n';
  std::size_t number = 0;
  for (const Finding& finding : report.findings) {
    append(out, finding, ++number);
  }
  for (const std::string& skipped : report.skipped) {
    out += "ok " + std::to_string(++number) + " - skipped # SKIP " + description(skipped) + '\n';
  }
  for (const std::string& reason : report.no_verdict) {
    out += "Bail out! no verdict: " + one_line(reason) + '\n';
  }
  if (tests == 0 && report.no_verdict.empty()) {
    out += "ok 1 - " + description(report.tool) + '\n';
  }
  return out + "# " + one_line(describe_summary(report)) + '\n';
}

}  // namespace sluice::diag
