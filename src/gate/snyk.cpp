// SPDX-License-Identifier: Apache-2.0
// snyk test --json: one project, or a list with --all-projects. A finding is there once for each
// path that leads to it; `severity` never says critical, severityWithCritical does.
#include "base/text.hpp"
#include "gate/formats.hpp"

#include <algorithm>
#include <set>

namespace sluice::gate {
namespace {

class SnykReader {
 public:
  Result<Report> run(const yaml::Value& root) {
    report_.tool = "Snyk";
    report_.looked_for.insert(Class::vulnerability);
    report_.coverage.packages = 0;
    if (root.kind == yaml::Kind::sequence) {
      for (const yaml::Value& one : root.items) {
        project(one);
      }
    } else {
      project(root);
    }
    if (!problem_.empty()) {
      return refused(problem_);
    }
    if (report_.coverage.packages == 0) {
      report_.doubts.emplace_back("nothing scanned: no dependencies");
    }
    return std::move(report_);
  }

 private:
  void note(std::string problem) {
    if (problem_.empty()) {
      problem_ = std::move(problem);
    }
  }

  void project(const yaml::Value& root) {
    if (!root.text_at({"error"}).empty()) {
      note("scanner failed: " + text::printable(root.text_at({"error"}), 120));
      return;
    }
    const yaml::Value* const entries = root.find("vulnerabilities");
    if (entries == nullptr || root.find("ok") == nullptr ||
        root.find("dependencyCount") == nullptr) {
      note("wrong file: no Snyk report, which has ok, dependencyCount and vulnerabilities");
      return;
    }
    if (entries->kind != yaml::Kind::sequence) {
      note("null results: vulnerabilities is no list");
      return;
    }
    *report_.coverage.packages += whole(root.find("dependencyCount"));
    const std::string target(root.text_at({"displayTargetFile"}));
    std::set<std::string> seen;
    std::set<std::string> ids;
    for (const yaml::Value& entry : entries->items) {
      Finding one = finding(entry, target);
      ids.insert(one.id);
      if (seen.insert(one.id + '\n' + one.package + '\n' + one.version).second) {
        report_.findings.push_back(std::move(one));
      }
    }
    if (whole(root.find("uniqueCount")) > ids.size()) {
      report_.doubts.push_back("cut short: uniqueCount is " +
                               std::to_string(whole(root.find("uniqueCount"))) + ", and " +
                               std::to_string(ids.size()) + " are there");
    }
    const yaml::Value* const ignored = root.find({"filtered", "ignore"});
    for (const yaml::Value& entry :
         ignored == nullptr ? std::vector<yaml::Value>() : ignored->items) {
      report_.findings.push_back(finding(entry, target));
      report_.findings.back().suppressed = "ignored by Snyk";
    }
  }

  Finding finding(const yaml::Value& entry, const std::string& target) {
    Finding finding{.id = std::string(entry.text_at({"id"}))};
    finding.what = entry.text_at({"type"}) == "license" ? Class::license : Class::vulnerability;
    const std::string_view critical = entry.text_at({"severityWithCritical"});
    finding.severity =
        severity_or(critical.empty() ? entry.text_at({"severity"}) : critical, problem_);
    finding.highest = finding.severity;
    finding.package = entry.text_at({"packageName"});
    finding.version = entry.text_at({"version"});
    finding.path = target;
    finding.title = text::printable(entry.text_at({"title"}), 120);
    finding.published = entry.text_at({"publicationTime"});
    for (const std::string_view kind : {"CVE", "GHSA"}) {
      if (const yaml::Value* const names = entry.find({"identifiers", kind})) {
        for (const yaml::Value& name : names->items) {
          finding.aliases.push_back(name.text);
        }
      }
    }
    if (const yaml::Value* const fixed = entry.find("fixedIn")) {
      for (const yaml::Value& version : fixed->items) {
        finding.fixed.push_back(version.text);
      }
    }
    if (finding.id.empty()) {
      note("changed schema: a vulnerability has no id");
    }
    return finding;
  }

  Report report_;
  std::string problem_;
};

}  // namespace

Result<Report> read_snyk(std::string_view bytes) {
  yaml::Value parsed;
  SLUICE_TRY_ASSIGN(parsed, read_json_value(bytes));
  const yaml::Value& root = parsed;
  return SnykReader().run(root);
}

}  // namespace sluice::gate
