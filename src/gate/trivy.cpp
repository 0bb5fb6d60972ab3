// SPDX-License-Identifier: Apache-2.0
// Trivy's JSON of schema version 2 (aquasecurity/trivy, pkg/types/report.go).
#include "base/text.hpp"
#include "gate/formats.hpp"
#include "image/reference.hpp"

#include <algorithm>
#include <array>

namespace sluice::gate {
namespace {

/// pkg/dependency vulnerability statuses; another word is a changed schema.
constexpr std::array<std::string_view, 9> statuses = {
    "",      "unknown",     "not_affected", "affected",    "under_investigation",
    "fixed", "end_of_life", "will_not_fix", "fix_deferred"};
constexpr std::array<std::string_view, 8> result_classes = {
    "os-pkgs", "lang-pkgs", "config", "secret", "license", "license-file", "custom", "unknown"};

class TrivyReader {
 public:
  explicit TrivyReader(std::string_view bytes) : json_(bytes) {}

  Result<Report> run() {
    if (json_.peek() == JsonCursor::Kind::array) {
      return refused("changed schema: a list at the top is the first version of Trivy's JSON");
    }
    if (json_.peek() == JsonCursor::Kind::null) {
      return refused("null results: the whole report is null");
    }
    json_.object([this](std::string_view key) { root(key); });
    json_.finish();
    if (json_.failed()) {
      return refused(json_.problem());
    }
    if (!is_cluster_ && (!has_version_ || !has_name_ || !has_type_)) {
      return refused(
          "wrong file: no Trivy report, which has SchemaVersion, ArtifactName and "
          "ArtifactType, or ClusterName");
    }
    settle();
    return std::move(report_);
  }

 private:
  void root(std::string_view key) {
    if (key == "SchemaVersion") {
      has_version_ = true;
      const std::uint64_t version = json_.number();
      report_.schema = std::to_string(version);
      if (version != 2) {
        json_.fail("changed schema: SchemaVersion is " + report_.schema + ", and 2 is known");
      }
    } else if (key == "Trivy") {
      json_.object([this](std::string_view member) {
        member == "Version" ? void(report_.tool_version = json_.text()) : json_.skip();
      });
    } else if (key == "CreatedAt") {
      report_.created = json_.text();
    } else if (key == "ArtifactName") {
      has_name_ = true;
      report_.subject.name = json_.text();
    } else if (key == "ArtifactType") {
      has_type_ = true;
      artifact_type_ = json_.text();
    } else if (key == "Metadata") {
      json_.object([this](std::string_view member) { metadata(member); });
    } else if (key == "ClusterName") {
      is_cluster_ = true;
      report_.subject.name = json_.text();
    } else if (key == "Resources" || key == "Findings" || key == "Vulnerabilities" ||
               key == "Misconfigurations") {
      json_.array([this] { resource(); });
    } else if (key == "Results") {
      null_results_ = json_.peek() == JsonCursor::Kind::null;
      json_.array([this] { result(); });
    } else {
      json_.skip();
    }
  }

  void metadata(std::string_view key) {
    if (key == "OS") {
      json_.object([this](std::string_view member) {
        if (member == "Family") {
          family_ = json_.text();
        } else if (member == "Name") {
          os_name_ = json_.text();
        } else if (member == "EOSL") {
          report_.end_of_life = json_.boolean();
        } else {
          json_.skip();
        }
      });
    } else if (key == "ImageID") {
      report_.subject.image_id = json_.text();
    } else if (key == "RepoDigests") {
      json_.array([this] {
        const std::string reference = json_.text();
        const std::size_t at = reference.rfind('@');
        if (at != std::string::npos && image::is_digest(reference.substr(at + 1))) {
          report_.subject.digests.push_back(reference.substr(at + 1));
        }
      });
    } else if (key == "Commit") {
      report_.subject.commit = json_.text();
    } else if (key == "ImageConfig") {
      json_.object([this](std::string_view member) {
        member == "created" ? void(report_.subject_created = json_.text()) : json_.skip();
      });
    } else {
      json_.skip();
    }
  }

  /// `trivy k8s`: what was found in one object of the cluster. One that could not be scanned has an
  /// Error and no results, and trivy ends with 0 all the same.
  void resource() {
    std::array<std::string, 3> names;
    const std::size_t first = report_.findings.size();
    json_.object([&](std::string_view key) {
      if (key == "Namespace" || key == "Kind" || key == "Name") {
        names.at(key == "Namespace" ? 0 : key == "Kind" ? 1 : 2) = json_.text();
      } else if (key == "Results") {
        json_.array([this] { result(); });
      } else if (key == "Error") {
        unscanned_ += json_.text().empty() ? 0 : 1;
      } else {
        json_.skip();
      }
    });
    const std::string place = (names[0].empty() ? "" : names[0] + '/') + names[1] + '/' + names[2];
    for (std::size_t i = first; i < report_.findings.size(); ++i) {
      report_.findings[i].path = place;
    }
  }

