// SPDX-License-Identifier: Apache-2.0
#include "gate/judge.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace sluice::gate {
namespace {

/// A waiver and what it did.
struct Use {
  const Waiver* waiver = nullptr;
  std::uint64_t covered = 0;
  std::uint64_t would_cover = 0;  ///< had it not expired
};

bool matches(const std::string& glob, std::string_view text) {
  return glob.empty() || text::glob_match(glob, text);
}

bool covers(const Waiver& waiver, const Scan& scan, const Finding& finding) {
  const bool same_id = waiver.id == finding.id ||
                       std::ranges::find(finding.aliases, waiver.id) != finding.aliases.end() ||
                       (!finding.digest.empty() && waiver.id == finding.digest);
  // What a waiver asks for must be there: absence is never equality.
  return same_id && matches(waiver.scan, scan.name) &&
         (waiver.package.empty() || matches(waiver.package, finding.package) ||
          (!finding.purl.empty() && matches(waiver.package, finding.purl))) &&
         matches(waiver.path, finding.path);
}

std::string_view code_of(Class what) {
  switch (what) {
    case Class::vulnerability:
      return "scan/vulnerability";
    case Class::misconfiguration:
      return "scan/misconfiguration";
    case Class::secret:
      return "scan/secret";
    case Class::license:
      return "scan/license";
    case Class::code:
      return "scan/code";
    case Class::test:
      return "scan/test";
  }
  return "scan/code";
}

class Judge {
 public:
  Judge(const Policy& policy,
        const BaselineData* baseline,
        const Question& question,
        diag::Report& out)
      : policy_(policy), baseline_(baseline), question_(question), out_(out) {
    for (const Waiver& waiver : policy.waivers) {
      uses_.push_back({.waiver = &waiver});
    }
  }

  void scan(const Delivered& delivered) {
    const Scan& scan = *delivered.scan;
    left_.clear();
    if (baseline_ != nullptr) {
      if (const auto seen = baseline_->scans.find(scan.name); seen != baseline_->scans.end()) {
        left_ = seen->second.keys;
      }
    }
    if (delivered.report.end_of_life && scan.end_of_life != Reaction::ignore) {
      add(delivered, "scan/end-of-life", scan.end_of_life,
          text::printable(delivered.report.operating_system) +
              " gets no advisories any more, so that none are found means nothing");
    }
    std::array<std::uint64_t, 7> by_severity{};
    std::uint64_t suppressed = 0;
    for (const Finding& finding : delivered.report.findings) {
      if (!finding.suppressed.empty()) {
        ++suppressed;
        continue;
      }
      ++by_severity.at(static_cast<std::size_t>(severity_of(scan, finding)));
      finding_of(delivered, finding);
    }
    if (suppressed > scan.suppressed_most) {
      add(delivered, "scan/suppressed", Reaction::fail,
          text::counted(suppressed, "finding") + " set aside by the scanner itself, and " +
              std::to_string(scan.suppressed_most) + " may be");
    }
    summarise(delivered, by_severity, suppressed);
  }

  void finish() {
    for (const Use& use : uses_) {
      waiver(use);
    }
    if (waived_ != 0) {
      out_.summary.push_back(text::counted(waived_, "finding") + " waived");
    }
    if (old_ != 0) {
      out_.summary.push_back(text::counted(old_, "finding") + " in the baseline");
    }
  }

 private:
  static Severity severity_of(const Scan& scan, const Finding& finding) {
    return scan.highest_source ? finding.highest : finding.severity;
  }

  [[nodiscard]] Reaction reaction(const Scan& scan, const Finding& finding) const {
    const Severity severity = severity_of(scan, finding);
    if (severity == Severity::unknown) {
      return scan.unknown;
    }
    if (severity < scan.fail_from || (scan.fixable_only && !finding.is_fixable())) {
      return Reaction::ignore;
    }
    return Reaction::fail;
  }

  void finding_of(const Delivered& delivered, const Finding& finding) {
    const Scan& scan = *delivered.scan;
    const Reaction how = reaction(scan, finding);
    if (how != Reaction::ignore && is_set_aside(scan, finding)) {
      return;
    }
    std::string void_because;
    const bool waived = is_waived(scan, finding, how, void_because);
    if (how == Reaction::ignore || waived) {
      waived_ += waived && how != Reaction::ignore ? 1 : 0;
      return;
    }
    bool newly = false;
    if (baseline_ != nullptr) {
      const auto old = left_.find(finding.key());
      if (old != left_.end() && old->second > 0) {
        --old->second;
        ++old_;
        return;
      }
      newly = true;
    }
    std::string message = text::printable(finding.id, 80) + " (" +
                          std::string(name(severity_of(scan, finding))) + ')';
    if (!finding.package.empty()) {
      message += " in " + text::printable(finding.package, 80);
      message += finding.version.empty() ? "" : ' ' + text::printable(finding.version, 60);
    }
    if (!finding.fixed.empty()) {
      message += ", mended in " + text::printable(text::join(finding.fixed, ", "), 80);
    }
    if (!finding.digest.empty()) {
      message += ", digest " + finding.digest;
    }
    message += finding.title.empty() ? "" : ": " + text::printable(finding.title, 120);
    message += newly ? newness(finding) : "";
    message += void_because;
    add(delivered, std::string(code_of(finding.what)), how, std::move(message), &finding);
  }

  [[nodiscard]] std::string newness(const Finding& finding) const {
    const bool disclosed = !finding.published.empty() && finding.published > baseline_->created;
    return disclosed ? " [disclosed since the baseline]" : " [new since the baseline]";
  }

