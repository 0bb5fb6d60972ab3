// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "diag/finding.hpp"

#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace sluice::config {

/// What a change makes weaker in a file that judges it (config/loosened): each is an error, or a
/// warning where the base says that changes may loosen that part of the file.
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
    const bool is_allowed = may_loosen_.contains(part);
    findings_.push_back(
        {.location = {.file = file_},
         .code = "config/loosened",
         .severity = is_allowed ? diag::Severity::warning : diag::Severity::error,
         .message = where + " is " + now + ", and was " + before + " before this change",
         .hint = is_allowed ? "the base allows it; a reviewer should see it"
                            : "loosen it in a change of its own that its owners approve"});
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

  [[nodiscard]] std::vector<diag::Finding> take() { return std::move(findings_); }

 private:
  std::string file_;
  std::set<std::string> may_loosen_;
  std::vector<diag::Finding> findings_;
};

}  // namespace sluice::config