  void result() {
    ++targets_;
    target_.clear();
    class_.clear();
    const std::size_t first = report_.findings.size();
    bool packages = false;
    json_.object([&](std::string_view key) {
      if (key == "Target") {
        target_ = json_.text();
      } else if (key == "Class") {
        class_ = json_.text();
      } else if (key == "Packages") {
        packages = true;
        json_.array([this] {
          ++packages_;
          json_.skip();
        });
      } else if (key == "Vulnerabilities") {
        list(Class::vulnerability);
      } else if (key == "Misconfigurations") {
        list(Class::misconfiguration);
      } else if (key == "Secrets") {
        list(Class::secret);
      } else if (key == "Licenses") {
        list(Class::license);
      } else if (key == "MisconfSummary") {
        summary();
      } else if (key == "ExperimentalModifiedFindings") {
        json_.array([this] { set_aside(); });
      } else {
        json_.skip();
      }
    });
    if (!json_.failed() && std::ranges::find(result_classes, class_) == result_classes.end() &&
        !class_.empty()) {
      json_.fail("changed schema: no class of results is called " + text::quoted(class_, 40));
    }
    const bool is_package = class_ == "os-pkgs" || class_ == "lang-pkgs";
    os_packages_ = os_packages_ || class_ == "os-pkgs";
    package_results_ += is_package ? 1 : 0;
    listed_ += is_package && packages ? 1 : 0;
    // Target and Class may stand behind the findings.
    for (std::size_t i = first; i < report_.findings.size(); ++i) {
      Finding& finding = report_.findings[i];
      if (finding.path.empty() && class_ != "os-pkgs") {
        finding.path = target_;  // of an os-pkgs result it names the image, tag and all
      }
    }
  }

  void list(Class what) {
    if (json_.peek() == JsonCursor::Kind::array) {
      report_.looked_for.insert(what);
    }
    json_.array([&] { finding(what); });
  }

  void summary() {
    report_.looked_for.insert(Class::misconfiguration);
    json_.object([this](std::string_view key) {
      if (key == "Successes" || key == "Failures") {
        checks_ += json_.number();
      } else {
        json_.skip();
      }
    });
  }

  void finding(Class what) {
    Finding finding{.what = what};
    std::string severity;
    bool has_severity = false;
    json_.object([&](std::string_view key) {
      if (key == "Severity") {
        has_severity = true;
        severity = json_.text();
      } else {
        member(key, finding);
      }
    });
    if (json_.failed()) {
      return;
    }
    std::string problem;
    finding.severity =
        has_severity && !severity.empty() ? severity_or(severity, problem) : Severity::unknown;
    finding.highest = higher(finding.highest, finding.severity);
    if (!problem.empty()) {
      json_.fail(problem);
    }
    if (finding.id.empty()) {
      json_.fail("changed schema: a finding has no id");
    }
    if (is_set_aside_) {
      finding.status.clear();
    } else if (what == Class::misconfiguration) {
      if (finding.status == "PASS") {
        return;
      }
      if (finding.status == "EXCEPTION") {
        finding.suppressed = "an exception";
      } else if (finding.status != "FAIL") {
        json_.fail("changed schema: a check's Status is " + text::quoted(finding.status, 40));
      }
      finding.status.clear();
      old_ids(finding);
    } else if (what == Class::vulnerability &&
               std::ranges::find(statuses, finding.status) == statuses.end()) {
      json_.fail("changed schema: a vulnerability's Status is " + text::quoted(finding.status, 40));
    }
    report_.findings.push_back(std::move(finding));
  }

