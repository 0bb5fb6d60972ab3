// SPDX-License-Identifier: Apache-2.0
#include "diag/describe.hpp"
#include "diag/escape.hpp"
#include "diag/write.hpp"

namespace sluice::diag {

namespace {

/// A job summary may hold 1,024 KiB; rows beyond this are counted, not shown.
constexpr std::size_t longest_table = 900 * 1024;

std::string row(const Finding& finding) {
  std::string text = "| " + std::string(name(finding.severity)) + " | " +
                     markdown_code(describe_place(finding.location)) + " | " +
                     markdown_code(finding.message);
  if (!finding.hint.empty()) {
    text += "<br/>hint: " + markdown_code(finding.hint);
  }
  return text + " | " + markdown_code(describe_subject(finding)) + " | " +
         markdown_code(finding.code) + " |\n";
}

}  // namespace

std::string to_markdown(const Report& report) {
  std::string out =
      "### " + markdown(report.tool) + ": " + markdown(describe_summary(report)) + '\n';
  for (const std::string& reason : report.no_verdict) {
    out += "\n**No verdict:** " + markdown_code(reason) + '\n';
  }
  if (!report.findings.empty()) {
    out += "\n| severity | place | finding | object | code |\n|---|---|---|---|---|\n";
  }
  std::size_t shown = 0;
  for (const Finding& finding : report.findings) {
    const std::string line = row(finding);
    if (out.size() + line.size() > longest_table) {
      break;
    }
    out += line;
    ++shown;
  }
  if (shown < report.findings.size()) {
    out += "\n" + std::to_string(report.findings.size() - shown) +
           " more findings are not shown here.\n";
  }
  if (!report.skipped.empty()) {
    out +=
        "\n<details><summary>" + std::to_string(report.skipped.size()) + " skipped</summary>\n\n";
    for (const std::string& skipped : report.skipped) {
      out += "- " + markdown_code(skipped) + '\n';
    }
    out += "\n</details>\n";
  }
  return out;
}

}  // namespace sluice::diag
