// SPDX-License-Identifier: Apache-2.0
// Semgrep's JSON. It ends with 0 whatever it finds, unless --error is given.
#include "base/text.hpp"
#include "gate/formats.hpp"

#include <algorithm>

namespace sluice::gate {
namespace {

Finding finding_of(const yaml::Value& result, std::string& problem) {
  Finding finding{.id = std::string(result.text_at({"check_id"})), .what = Class::code};
  finding.severity = severity_or(result.text_at({"extra", "severity"}), problem);
  finding.highest = finding.severity;
  finding.path = plain_path(result.text_at({"path"}));
  finding.line = static_cast<std::uint32_t>(whole(result.find({"start", "line"})));
  // The id begins with the folder of the file of rules, which moves.
  if (const std::size_t dot = finding.id.rfind('.'); dot != std::string::npos) {
    finding.aliases.push_back(finding.id.substr(dot + 1));
  }
  const yaml::Value* const ignored = result.find({"extra", "is_ignored"});
  finding.suppressed = ignored != nullptr && ignored->is_true() ? "nosemgrep" : "";
  if (finding.id.empty() && problem.empty()) {
    problem = "changed schema: a result has no check_id";
  }
  return finding;
}

}  // namespace

Result<Report> read_semgrep(std::string_view bytes) {
  yaml::Value parsed;
  SLUICE_TRY_ASSIGN(parsed, read_json_value(bytes));
  const yaml::Value& root = parsed;
  const yaml::Value* const results = root.find("results");
  const yaml::Value* const errors = root.find("errors");
  if (results == nullptr || errors == nullptr || root.find("paths") == nullptr) {
    return refused("wrong file: no Semgrep report, which has results, errors and paths");
  }
  if (root.text_at({"version"}).empty()) {
    return refused("changed schema: a Semgrep report without version");
  }
  if (results->kind != yaml::Kind::sequence) {
    return refused("null results: results is no list");
  }
  Report report{.tool = "Semgrep", .tool_version = std::string(root.text_at({"version"}))};
  report.looked_for.insert(Class::code);
  if (const yaml::Value* const scanned = root.find({"paths", "scanned"})) {
    report.coverage.files = scanned->items.size();
    if (scanned->items.empty()) {
      report.doubts.emplace_back("nothing scanned: paths.scanned is empty");
    }
  }
  const auto failed = std::ranges::count_if(errors->items, [](const yaml::Value& error) {
    return text::to_lower(error.text_at({"level"})) == "error";
  });
  if (failed != 0) {
    report.doubts.push_back("partly scanned: " +
                            text::counted(static_cast<std::size_t>(failed), "error"));
  }
  std::string problem;
  for (const yaml::Value& result : results->items) {
    report.findings.push_back(finding_of(result, problem));
  }
  if (!problem.empty()) {
    return refused(problem);
  }
  return report;
}

}  // namespace sluice::gate
