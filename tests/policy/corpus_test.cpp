// SPDX-License-Identifier: Apache-2.0
// The public suites of Kyverno policies that the real CLI passes, and what it says of each row.
// Read from the corpus, not copied: SLUICE_CORPUS names it.
#include "base/text.hpp"
#include "io/files.hpp"
#include "policy/suite.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <map>

namespace sluice::policy {
namespace {

// Raise it when more is built.
constexpr int classic_rows_agreed = 1330;
constexpr int classic_rows = 1358;
const std::string left_path = std::string(SLUICE_SOURCE_DIR) + "/tests/policy/corpus_left.tsv";

struct Row {
  std::string reason;
  bool classic = false;  ///< else of a policy in CEL
  std::string cells;     ///< the line, without the language
  std::string suite_and_policy;
  bool seen = false;
  bool agreed = false;
};

/// The rows of the real CLI: "suite policy rule resource" to its reason, "Ok" or "Excluded".
std::multimap<std::string, Row> real_rows(const std::string& corpus) {
  std::multimap<std::string, Row> rows;
  const auto text = io::read_file(corpus + "/kyverno-cli-results.tsv");
  if (!text) {
    return rows;
  }
  for (const auto line : text::split(*text, '\n')) {
    const auto cells = text::split(line, '\t');
    if (cells.size() == 7) {
      rows.emplace(std::string(cells[0]) + " " + std::string(cells[2]) + " " +
                       std::string(cells[3]) + " " + std::string(cells[4]),
                   Row{.reason = std::string(cells[6]),
                       .classic = cells[1] == "classic",
                       .cells = std::string(cells[0]) +
                                std::string(line.substr(cells[0].size() + 1 + cells[1].size())),
                       .suite_and_policy = std::string(cells[0]) + " " + std::string(cells[2])});
    }
  }
  return rows;
}

struct Tally {
  int agreed = 0;
  std::map<std::string, int> unsupported;
  std::vector<std::string> wrong;
};

class Comparison {
 public:
  explicit Comparison(std::string corpus) : corpus_(std::move(corpus)), real_(real_rows(corpus_)) {}

  void run_folder(const std::string& folder) {
    const auto files = find_suites(corpus_ + folder);
    ASSERT_TRUE(files) << files.error().message;
    for (const auto& file : *files) {
      const auto suites = read_suites(file);
      ASSERT_TRUE(suites) << suites.error().message;
      for (const auto& suite : *suites) {
        const auto outcome = run_suite(suite);
        ASSERT_TRUE(outcome) << file << ": " << outcome.error().message;
        for (const auto& row : outcome->rows) {
          take(row);
        }
      }
    }
  }

  [[nodiscard]] auto classic() const {
    return std::count_if(real_.begin(), real_.end(),
                         [](const auto& row) { return row.second.classic; });
  }
  /// Classic rows of the real CLI that no row of ours agrees with, and what is known of each; the
  /// rows are sorted, and end in line feeds.
  [[nodiscard]] std::string left() const {
    std::vector<std::string> lines;
    for (const auto& [key, row] : real_) {
      if (row.classic && !row.agreed) {
        lines.push_back(row.cells + "\t" + evidence(key, row) + "\n");
      }
    }
    std::sort(lines.begin(), lines.end());
    return "suite\tpolicy\trule\tresource\tresult\treason\tevidence\n" + text::join(lines, "");
  }
  Tally tally;

 private:
  [[nodiscard]] std::string evidence(const std::string& key, const Row& row) const {
    if (const auto found = no_verdict_.find(row.suite_and_policy); found != no_verdict_.end()) {
      return "no verdict: " + found->second;
    }
    const auto [first, last] = real_.equal_range(key);
    const auto has = [&, from = first, to = last](const auto& fits) {
      return std::any_of(from, to, [&](const auto& entry) { return fits(entry.second); });
    };
    // The folders of test-mutate lie in each other, and each was run for itself: `kyverno test` on
    // the outermost prints each row once, as we do (peers_test.cpp, NestedFoldersOnce).
    if (has([&](const Row& r) { return r.agreed && r.cells == row.cells; })) {
      return "recorded again: folders of tests lie in each other, and the CLI run once has it once";
    }
    if (row.reason == "Excluded" &&
        has([](const Row& r) { return r.agreed && r.reason != "Excluded"; })) {
      return "the CLI looks at images twice, and this look says nothing";
    }
    return "not explained";
  }

