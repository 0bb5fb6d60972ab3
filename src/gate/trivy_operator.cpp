// SPDX-License-Identifier: Apache-2.0
// Reports that the Trivy operator keeps in a cluster (aquasecurity.github.io/v1alpha1), one object,
// a list of them as kubectl prints it, or a JSON list.
#include "base/text.hpp"
#include "gate/formats.hpp"
#include "image/reference.hpp"

#include <algorithm>
#include <array>

namespace sluice::gate {
namespace {

using yaml::Value;

/// Kinds with findings, with the list that holds them.
struct Kind {
  std::string_view name, list;
  Class what;
};
constexpr std::array kinds = {
    Kind{"VulnerabilityReport", "vulnerabilities", Class::vulnerability},
    Kind{"ClusterVulnerabilityReport", "vulnerabilities", Class::vulnerability},
    Kind{"ConfigAuditReport", "checks", Class::misconfiguration},
    Kind{"ClusterConfigAuditReport", "checks", Class::misconfiguration},
    Kind{"InfraAssessmentReport", "checks", Class::misconfiguration},
    Kind{"ClusterInfraAssessmentReport", "checks", Class::misconfiguration},
    Kind{"RbacAssessmentReport", "checks", Class::misconfiguration},
    Kind{"ClusterRbacAssessmentReport", "checks", Class::misconfiguration},
    Kind{"ExposedSecretReport", "secrets", Class::secret},
};

class OperatorReader {
 public:
  Result<Report> run(const Value& root) {
    report_.tool = "Trivy";
    const Value* const items = root.find("items");
    if (root.kind == yaml::Kind::sequence) {
      objects(root);
    } else if (items != nullptr && root.text_at({"kind"}).ends_with("List")) {
      objects(*items);
    } else {
      object(root);
    }
    if (!problem_.empty()) {
      return refused(problem_);
    }
    report_.coverage.files = count_;
    if (count_ == 0) {
      report_.doubts.emplace_back("nothing scanned: the list holds no report");
    }
    return std::move(report_);
  }

 private:
  void fail(std::string problem) {
    if (problem_.empty()) {
      problem_ = std::move(problem);
    }
  }

  void objects(const Value& list) {
    for (const Value& one : list.items) {
      object(one);
    }
  }

  void object(const Value& root) {
    const std::string_view version = root.text_at({"apiVersion"});
    const auto kind = std::ranges::find(kinds, root.text_at({"kind"}), &Kind::name);
    if (!version.starts_with("aquasecurity.github.io/") || kind == kinds.end()) {
      fail(
          "wrong file: no report of the Trivy operator with findings, such as a "
          "VulnerabilityReport");
      return;
    }
    if (version != "aquasecurity.github.io/v1alpha1") {
      fail("changed schema: " + text::printable(version, 60) + ", and v1alpha1 is known");
      return;
    }
    const Value* const list = root.find({"report", kind->list});
    if (list == nullptr || list->kind != yaml::Kind::sequence) {
      fail("null results: a report has no list of " + std::string(kind->list));
      return;
    }
    ++count_;
    report_.looked_for.insert(kind->what);
    about(root);
    for (const Value& entry : list->items) {
      finding(entry, kind->what, resource_of(root));
    }
    check_summary(root, *list);
  }

  static std::string resource_of(const Value& root) {
    const auto label = [&](std::string_view key) {
      return root.text_at({"metadata", "labels", key});
    };
    std::string out(label("trivy-operator.resource.namespace"));
    out += out.empty() ? "" : "/";
    return out + std::string(label("trivy-operator.resource.kind")) + '/' +
           std::string(label("trivy-operator.resource.name"));
  }

  /// The oldest of the reports is how old the whole is.
  void about(const Value& root) {
    const std::string when(root.text_at({"report", "updateTimestamp"}));
    if (report_.created.empty() || when < report_.created) {
      report_.created = when;
    }
    report_.tool_version = root.text_at({"report", "scanner", "version"});
    const std::string digest(root.text_at({"report", "artifact", "digest"}));
    if (image::is_digest(digest)) {
      report_.subject.digests.push_back(digest);
    }
    const Value* const end_of_life = root.find({"report", "os", "eosl"});
    if (end_of_life != nullptr && end_of_life->is_true()) {
      report_.end_of_life = true;
      report_.operating_system = root.text_at({"report", "os", "family"});
    }
  }

  void finding(const Value& entry, Class what, const std::string& resource) {
    const Value* const success = entry.find("success");
    if (what == Class::misconfiguration && success != nullptr && success->is_true()) {
      return;
    }
    Finding finding{.what = what, .path = resource};
    finding.severity = severity_or(entry.text_at({"severity"}), problem_);
    finding.highest = finding.severity;
    finding.title = text::printable(entry.text_at({"title"}), 120);
    if (what == Class::vulnerability) {
      finding.id = entry.text_at({"vulnerabilityID"});
      finding.package = entry.text_at({"resource"});
      finding.version = entry.text_at({"installedVersion"});
      finding.purl = entry.text_at({"packagePURL"});
      finding.published = entry.text_at({"publishedDate"});
      for (const std::string_view one : text::split(entry.text_at({"fixedVersion"}), ',')) {
        if (!text::trim(one).empty()) {
          finding.fixed.emplace_back(text::trim(one));
        }
      }
    } else if (what == Class::secret) {
      finding.id = entry.text_at({"ruleID"});
      finding.path += '/' + std::string(entry.text_at({"target"}));
    } else {
      finding.id = entry.text_at({"checkID"});
    }
    if (finding.id.empty()) {
      fail("changed schema: a finding has no id");
    }
    report_.findings.push_back(std::move(finding));
  }

  /// The object counts its own findings: fewer in the list than counted is a list that was cut.
  void check_summary(const Value& root, const Value& list) {
    std::uint64_t said = 0;
    for (const std::string_view key :
         {"criticalCount", "highCount", "mediumCount", "lowCount", "unknownCount"}) {
      said += whole(root.find({"report", "summary", key}));
    }
    if (said > list.items.size()) {
      report_.doubts.push_back("cut short: " + resource_of(root) + " counts " +
                               text::counted(said, "finding") + " and lists " +
                               std::to_string(list.items.size()));
    }
  }

  Report report_;
  std::string problem_;
  std::uint64_t count_ = 0;
};

}  // namespace

Result<Report> read_trivy_operator(std::string_view bytes) {
  Value root;
  SLUICE_TRY_ASSIGN(root, read_json_value(bytes));
  return OperatorReader().run(root);
}

}  // namespace sluice::gate
