// SPDX-License-Identifier: Apache-2.0
// Bandit's JSON. It ends with 0 for a path that is not there: its errors and lines of code count.
#include "base/text.hpp"
#include "gate/formats.hpp"

#include <algorithm>

namespace sluice::gate {

Result<Report> read_bandit(std::string_view bytes) {
  yaml::Value parsed;
  SLUICE_TRY_ASSIGN(parsed, read_json_value(bytes));
  const yaml::Value& root = parsed;
  const yaml::Value* const results = root.find("results");
  const yaml::Value* const totals = root.find({"metrics", "_totals"});
  const yaml::Value* const errors = root.find("errors");
  if (results == nullptr || totals == nullptr || errors == nullptr) {
    return refused("wrong file: no Bandit report, which has errors, metrics._totals and results");
  }
  if (results->kind != yaml::Kind::sequence || errors->kind != yaml::Kind::sequence) {
    return refused("null results: results or errors is no list");
  }
  Report report{.tool = "Bandit", .created = std::string(root.text_at({"generated_at"}))};
  report.looked_for.insert(Class::code);
  report.coverage.files = root.find("metrics")->members.size() - 1;
  if (whole(totals->find("loc")) == 0) {
    report.doubts.emplace_back("nothing scanned: no lines of code");
  }
  if (!errors->items.empty()) {
    report.doubts.push_back("partly scanned: " + text::counted(errors->items.size(), "error") +
                            ", such as " +
                            text::printable(errors->items.front().text_at({"filename"}), 80) +
                            ": " + text::printable(errors->items.front().text_at({"reason"}), 80));
  }
  std::string problem;
  for (const yaml::Value& result : results->items) {
    Finding finding{.id = std::string(result.text_at({"test_id"})), .what = Class::code};
    finding.severity = severity_or(result.text_at({"issue_severity"}), problem);
    finding.highest = finding.severity;
    finding.path = plain_path(result.text_at({"filename"}));
    finding.line = static_cast<std::uint32_t>(whole(result.find("line_number")));
    finding.title = text::printable(result.text_at({"test_name"}), 120);
    if (finding.id.empty()) {
      return refused("changed schema: a result has no test_id");
    }
    report.findings.push_back(std::move(finding));
  }
  // "# nosec" hides findings that are not in the report, only counted.
  const std::uint64_t hidden = whole(totals->find("nosec")) + whole(totals->find("skipped_tests"));
  for (std::uint64_t i = 0; i < std::min<std::uint64_t>(hidden, 100'000); ++i) {
    report.findings.push_back({.id = "nosec", .what = Class::code, .suppressed = "nosec"});
  }
  if (!problem.empty()) {
    return refused(problem);
  }
  return report;
}

}  // namespace sluice::gate