  void take(const SuiteRow& row) {
    const std::string key = row.suite.substr(corpus_.size() + 1) + " " + row.policy + " " +
                            row.rule + " " + row.resource;
    if (row.verdict == SuiteRow::Verdict::unsupported) {
      const std::string reason = row.reason.substr(0, row.reason.find('('));
      ++tally.unsupported[reason];
      no_verdict_[row.suite.substr(corpus_.size() + 1) + " " + row.policy] =
          text::printable(reason);
      return;
    }
    const auto [first, last] = real_.equal_range(key);
    const bool excluded =
        row.verdict == SuiteRow::Verdict::excluded || row.verdict == SuiteRow::Verdict::passed_over;
    const auto next = [&, from = first, to = last](const auto& fits) {
      return std::find_if(
          from, to, [&](const auto& entry) { return !entry.second.seen && fits(entry.second); });
    };
    // The CLI looks at images twice and shows the look that says nothing as a row of its own.
    auto real = next([&](const Row& r) { return (r.reason == "Excluded") == excluded; });
    real = real == last ? next([](const Row&) { return true; }) : real;
    if (real == last) {
      wrong(row, "the real CLI has no such row");
      return;
    }
    real->second.seen = true;
    if (row.verdict != SuiteRow::Verdict::agreed && !excluded) {
      wrong(row, "the real CLI agrees");
    } else if (excluded != (real->second.reason == "Excluded")) {
      wrong(row, "the real CLI says " + real->second.reason);
    } else {
      real->second.agreed = true;
      tally.agreed += real->second.classic ? 1 : 0;
    }
  }

  void wrong(const SuiteRow& row, const std::string& why) {
    tally.wrong.push_back(row.suite + " " + row.policy + "/" + row.rule + " " + row.resource +
                          ": expected " + row.expected + ", got " + row.got + " (" + row.reason +
                          "); " + why);
  }

  std::string corpus_;
  std::multimap<std::string, Row> real_;
  std::map<std::string, std::string> no_verdict_;  ///< why, by suite and policy
};

TEST(Corpus, ClassicSuites) {
  const char* corpus = std::getenv("SLUICE_CORPUS");
  if (corpus == nullptr || !io::exists(std::string(corpus) + "/kyverno-policies")) {
    GTEST_SKIP() << "SLUICE_CORPUS names no folder with kyverno-policies/";
  }
  Comparison comparison(corpus);
  for (const auto* const folder : {"/kyverno-policies", "/kyverno-cli"}) {
    comparison.run_folder(folder);
  }
  for (const auto& [reason, count] : comparison.tally.unsupported) {
    std::cout << "unsupported: " << count << " rows, " << text::printable(reason) << "\n";
  }
  std::cout << "classic rows of the real CLI: " << comparison.classic()
            << "; agreed: " << comparison.tally.agreed
            << "; wrong: " << comparison.tally.wrong.size() << "\n";
  for (const auto& line : comparison.tally.wrong) {
    ADD_FAILURE() << line;
  }
  EXPECT_EQ(comparison.classic(), classic_rows);
  EXPECT_GE(comparison.tally.agreed, classic_rows_agreed);
  const std::string left = comparison.left();
  EXPECT_EQ(left.find("not explained"), std::string::npos) << left;
  if (std::getenv("SLUICE_UPDATE") != nullptr) {
    ASSERT_TRUE(io::write_atomically(left_path, left));
  }
  const auto listed = io::read_file(left_path);
  ASSERT_TRUE(listed) << listed.error().message;
  EXPECT_EQ(left, *listed) << "SLUICE_UPDATE=1 writes " << left_path;
}

}  // namespace
}  // namespace sluice::policy
