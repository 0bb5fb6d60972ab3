// SPDX-License-Identifier: Apache-2.0
// GitLab's security reports (security-report-schemas 14 and 15): container, dependency and secret
// scanning, static analysis. Older ones do not say whether the scan succeeded.
#include "base/text.hpp"
#include "gate/formats.hpp"
#include "image/reference.hpp"

namespace sluice::gate {
namespace {

Finding finding_of(const yaml::Value& entry, Class what, Report& report, std::string& problem) {
  Finding finding{.what = what};
  if (const yaml::Value* const identifiers = entry.find("identifiers")) {
    for (const yaml::Value& identifier : identifiers->items) {
      const std::string value(identifier.text_at({"value"}));
      if (finding.id.empty()) {
        finding.id = value;
      } else if (!value.empty()) {
        finding.aliases.push_back(value);
      }
    }
  }
  finding.severity = severity_or(entry.text_at({"severity"}), problem);
  finding.highest = finding.severity;
  finding.path = plain_path(entry.text_at({"location", "file"}));
  finding.line = static_cast<std::uint32_t>(whole(entry.find({"location", "start_line"})));
  finding.package = entry.text_at({"location", "dependency", "package", "name"});
  finding.version = entry.text_at({"location", "dependency", "version"});
  finding.title = text::printable(entry.text_at({"name"}), 120);
  if (const std::string solution(entry.text_at({"solution"}));
      solution.starts_with("Upgrade ") || solution.starts_with("upgrade ")) {
    finding.fixed.push_back(text::printable(solution.substr(solution.rfind(' ') + 1), 60));
  }
  const std::string image(entry.text_at({"location", "image"}));
  if (const std::size_t at = image.rfind('@');
      at != std::string::npos && image::is_digest(image.substr(at + 1))) {
    report.subject.digests = {image.substr(at + 1)};
  }
  if (finding.id.empty() && problem.empty()) {
    problem = "changed schema: a vulnerability has no identifiers";
  }
  return finding;
}

}  // namespace

Result<Report> read_gitlab(std::string_view bytes) {
  yaml::Value parsed;
  SLUICE_TRY_ASSIGN(parsed, read_json_value(bytes));
  const yaml::Value& root = parsed;
  const std::string version(root.text_at({"version"}));
  const yaml::Value* const entries = root.find("vulnerabilities");
  if (version.empty() || entries == nullptr) {
    return refused("wrong file: no GitLab report, which has version and vulnerabilities");
  }
  if (!version.starts_with("14.") && !version.starts_with("15.")) {
    return refused("changed schema: version " + text::printable(version, 40) +
                   ", and 14 and 15 are known");
  }
  if (root.find("scan") == nullptr) {
    return refused("changed schema: a GitLab report without scan, which says whether it succeeded");
  }
  if (entries->kind != yaml::Kind::sequence) {
    return refused("null results: vulnerabilities is no list");
  }
  Report report{.tool = std::string(root.text_at({"scan", "scanner", "name"})),
                .tool_version = std::string(root.text_at({"scan", "scanner", "version"})),
                .schema = version};
  // In UTC, without saying so: "2026-11-20T10:00:00".
  report.created = root.text_at({"scan", "end_time"});
  report.created += report.created.empty() || report.created.ends_with('Z') ? "" : "Z";
  const std::string status(root.text_at({"scan", "status"}));
  if (status != "success") {
    report.doubts.push_back("scanner failed: scan.status is " + text::quoted(status, 40));
  }
  const std::string type(root.text_at({"scan", "type"}));
  const Class what = type == "sast"               ? Class::code
                     : type == "secret_detection" ? Class::secret
                                                  : Class::vulnerability;
  report.looked_for.insert(what);
  if (const yaml::Value* const files = root.find("dependency_files")) {
    report.coverage.files = files->items.size();
  }
  std::string problem;
  for (const yaml::Value& entry : entries->items) {
    report.findings.push_back(finding_of(entry, what, report, problem));
  }
  if (!problem.empty()) {
    return refused(problem);
  }
  return report;
}

}  // namespace sluice::gate
