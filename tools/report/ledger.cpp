// SPDX-License-Identifier: Apache-2.0
#include "base/sha256.hpp"
#include "base/text.hpp"
#include "diag/write.hpp"
#include "io/files.hpp"
#include "report/commands.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <ostream>
#include <tuple>

namespace sluice::report {

namespace {

using diag::LedgerRow;

/// The stages that see every object, with the word for what they do.
struct Stage {
  std::string_view name;
  std::string_view done;
};
constexpr std::array stages = {Stage{"render", "rendered"}, Stage{"validate", "validated"},
                               Stage{"policy-test", "policy-checked"}};

using Ledgers = std::array<std::vector<LedgerRow>, stages.size()>;

/// Environment, unit, object.
using Key = std::tuple<std::string, std::string, std::string>;

/// The digests that each stage has for one key, sorted.
using Seen = std::array<std::vector<std::string>, stages.size()>;

Key key_of(const LedgerRow& row) {
  return {row.env, row.unit, row.object};
}

std::string describe(const LedgerRow& row) {
  std::vector<std::string> words;
  for (const std::string* word : {&row.env, &row.unit, &row.object}) {
    if (!word->empty()) {
      words.push_back(text::printable(*word));
    }
  }
  return text::join(words, " ");
}

/// The parts of "apps/v1/Deployment/prod/web"; nothing is known of a key of another form.
diag::ObjectRef object_of(const std::string& key) {
  const std::vector<std::string_view> parts = text::split(key, '/');
  if (parts.size() != 4 && parts.size() != 5) {
    return {};
  }
  const std::size_t kind = parts.size() - 3;
  const std::string version(parts[kind - 1]);
  const std::string_view name_space = parts[kind + 1];
  return {.api_version = kind == 1 ? version : std::string(parts[0]) + '/' + version,
          .kind = std::string(parts[kind]),
          .name_space = name_space == "-" ? "" : std::string(name_space),
          .name = std::string(parts[kind + 2])};
}

std::string digests(const std::vector<std::string>& seen) {
  std::vector<std::string> words;
  for (const std::string& digest : seen) {
    words.push_back(digest.substr(0, 12));
  }
  return words.empty() ? "nothing" : text::join(words, " and ");
}

diag::Finding unbalanced(const Key& key, const Seen& seen) {
  const auto& [env, unit, object] = key;
  std::vector<std::string> words;
  for (std::size_t i = 0; i < stages.size(); ++i) {
    words.push_back(std::string(stages[i].done) + ' ' + digests(seen[i]));
  }
  return {.code = "ledger/unbalanced",
          .message = text::printable(object) + ": " + text::join(words, ", "),
          .hint = "run every stage on the same stream",
          .object = object_of(object),
          .unit = unit,
          .env = env};
}

diag::Finding empty_ledger(const Stage& stage, std::size_t objects) {
  return {.code = "ledger/unbalanced",
          .message = "the ledger of " + std::string(stage.name) + " is empty: not one of " +
                     text::counted(objects, "object") + " was " + std::string(stage.done),
          .hint = "see why the stage ended before it began"};
}

/// What was left out stays in the comparison when a stage had the object: "skipped" must not hide
/// that another stage saw other bytes. A unit that render left out as a whole has no object.
std::map<Key, Seen> collect(const Ledgers& ledgers, diag::Report& report) {
  std::map<Key, Seen> objects;
  for (std::size_t i = 0; i < stages.size(); ++i) {
    for (const LedgerRow& row : ledgers[i]) {
      const bool skipped = row.status != "checked";
      if (skipped) {
        report.skipped.push_back(std::string(stages[i].name) + ": " + describe(row) + ": " +
                                 text::printable(row.status.substr(9)));
      }
      if (!skipped || (i != 0 && !row.digest.empty())) {
        objects[key_of(row)][i].push_back(row.digest);
      }
    }
  }
  return objects;
}

std::size_t checked(const std::vector<LedgerRow>& rows) {
  return static_cast<std::size_t>(std::ranges::count(rows, "checked", &LedgerRow::status));
}

/// "rendered = validated = policy-checked: 120 objects", with "12 rendered, 11 validated, ..." when
/// the numbers differ.
std::string balance(const Ledgers& ledgers) {
  const std::size_t rendered = checked(ledgers[0]);
  std::string equal;
  std::vector<std::string> counts;
  for (std::size_t i = 0; i < stages.size(); ++i) {
    equal += (i == 0 ? "" : " = ") + std::string(stages[i].done);
    counts.push_back(std::to_string(checked(ledgers[i])) + ' ' + std::string(stages[i].done));
  }
  const bool same = std::ranges::all_of(
      ledgers, [rendered](const auto& rows) { return checked(rows) == rendered; });
  return same ? equal + ": " + text::counted(rendered, "object") : text::join(counts, ", ");
}

/// The digest of all that was rendered, by which two runs compare.
std::string digest_of(std::vector<LedgerRow> rows) {
  std::ranges::sort(rows);
  Sha256 sum;
  for (const LedgerRow& row : rows) {
    if (row.status == "checked") {
      sum.update(row.env + '\t' + row.unit + '\t' + row.object + '\t' + row.digest + '\n');
    }
  }
  return hex(sum.finish());
}

/// The row in which a partial render says how many units did not change: it names none.
const LedgerRow* part_row(const std::vector<LedgerRow>& rows) {
  const auto row = std::ranges::find_if(rows, [](const LedgerRow& candidate) {
    return candidate.env.empty() && candidate.unit.empty() && candidate.status != "checked";
  });
  return row == rows.end() ? nullptr : &*row;
}

Status read(const std::string& file, std::string_view flag, std::vector<LedgerRow>& rows) {
  if (file.empty()) {
    return Error{Error::Kind::usage, "ledger wants --" + std::string(flag) + " FILE"};
  }
  std::string text;
  SLUICE_TRY_ASSIGN(text, io::read_file(file));
  auto ledger = diag::read_ledger(text);
  if (!ledger) {
    return in_context(file, ledger.error());
  }
  rows = std::move(*ledger);
  std::ranges::sort(rows);
  return ok;
}

}  // namespace

Result<diag::Report> run_ledger(const LedgerOptions& options, std::ostream& product) {
  Ledgers ledgers;
  SLUICE_TRY(read(options.render, "render", ledgers[0]));
  SLUICE_TRY(read(options.validate, "validate", ledgers[1]));
  SLUICE_TRY(read(options.policy, "policy", ledgers[2]));
  diag::Report report;
  const std::map<Key, Seen> objects = collect(ledgers, report);
  // A stage that stopped before its first object is said once, not once for each object.
  std::array<bool, stages.size()> blank{};
  for (std::size_t i = 1; i < stages.size(); ++i) {
    blank[i] = ledgers[i].empty() && !objects.empty();
    if (blank[i]) {
      report.findings.push_back(empty_ledger(stages[i], objects.size()));
    }
  }
  for (const auto& [key, seen] : objects) {
    if ((!blank[1] && seen[1] != seen[0]) || (!blank[2] && seen[2] != seen[0])) {
      report.findings.push_back(unbalanced(key, seen));
    }
  }
  const std::string line = (report.findings.empty() ? "" : "not balanced: ") + balance(ledgers) +
                           ", sha256 " + digest_of(ledgers[0]);
  product << line << '\n';
  report.summary = {"the ledger: " + line};
  const LedgerRow* part = part_row(ledgers[0]);
  if (part != nullptr && !options.partial) {
    report.no_verdict.push_back("the ledger of render is a part, " + text::printable(part->status) +
                                "; say --partial if that is meant");
  }
  if (checked(ledgers[0]) == 0 && !options.allow_empty) {
    report.no_verdict.push_back("nothing was rendered, so nothing was checked");
  }
  return report;
}

}  // namespace sluice::report
