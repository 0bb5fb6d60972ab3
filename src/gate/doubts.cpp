// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "gate/judge.hpp"

#include <algorithm>
#include <array>

namespace sluice::gate {
namespace {

using std::chrono::seconds;

/// Clocks of machines differ.
constexpr seconds ahead{300};

struct Count {
  std::string_view what;
  std::optional<std::uint64_t> Coverage::*member;
};
constexpr std::array counts = {Count{"package", &Coverage::packages},
                               Count{"file", &Coverage::files}, Count{"test", &Coverage::tests},
                               Count{"commit", &Coverage::commits}};

class Doubter {
 public:
  Doubter(const Delivered& delivered, const Question& question)
      : scan_(*delivered.scan),
        report_(delivered.report),
        record_(delivered.record ? &*delivered.record : nullptr),
        delivered_(delivered),
        question_(question) {}

  std::vector<std::string> all() {
    tool();
    run();
    looked();
    floors();
    subject();
    age();
    database();
    return std::move(out_);
  }

 private:
  void note(std::string doubt) { out_.push_back(std::move(doubt)); }

  void tool() {
    if (!scan_.tool.empty() && text::to_lower(scan_.tool) != text::to_lower(report_.tool)) {
      note("wrong file: the report is of " + text::quoted(report_.tool, 60) + ", not of " +
           text::quoted(scan_.tool, 60));
    }
  }

  void run() {
    if (record_ == nullptr) {
      return;
    }
    if (record_->report != delivered_.digest) {
      note("wrong file: the record of the run is about another report");
    }
    const std::string allowed = flag_value(record_->argv, "--exit-code");
    const bool known = record_->exit == 0 || record_->exit == 1 ||
                       (!allowed.empty() && std::to_string(record_->exit) == allowed);
    if (!known) {
      note("scanner failed: it ended with " + std::to_string(record_->exit));
    } else if (record_->exit != 0 && report_.findings.empty()) {
      note("scanner failed: it ended with " + std::to_string(record_->exit) +
           ", and the report has no findings");
    }
    for (const std::string& flag : narrowing_flags(scan_.format, record_->argv)) {
      if (std::ranges::find(scan_.filters, flag) == scan_.filters.end()) {
        note("filtered upstream: the scanner ran with " + text::printable(flag) +
             ", which hides findings (allow it under filters)");
      }
    }
    if (record_->shallow && looks_for(Class::secret)) {
      note("shallow clone: the history is cut off, so secrets in it were not looked at");
    }
    if (record_->scanned_commits && record_->commits &&
        *record_->scanned_commits < *record_->commits) {
      note("shallow clone: " + text::counted(*record_->scanned_commits, "commit") +
           " scanned, of " + std::to_string(*record_->commits));
    }
  }

  [[nodiscard]] bool looks_for(Class what) const {
    return scan_.looks_for.contains(what) || report_.looked_for.contains(what);
  }

  /// Whether the arguments of the run say that it looked for it (Trivy's defaults: v0.69).
  [[nodiscard]] bool ran(Class what) const {
    if (record_ == nullptr || scan_.format != "trivy") {
      return false;
    }
    const std::string scanners = flag_value(record_->argv, "--scanners");
    std::string words = scanners.empty() ? "vuln,secret" : scanners;
    if (std::ranges::find(record_->argv, "config") != record_->argv.end()) {
      words = "misconfig";
    }
    const std::string_view wanted = what == Class::vulnerability      ? "vuln"
                                    : what == Class::misconfiguration ? "misconfig"
                                    : what == Class::secret           ? "secret"
                                                                      : "license";
    const std::vector<std::string_view> all = text::split(words, ',');
    return std::ranges::find(all, wanted) != all.end();
  }

  void looked() {
    const bool canary = record_ != nullptr && record_->canary;
    for (const std::string& doubt : report_.doubts) {
      if (!(canary && doubt.starts_with("nothing scanned"))) {
        note(doubt);
      }
    }
    for (const Class what : scan_.looks_for) {
      if (!report_.looked_for.contains(what) && !ran(what) && !canary) {
        note("scanner not run: nothing shows that it looked for " + std::string(name(what)) +
             " findings (a record of the run or its canary would)");
      }
    }
    const bool some = std::ranges::any_of(
        counts, [this](const Count& count) { return actual(count).value_or(0) != 0; });
    const bool said = std::ranges::any_of(report_.doubts, [](const std::string& doubt) {
      return doubt.starts_with("nothing scanned") || doubt.starts_with("null results");
    });
    if (!some && !canary && report_.findings.empty() && !said) {
      note(
          "nothing scanned: neither the report nor a record of the run shows that anything was "
          "looked at");
    }
  }

  [[nodiscard]] std::optional<std::uint64_t> actual(const Count& count) const {
    if (const auto& value = report_.coverage.*count.member) {
      return value;
    }
    if (record_ != nullptr && count.member == &Coverage::commits) {
      return record_->scanned_commits;
    }
    // `gitleaks dir` prints bytes and no files.
    if (record_ != nullptr && count.member == &Coverage::files &&
        record_->scanned_bytes.value_or(0) != 0) {
      return 1;
    }
    return std::nullopt;
  }