  /// By the supplier's word (VEX), which reaches vulnerabilities only.
  bool is_set_aside(const Scan& scan, const Finding& finding) {
    if (finding.what != Class::vulnerability) {
      return false;
    }
    for (const Vex& vex : question_.vex) {
      if (const VexStatement* word = set_aside_by(vex, finding, question_.image)) {
        skip(scan, finding, "set aside by VEX: " + text::printable(word->why, 120));
        return true;
      }
    }
    return false;
  }

  void skip(const Scan& scan, const Finding& finding, const std::string& why) {
    out_.skipped.push_back(scan.name + ": " + text::printable(finding.id, 80) +
                           (finding.package.empty()
                                ? " at " + text::printable(finding.path, 120)
                                : " in " + text::printable(finding.package, 80)) +
                           ": " + why);
  }

  bool is_waived(const Scan& scan,
                 const Finding& finding,
                 Reaction how,
                 std::string& void_because) {
    for (Use& use : uses_) {
      const Waiver& waiver = *use.waiver;
      if (!covers(waiver, scan, finding)) {
        continue;
      }
      ++use.would_cover;
      const Severity severity = severity_of(scan, finding);
      if (is_expired(waiver)) {
        void_because = " [its waiver expired on " + waiver.expires + ']';
      } else if (waiver.max_severity &&
                 (severity == Severity::unknown || severity > *waiver.max_severity)) {
        void_because = " [its waiver ends at " + std::string(name(*waiver.max_severity)) + ']';
      } else if (waiver.void_when_fixed && finding.is_fixable()) {
        void_because = " [its waiver ends when there is a fix]";
      } else if (waiver.most != 0 && how != Reaction::ignore && use.covered >= waiver.most) {
        void_because = " [its waiver covers " + std::to_string(waiver.most) + " and no more]";
      } else {
        if (how != Reaction::ignore) {
          ++use.covered;
          skip(scan, finding,
               "waived until " + waiver.expires + " by " + text::printable(waiver.owner, 60) +
                   ": " + text::printable(waiver.reason, 120));
        }
        return true;
      }
    }
    return false;
  }

  /// Good to the last second (UTC) of its day.
  [[nodiscard]] bool is_expired(const Waiver& waiver) const {
    const auto day = time::parse(waiver.expires);
    return !day || question_.now >= *day + std::chrono::days{1};
  }

  void waiver(const Use& use) {
    const Waiver& waiver = *use.waiver;
    const std::string which = "the waiver of " + text::quoted(waiver.id, 80) + " (" +
                              text::printable(waiver.owner, 60) + ") ";
    const auto day = time::parse(waiver.expires);
    const auto most = std::chrono::days{static_cast<std::int64_t>(policy_.max_waiver_days)};
    if (is_expired(waiver)) {
      note(waiver, "scan/expired-waiver", "expired on " + waiver.expires, which,
           use.would_cover == 0 ? diag::Severity::warning : diag::Severity::error);
    } else if (day && *day > question_.now + most) {
      note(waiver, "scan/long-waiver",
           "ends on " + waiver.expires + ", more than " + std::to_string(policy_.max_waiver_days) +
               " days from now",
           which, diag::Severity::error);
    } else if (use.would_cover == 0) {
      note(waiver, "scan/unused-waiver", "covers nothing that was found", which,
           diag::Severity::warning);
    }
  }

  void note(const Waiver& waiver,
            const std::string& code,
            const std::string& what,
            const std::string& which,
            diag::Severity severity) {
    out_.findings.push_back(
        {.location = waiver.at, .code = code, .severity = severity, .message = which + what});
  }

  void add(const Delivered& delivered,
           std::string code,
           Reaction how,
           std::string message,
           const Finding* finding = nullptr) {
    diag::Location location{.file = delivered.file};
    if (finding != nullptr && finding->what != Class::vulnerability && !finding->path.empty()) {
      location = {.file = finding->path, .line = finding->line};
    }
    out_.findings.push_back(
        {.location = std::move(location),
         .code = std::move(code),
         .severity = how == Reaction::warn ? diag::Severity::warning : diag::Severity::error,
         .message = std::move(message),
         .unit = delivered.scan->name});
  }

  void summarise(const Delivered& delivered,
                 const std::array<std::uint64_t, 7>& by_severity,
                 std::uint64_t suppressed) {
    std::string line = delivered.scan->name + ':';
    std::string parts;
    for (std::size_t i = by_severity.size(); i-- > 0;) {
      if (by_severity.at(i) != 0) {
        parts += (parts.empty() ? " " : ", ") + std::to_string(by_severity.at(i)) + ' ' +
                 std::string(name(static_cast<Severity>(i)));
      }
    }
    line += parts.empty() ? " no findings" : parts;
    line += suppressed == 0 ? "" : ", " + std::to_string(suppressed) + " suppressed";
    out_.summary.push_back(std::move(line));
  }

  const Policy& policy_;
  const BaselineData* baseline_;
  const Question& question_;
  diag::Report& out_;
  std::vector<Use> uses_;
  std::map<std::string, std::uint64_t> left_;  ///< of the baseline, for the scan at hand
  std::uint64_t waived_ = 0;
  std::uint64_t old_ = 0;
};

}  // namespace

void judge(const Policy& policy,
           const std::vector<Delivered>& delivered,
           const BaselineData* baseline,
           const Question& question,
           diag::Report& out) {
  Judge judge(policy, baseline, question, out);
  for (const Delivered& one : delivered) {
    judge.scan(one);
  }
  judge.finish();
}

}  // namespace sluice::gate
