// SPDX-License-Identifier: Apache-2.0
// pip-audit's JSON, with the list of dependencies at the top (before 2.0) or within an object. It
// knows no severities, and calls it clean when it could audit nothing.
#include "base/text.hpp"
#include "gate/formats.hpp"

namespace sluice::gate {

Result<Report> read_pip_audit(std::string_view bytes) {
  yaml::Value parsed;
  SLUICE_TRY_ASSIGN(parsed, read_json_value(bytes));
  const yaml::Value& root = parsed;
  const bool is_old = root.kind == yaml::Kind::sequence;
  const yaml::Value* const dependencies = is_old ? &root : root.find("dependencies");
  if (dependencies == nullptr || dependencies->kind != yaml::Kind::sequence) {
    return refused("wrong file: no pip-audit report, which has a list of dependencies");
  }
  Report report{.tool = "pip-audit", .schema = is_old ? "1" : "2"};
  report.looked_for.insert(Class::vulnerability);
  std::uint64_t skipped = 0;
  for (const yaml::Value& dependency : dependencies->items) {
    const yaml::Value* const vulns = dependency.find("vulns");
    if (dependency.text_at({"name"}).empty() ||
        (vulns == nullptr) == (dependency.find("skip_reason") == nullptr)) {
      return refused(
          "wrong file: no pip-audit report: a dependency lacks name, vulns or "
          "skip_reason");
    }
    if (vulns == nullptr) {
      ++skipped;
      continue;
    }
    report.coverage.packages = report.coverage.packages.value_or(0) + 1;
    for (const yaml::Value& vuln : vulns->items) {
      Finding finding{.id = std::string(vuln.text_at({"id"}))};
      finding.package = dependency.text_at({"name"});
      finding.version = dependency.text_at({"version"});
      if (const yaml::Value* const fixed = vuln.find("fix_versions")) {
        for (const yaml::Value& version : fixed->items) {
          finding.fixed.push_back(version.text);
        }
      }
      if (const yaml::Value* const aliases = vuln.find("aliases")) {
        for (const yaml::Value& alias : aliases->items) {
          finding.aliases.push_back(alias.text);
        }
      }
      if (finding.id.empty()) {
        return refused("changed schema: a vulnerability has no id");
      }
      report.findings.push_back(std::move(finding));
    }
  }
  if (!report.coverage.packages) {
    report.coverage.packages = 0;
    report.doubts.push_back(
        "nothing scanned: " +
        (skipped == 0 ? "no dependencies"
                      : "all of " + text::counted(skipped, "package") + " were skipped"));
  } else if (skipped != 0) {
    report.doubts.push_back("partly scanned: " + text::counted(skipped, "package") +
                            " could not be audited");
  }
  return report;
}

}  // namespace sluice::gate
