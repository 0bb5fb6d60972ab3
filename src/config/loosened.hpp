// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "diag/finding.hpp"

#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace sluice::config {

/// One way in which what judges a change is weaker at its head than at its base.
struct Loosening {
  std::string part;   ///< what the base may allow to loosen: a section, "scans", "checks"
  std::string what;   ///< "cost.limits.cpu is 128, was 64"
  diag::Location at;  ///< in the head; without a line when something is gone
};

/// The finding config/loosened: an error, or a warning where the base says that changes may loosen
/// that part.
inline diag::Finding finding_of(Loosening loosening, const std::set<std::string>& may_loosen) {
  const bool is_allowed = may_loosen.contains(loosening.part);
  return {.location = std::move(loosening.at),
          .code = "config/loosened",
          .severity = is_allowed ? diag::Severity::warning : diag::Severity::error,
          .message = std::move(loosening.what),
          .hint = is_allowed ? "the base allows it; a reviewer should see it"
                             : "loosen it in a change of its own that its owners approve"};
}

/// Compares a file that judges, value by value.
class Loosened {
 public:
  /// `may_loosen` is the base's word: what the change itself allows does not count.
  Loosened(std::string file, std::set<std::string> may_loosen)
      : file_(std::move(file)), may_loosen_(std::move(may_loosen)) {}

  /// `where` as a person would look for it: "scans[image].failFrom".
  void note(const std::string& part,
            const std::string& where,
            const std::string& before,
            const std::string& now) {
    findings_.push_back(
        finding_of({part,
                    where + " is " + now + ", and was " + before + " before this change",
                    {.file = file_}},
                   may_loosen_));
  }

  /// A limit that must not fall; nothing is no limit.
  template <class T, class Show>
  void floor(const std::string& part,
             const std::string& where,
             const std::optional<T>& before,
             const std::optional<T>& now,
             const Show& show) {
    if (before && (!now || *now < *before)) {
      note(part, where, show(*before), now ? show(*now) : "not there");
    }
  }
  /// A limit that must not rise; nothing is no limit.
  template <class T, class Show>
  void ceiling(const std::string& part,
               const std::string& where,
               const std::optional<T>& before,
               const std::optional<T>& now,
               const Show& show) {
    if (before && (!now || *now > *before)) {
      note(part, where, show(*before), now ? show(*now) : "not there");
    }
  }

  /// What changes may loosen is never the change's own to say.
  void permissions(const std::string& where, const std::set<std::string>& now) {
    for (const std::string& part : now) {
      if (!may_loosen_.contains(part)) {
        note("", where, "without " + part, "with " + part);
      }
    }
  }

  [[nodiscard]] std::vector<diag::Finding> take() { return std::move(findings_); }

 private:
  std::string file_;
  std::set<std::string> may_loosen_;
  std::vector<diag::Finding> findings_;
};

}  // namespace sluice::config
