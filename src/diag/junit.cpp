// SPDX-License-Identifier: Apache-2.0
#include "diag/describe.hpp"
#include "diag/escape.hpp"
#include "diag/write.hpp"

namespace sluice::diag {

namespace {

std::string open_case(const std::string& group, const std::string& name) {
  return "    <testcase classname=\"" + xml(group) + "\" name=\"" + xml(name) + "\">\n";
}

void append_case(std::string& out, const Report& report, const Finding& finding) {
  const std::string place = describe_place(finding.location);
  const std::string subject = describe_subject(finding);
  // Readers keep a test's history by its name: no line numbers in it.
  const std::string object = to_string(finding.object);
  out += open_case(finding.location.file.empty() ? report.tool : finding.location.file,
                   finding.code + (object.empty() ? "" : " " + object) + finding.path);
  const std::string body = (place.empty() ? "" : xml(place) + ": ") + xml(finding.message) +
                           (subject.empty() ? "" : "\nin " + xml(subject)) +
                           (finding.hint.empty() ? "" : "\nhint: " + xml(finding.hint));
  if (finding.severity == Severity::error) {
    out += "      <failure type=\"" + xml(finding.code) + "\" message=\"" + xml(finding.message) +
           "\">" + body + "</failure>\n";
  } else {
    out += "      <system-out>" + std::string(name(finding.severity)) + ": " + body +
           "</system-out>\n";
  }
  out += "    </testcase>\n";
}

}  // namespace

std::string to_junit(const Report& report) {
  const Counts counts = count(report);
  std::string cases;
  std::size_t tests = report.findings.size() + report.no_verdict.size() + report.skipped.size();
  for (const Finding& finding : report.findings) {
    append_case(cases, report, finding);
  }
  for (const std::string& skipped : report.skipped) {
    cases += open_case(report.tool, "skipped") + "      <skipped message=\"" + xml(skipped) +
             "\"/>\n    </testcase>\n";
  }
  for (const std::string& reason : report.no_verdict) {
    cases += open_case(report.tool, "verdict") + "      <error type=\"no-verdict\" message=\"" +
             xml(reason) + "\"/>\n    </testcase>\n";
  }
  if (tests == 0) {
    tests = 1;
    cases += open_case(report.tool, describe_summary(report)) + "    </testcase>\n";
  }
  const std::string totals = " tests=\"" + std::to_string(tests) + "\" failures=\"" +
                             std::to_string(counts.errors) + "\" errors=\"" +
                             std::to_string(report.no_verdict.size()) + "\" skipped=\"" +
                             std::to_string(report.skipped.size()) + '"';
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites" + totals +
         ">\n  <testsuite name=\"" + xml(report.tool) + '"' + totals + ">\n" + cases +
         "  </testsuite>\n</testsuites>\n";
}

}  // namespace sluice::diag