  void member(std::string_view key, Finding& finding) {
    if (key == "VulnerabilityID" || key == "ID" || key == "RuleID") {
      finding.id = json_.text();
    } else if (key == "AVDID" || key == "VendorIDs") {
      const auto add = [&] {
        if (std::string alias = json_.text(); !alias.empty()) {
          finding.aliases.push_back(std::move(alias));
        }
      };
      key == "AVDID" ? add() : json_.array(add);
    } else if (key == "PkgName") {
      finding.package = json_.text();
    } else if (key == "Name" && finding.what == Class::license) {
      finding.id = json_.text();
    } else if (key == "InstalledVersion") {
      finding.version = json_.text();
    } else if (key == "PkgIdentifier") {
      json_.object([&](std::string_view part) {
        part == "PURL" ? void(finding.purl = json_.text()) : json_.skip();
      });
    } else if (key == "PkgPath" || key == "FilePath") {
      finding.path = json_.text();
    } else if (key == "FixedVersion") {
      const std::string versions = json_.text();  // a list in a string: "2.6.9, 3.1.0"
      for (const std::string_view one : text::split(versions, ',')) {
        if (!text::trim(one).empty()) {
          finding.fixed.emplace_back(text::trim(one));
        }
      }
    } else if (key == "Status") {
      finding.status = json_.text();
    } else if (key == "Title") {
      finding.title = text::printable(json_.text(), 120);
    } else if (key == "PublishedDate") {
      finding.published = json_.text();
    } else if (key == "StartLine") {
      finding.line = static_cast<std::uint32_t>(json_.number());
    } else if (key == "CauseMetadata") {
      json_.object([&](std::string_view part) {
        part == "StartLine" ? void(finding.line = static_cast<std::uint32_t>(json_.number()))
                            : json_.skip();
      });
    } else if (key == "VendorSeverity") {
      json_.object([&](std::string_view) {
        // 0 is unknown, 1 low ... 4 critical.
        const std::uint64_t level = json_.number();
        constexpr std::array levels = {Severity::unknown, Severity::low, Severity::medium,
                                       Severity::high, Severity::critical};
        finding.highest =
            higher(finding.highest, level < levels.size() ? levels.at(level) : Severity::unknown);
      });
    } else {
      json_.skip();
    }
  }

  /// "DS-0002" was "DS002" and "AVD-DS-0002": waivers by an old id go on matching.
  static void old_ids(Finding& finding) {
    const std::size_t dash = finding.id.find('-');
    if (dash != std::string::npos && !finding.id.starts_with("AVD-")) {
      const std::string digits = finding.id.substr(dash + 1);
      finding.aliases.push_back("AVD-" + finding.id);
      if (digits.size() == 4 && digits.front() == '0') {
        finding.aliases.push_back(finding.id.substr(0, dash) + digits.substr(1));
      }
    }
  }

  void set_aside() {
    const std::size_t before = report_.findings.size();
    std::string status;
    std::string type;
    is_set_aside_ = true;  // its class may not be known yet
    json_.object([&](std::string_view key) {
      if (key == "Finding") {
        finding(Class::vulnerability);
      } else if (key == "Status") {
        status = json_.text();
      } else if (key == "Type") {
        type = json_.text();
      } else {
        json_.skip();
      }
    });
    is_set_aside_ = false;
    if (report_.findings.size() > before) {
      report_.findings.back().what =
          type.empty() ? Class::vulnerability : class_of(type).value_or(Class::vulnerability);
      report_.findings.back().suppressed = status.empty() ? "set aside" : status;
    }
  }

  void settle() {
    report_.tool = "Trivy";
    report_.operating_system = family_.empty() ? "" : family_ + ' ' + os_name_;
    report_.coverage.files = targets_;
    report_.coverage.tests = checks_;
    if (listed_ != 0 && listed_ == package_results_) {
      report_.coverage.packages = packages_;
    }
    if (null_results_) {
      report_.doubts.push_back("null results: Results is null");
    } else if (targets_ == 0) {
      report_.doubts.push_back("nothing scanned: the report has no Results");
    }
    if (unscanned_ != 0) {
      report_.doubts.push_back("partly scanned: " + text::counted(unscanned_, "object") +
                               " of the cluster could not be scanned");
    }
    if (artifact_type_ == "container_image") {
      if (family_.empty() || family_ == "none") {
        report_.doubts.push_back(
            "nothing scanned: no operating system was recognised in the image");
      } else if (!os_packages_) {
        report_.doubts.push_back("nothing scanned: " + text::printable(family_, 40) +
                                 " was recognised, and no packages of it");
      }
    }
  }

  JsonCursor json_;
  Report report_;
  bool has_version_ = false, has_name_ = false, has_type_ = false, null_results_ = false;
  std::string artifact_type_, family_, os_name_, target_, class_;
  std::uint64_t targets_ = 0, packages_ = 0, package_results_ = 0, listed_ = 0, checks_ = 0;
  std::uint64_t unscanned_ = 0;
  bool os_packages_ = false, is_set_aside_ = false, is_cluster_ = false;
};

}  // namespace

Result<Report> read_trivy(std::string_view bytes) {
  return TrivyReader(bytes).run();
}

}  // namespace sluice::gate
