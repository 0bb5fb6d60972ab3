// SPDX-License-Identifier: Apache-2.0
#include "base/sha256.hpp"
#include "diag/describe.hpp"
#include "diag/escape.hpp"
#include "diag/json.hpp"
#include "diag/write.hpp"

#include <map>

namespace sluice::diag {

namespace {

std::string_view code_quality_severity(Severity severity) {
  switch (severity) {
    case Severity::error:
      return "critical";
    case Severity::warning:
      return "minor";
    case Severity::note:
      return "info";
  }
  return "critical";
}

Json entry(const std::string& description,
           const std::string& check,
           std::string_view severity,
           const Location& location,
           const std::string& print) {
  // The path and the first line are required; "." and 1 stand for the repository as a whole.
  return {{"description", description},
          {"check_name", check},
          {"fingerprint", print},
          {"severity", severity},
          {"location",
           {{"path", location.file.empty() ? "." : one_line(location.file)},
            {"lines", {{"begin", location.line == 0 ? 1 : location.line}}}}}};
}

std::string describe(const Finding& finding) {
  const std::string subject = describe_subject(finding);
  return one_line(finding.message) + (subject.empty() ? "" : " in " + subject) +
         (finding.hint.empty() ? "" : " (" + one_line(finding.hint) + ')');
}

}  // namespace

std::string to_gitlab(const Report& report) {
  Json entries = Json::array();
  std::map<std::string, std::size_t> seen;
  for (const Finding& finding : report.findings) {
    std::string print = fingerprint(finding);
    // Two that differ in their lines only share a fingerprint, and GitLab would show one of them.
    if (const std::size_t earlier = seen[print]++; earlier != 0) {
      print = hex(sha256(print + '#' + std::to_string(earlier))).substr(0, 16);
    }
    entries.push_back(entry(describe(finding), one_line(finding.code),
                            code_quality_severity(finding.severity), finding.location, print));
  }
  for (const std::string& reason : report.no_verdict) {
    entries.push_back(entry("no verdict: " + one_line(reason), "no-verdict", "blocker", {},
                            hex(sha256("no verdict " + reason)).substr(0, 16)));
  }
  for (const std::string& skipped : report.skipped) {
    entries.push_back(entry("skipped: " + one_line(skipped), "skipped", "info", {},
                            hex(sha256("skipped " + skipped)).substr(0, 16)));
  }
  return dump(entries);
}

}  // namespace sluice::diag
