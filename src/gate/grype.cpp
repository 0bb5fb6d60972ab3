// SPDX-License-Identifier: Apache-2.0
// Grype's JSON: the only report that says of when its advisories are.
#include "base/text.hpp"
#include "gate/formats.hpp"
#include "image/reference.hpp"

namespace sluice::gate {
namespace {

Finding finding_of(const yaml::Value& match, std::string& problem) {
  Finding finding{.id = std::string(match.text_at({"vulnerability", "id"}))};
  finding.severity = severity_or(match.text_at({"vulnerability", "severity"}), problem);
  finding.highest = finding.severity;
  finding.package = match.text_at({"artifact", "name"});
  finding.version = match.text_at({"artifact", "version"});
  finding.purl = match.text_at({"artifact", "purl"});
  finding.status = match.text_at({"vulnerability", "fix", "state"});
  if (const yaml::Value* const versions = match.find({"vulnerability", "fix", "versions"})) {
    for (const yaml::Value& version : versions->items) {
      finding.fixed.push_back(version.text);
    }
  }
  if (const yaml::Value* const related = match.find("relatedVulnerabilities")) {
    for (const yaml::Value& one : related->items) {
      finding.aliases.emplace_back(one.text_at({"id"}));
    }
  }
  if (const yaml::Value* const places = match.find({"artifact", "locations"});
      places != nullptr && !places->items.empty()) {
    finding.path = plain_path(places->items.front().text_at({"path"}));
  }
  if (finding.id.empty() && problem.empty()) {
    problem = "changed schema: a match has no vulnerability.id";
  }
  return finding;
}

void read_subject(const yaml::Value& root, Report& report) {
  const yaml::Value* const target = root.find({"source", "target"});
  if (target == nullptr) {
    return;
  }
  report.subject.name = target->text_at({"userInput"});
  report.subject.image_id = target->text_at({"imageID"});
  if (const std::string digest(target->text_at({"manifestDigest"})); image::is_digest(digest)) {
    report.subject.digests.push_back(digest);
  }
  if (const yaml::Value* const digests = target->find("repoDigests")) {
    for (const yaml::Value& one : digests->items) {
      const std::size_t at = one.text.rfind('@');
      if (at != std::string::npos && image::is_digest(one.text.substr(at + 1))) {
        report.subject.digests.push_back(one.text.substr(at + 1));
      }
    }
  }
}

}  // namespace

Result<Report> read_grype(std::string_view bytes) {
  yaml::Value parsed;
  SLUICE_TRY_ASSIGN(parsed, read_json_value(bytes));
  const yaml::Value& root = parsed;
  const yaml::Value* const matches = root.find("matches");
  if (matches == nullptr || root.text_at({"descriptor", "name"}) != "grype") {
    return refused("wrong file: no Grype report, which has matches and descriptor.name grype");
  }
  if (matches->kind != yaml::Kind::sequence) {
    return refused("null results: matches is no list");
  }
  Report report{.tool = "Grype",
                .tool_version = std::string(root.text_at({"descriptor", "version"})),
                .created = std::string(root.text_at({"descriptor", "timestamp"}))};
  for (const auto& built : {root.text_at({"descriptor", "db", "built"}),
                            root.text_at({"descriptor", "db", "status", "built"})}) {
    report.database_date += report.database_date.empty() ? built : "";
  }
  report.looked_for.insert(Class::vulnerability);
  report.operating_system = root.text_at({"distro", "name"});
  read_subject(root, report);
  std::string problem;
  for (const yaml::Value& match : matches->items) {
    report.findings.push_back(finding_of(match, problem));
  }
  if (const yaml::Value* const ignored = root.find("ignoredMatches")) {
    for (const yaml::Value& match : ignored->items) {
      report.findings.push_back(finding_of(match, problem));
      report.findings.back().suppressed = "ignored by Grype";
    }
  }
  if (report.findings.empty() && report.operating_system.empty()) {
    report.doubts.emplace_back("nothing scanned: no matches and no distribution");
  }
  if (!problem.empty()) {
    return refused(problem);
  }
  return report;
}

}  // namespace sluice::gate