  void floors() {
    for (const Count& count : counts) {
      const auto& floor = scan_.floors.*count.member;
      if (!floor) {
        continue;
      }
      const auto value = actual(count);
      if (!value) {
        note("nothing scanned: nothing says how many " + std::string(count.what) +
             "s were looked at, and the floor is " + std::to_string(*floor));
      } else if (*value < *floor) {
        note("nothing scanned: " + text::counted(*value, count.what) +
             " looked at, and the floor is " + std::to_string(*floor));
      }
    }
  }

  void subject() {
    if (scan_.subject == Bound::image) {
      image();
    } else if (scan_.subject == Bound::commit) {
      commit();
    }
  }

  void image() {
    if (question_.image.empty()) {
      note("wrong subject: the policy binds the scan to an image; say which with --image");
      return;
    }
    const std::vector<std::string>& said = report_.subject.digests;
    if (std::ranges::find(said, question_.image) != said.end()) {
      return;
    }
    const auto names_it = [this](const std::string& word) {
      return word.ends_with('@' + question_.image);
    };
    if (said.empty() && record_ != nullptr && std::ranges::any_of(record_->argv, names_it)) {
      return;
    }
    note(said.empty() ? "wrong subject: the report does not say which manifest digest was scanned"
                      : "wrong subject: the report is about " + text::printable(said.front()) +
                            ", not " + question_.image);
  }

  void commit() {
    if (question_.commit.empty()) {
      note("wrong subject: the policy binds the scan to a commit; say which with --commit");
      return;
    }
    const std::string& said = !report_.subject.commit.empty() ? report_.subject.commit
                              : record_ != nullptr            ? record_->commit
                                                              : std::string();
    if (said.empty()) {
      note(
          "wrong subject: neither the report nor a record of the run says which commit was "
          "scanned");
    } else if (said != question_.commit) {
      note("wrong subject: the scan is of commit " + text::printable(said, 64) + ", not " +
           text::printable(question_.commit, 64));
    } else if (record_ != nullptr && record_->dirty) {
      note("wrong subject: files differed from commit " + said.substr(0, 12) +
           " when they were scanned");
    }
  }

  void age() {
    const std::string& said = !report_.created.empty() ? report_.created
                              : record_ != nullptr     ? record_->finished
                                                       : std::string();
    if (said.empty()) {
      if (scan_.max_age) {
        note("stale: neither the report nor a record of the run says when the scan was made");
      }
      return;
    }
    const auto when = time::parse(said);
    if (!when) {
      note("changed schema: the time of the scan is " + text::quoted(said, 60));
      return;
    }
    if (*when > question_.now + ahead) {
      note("stale: the scan is of " + time::to_string(*when) + ", which is in the future");
    } else if (scan_.max_age && question_.now - *when > *scan_.max_age) {
      note("stale: the scan is of " + time::to_string(*when) + ", " +
           time::to_string(question_.now - *when) + " ago, and " + time::to_string(*scan_.max_age) +
           " is the most");
    }
    const auto made = time::parse(report_.subject_created);
    if (made && *when + ahead < *made) {
      note("stale: the scan is of " + time::to_string(*when) + ", before the image was made (" +
           time::to_string(*made) + ")");
    }
  }

  void database() {
    if (!scan_.database_max_age) {
      return;
    }
    const std::string& said = !report_.database_date.empty() ? report_.database_date
                              : record_ != nullptr           ? record_->database
                                                             : std::string();
    const auto when = time::parse(said);
    if (!when) {
      note(
          "old database: nothing says of when the advisories are (a record of the run does; "
          "databaseMaxAge: any takes every age)");
    } else if (question_.now - *when > *scan_.database_max_age) {
      note("old database: the advisories are of " + time::to_string(*when) + ", " +
           time::to_string(question_.now - *when) + " ago, and " +
           time::to_string(*scan_.database_max_age) + " is the most");
    }
  }

  const Scan& scan_;
  const Report& report_;
  const RunRecord* record_;
  const Delivered& delivered_;
  const Question& question_;
  std::vector<std::string> out_;
};

}  // namespace

std::vector<std::string> doubts(const Delivered& delivered, const Question& question) {
  return Doubter(delivered, question).all();
}

std::vector<std::string> coverage_drops(const Delivered& delivered,
                                        const Seen& seen,
                                        std::uint64_t min_percent) {
  std::vector<std::string> out;
  for (const Count& count : counts) {
    const auto& before = seen.coverage.*count.member;
    const auto& now = delivered.report.coverage.*count.member;
    if (before && *before != 0 && now.value_or(0) * 100 < *before * min_percent) {
      out.push_back("coverage drop: " + text::counted(now.value_or(0), count.what) +
                    " looked at, and the baseline has " + std::to_string(*before));
    }
  }
  return out;
}

}  // namespace sluice::gate
