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

// Floors, from the run that set them; raise them when more is built.
constexpr int classic_rows_agreed = 1205;
constexpr int classic_rows = 1358;

struct Row {
  std::string reason;
  bool classic = false;  ///< else of a policy in CEL
  bool seen = false;
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
                   Row{std::string(cells[6]), cells[1] == "classic"});
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
  Tally tally;

 private:
  void take(const SuiteRow& row) {
    const std::string key = row.suite.substr(corpus_.size() + 1) + " " + row.policy + " " +
                            row.rule + " " + row.resource;
    if (row.verdict == SuiteRow::Verdict::unsupported) {
      ++tally.unsupported[row.reason.substr(0, row.reason.find('('))];
      return;
    }
    const auto [first, last] = real_.equal_range(key);
    const bool excluded = row.verdict == SuiteRow::Verdict::excluded;
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
}

}  // namespace
}  // namespace sluice::policy
