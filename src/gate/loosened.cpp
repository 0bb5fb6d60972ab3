// SPDX-License-Identifier: Apache-2.0
#include "config/loosened.hpp"

#include "base/text.hpp"
#include "base/time.hpp"
#include "gate/policy.hpp"

#include <algorithm>
#include <array>

namespace sluice::gate {
namespace {

std::string age(std::chrono::seconds value) {
  return time::to_string(value);
}

std::string number(std::uint64_t value) {
  return std::to_string(value);
}

std::string word(Reaction how) {
  constexpr std::array<std::string_view, 3> words = {"fail", "warn", "ignore"};
  return std::string(words.at(static_cast<std::size_t>(how)));
}

std::string word(Bound bound) {
  constexpr std::array<std::string_view, 3> words = {"none", "image", "commit"};
  return std::string(words.at(static_cast<std::size_t>(bound)));
}

std::string on_off(bool value) {
  return value ? "true" : "false";
}

class Comparison {
 public:
  Comparison(const Policy& base, const Policy& head, const std::string& file)
      : base_(base), head_(head), out_(file, base.may_loosen) {}

  std::vector<diag::Finding> run() {
    for (const Scan& scan : base_.scans) {
      const auto now = std::ranges::find(head_.scans, scan.name, &Scan::name);
      const std::string where = "scans[" + text::printable(scan.name, 80) + ']';
      if (now == head_.scans.end()) {
        out_.note("scans", where, "required", "not there");
      } else {
        what_counts(where + '.', scan, *now);
        what_it_needs(where + '.', scan, *now);
      }
    }
    waivers();
    vex();
    if (head_.max_waiver_days > base_.max_waiver_days) {
      out_.note("waivers", "maxWaiverDays", number(base_.max_waiver_days),
                number(head_.max_waiver_days));
    }
    baseline();
    for (const std::string& part : head_.may_loosen) {
      if (!base_.may_loosen.contains(part)) {
        out_.note("", "mayLoosen", "without " + part, "with " + part);
      }
    }
    return out_.take();
  }

 private:
  void what_counts(const std::string& where, const Scan& before, const Scan& now) {
    if (now.fail_from > before.fail_from) {
      out_.note("scans", where + "failFrom", std::string(name(before.fail_from)),
                std::string(name(now.fail_from)));
    }
    for (const auto& [key, member] :
         {std::pair{"unknown", &Scan::unknown}, std::pair{"endOfLife", &Scan::end_of_life}}) {
      if (now.*member > before.*member) {
        out_.note("scans", where + key, word(before.*member), word(now.*member));
      }
    }
    if (now.fixable_only && !before.fixable_only) {
      out_.note("scans", where + "fixableOnly", "false", "true");
    }
    if (!now.highest_source && before.highest_source) {
      out_.note("scans", where + "highestSource", "true", "false");
    }
    if (now.suppressed_most > before.suppressed_most) {
      out_.note("scans", where + "suppressedMost", number(before.suppressed_most),
                number(now.suppressed_most));
    }
    for (const std::string& filter : now.filters) {
      if (std::ranges::find(before.filters, filter) == before.filters.end()) {
        const std::string shown = text::printable(filter, 80);
        out_.note("scans", where + "filters", "without " + shown, "with " + shown);
      }
    }
  }

  void what_it_needs(const std::string& where, const Scan& before, const Scan& now) {
    for (const auto& [key, member] :
         {std::pair{"format", &Scan::format}, std::pair{"tool", &Scan::tool}}) {
      if (now.*member != before.*member) {
        out_.note("scans", where + key, text::quoted(before.*member, 60),
                  text::quoted(now.*member, 60));
      }
    }
    if (!before.run.empty() && now.run.empty()) {
      out_.note("scans", where + "run", "required", "not there");
    }
    if (before.subject != Bound::none && now.subject != before.subject) {
      out_.note("scans", where + "subject", word(before.subject), word(now.subject));
    }
    out_.ceiling("scans", where + "maxAge", before.max_age, now.max_age, age);
    out_.ceiling("scans", where + "databaseMaxAge", before.database_max_age, now.database_max_age,
                 age);
    for (const auto& [key, member] :
         {std::pair{"packages", &Coverage::packages}, std::pair{"files", &Coverage::files},
          std::pair{"tests", &Coverage::tests}, std::pair{"commits", &Coverage::commits}}) {
      out_.floor("scans", where + "floors." + key, before.floors.*member, now.floors.*member,
                 number);
    }
    for (const Class what : before.looks_for) {
      if (!now.looks_for.contains(what)) {
        const std::string shown(name(what));
        out_.note("scans", where + "looksFor", "with " + shown, "without " + shown);
      }
    }
  }

  void waivers() {
    for (const Waiver& now : head_.waivers) {
      const auto before = std::ranges::find_if(base_.waivers, [&](const Waiver& old) {
        return old.id == now.id && old.scan == now.scan && old.package == now.package &&
               old.path == now.path;
      });
      const std::string where = "waivers[" + text::printable(now.id, 80) + ']';
      if (before == base_.waivers.end()) {
        out_.note("waivers", where, "not there", "until " + now.expires);
      } else {
        waiver(where + '.', *before, now);
      }
    }
  }

  void vex() {
    for (const VexFile& now : head_.vex) {
      const auto before = std::ranges::find(base_.vex, now.file, &VexFile::file);
      const std::string where = "vex[" + text::printable(now.file, 80) + ']';
      if (before == base_.vex.end()) {
        out_.note("waivers", where, "not there", "believed");
      } else {
        out_.ceiling("waivers", where + ".maxAge", before->max_age, now.max_age, age);
      }
    }
  }

  void waiver(const std::string& where, const Waiver& before, const Waiver& now) {
    if (now.expires > before.expires) {  // days as YYYY-MM-DD
      out_.note("waivers", where + "expires", before.expires, now.expires);
    }
    out_.ceiling("waivers", where + "maxSeverity", before.max_severity, now.max_severity,
                 [](Severity severity) { return std::string(name(severity)); });
    if (before.void_when_fixed && !now.void_when_fixed) {
      out_.note("waivers", where + "voidWhenFixed", on_off(true), on_off(false));
    }
    const auto most = [](const Waiver& waiver) {
      return waiver.most == 0 ? std::nullopt : std::optional(waiver.most);
    };
    out_.ceiling("waivers", where + "most", most(before), most(now), number);
  }

  void baseline() {
    if (!head_.baseline) {
      return;
    }
    if (!base_.baseline) {
      out_.note("baseline", "baseline", "not there", text::quoted(head_.baseline->file, 80));
      return;
    }
    out_.ceiling("baseline", "baseline.maxAge", base_.baseline->max_age, head_.baseline->max_age,
                 age);
    out_.floor("baseline", "baseline.minCoverage", std::optional(base_.baseline->min_coverage),
               std::optional(head_.baseline->min_coverage), number);
  }

  const Policy& base_;
  const Policy& head_;
  config::Loosened out_;
};

}  // namespace

std::vector<diag::Finding> loosened(const Policy& base,
                                    const Policy& head,
                                    const std::string& file) {
  return Comparison(base, head, file).run();
}

}  // namespace sluice::gate
