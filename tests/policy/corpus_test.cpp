// SPDX-License-Identifier: Apache-2.0
// The public suites of Kyverno policies that the real CLI passes. Read from the corpus, not copied: SLUICE_CORPUS.
#include "io/files.hpp"
#include "policy/suite.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>
#include <map>

namespace sluice::policy {
namespace {

struct Tally {
  int agreed = 0;
  int excluded = 0;
  std::map<std::string, int> unsupported;
  std::vector<std::string> wrong;
};

void add(const SuiteRow& row, Tally& tally) {
  switch (row.verdict) {
    case SuiteRow::Verdict::agreed: ++tally.agreed; return;
    case SuiteRow::Verdict::invalid:
    case SuiteRow::Verdict::excluded: ++tally.excluded; return;
    case SuiteRow::Verdict::unsupported: ++tally.unsupported[row.reason]; return;
    default: break;
  }
  tally.wrong.push_back(row.suite + " " + row.policy + "/" + row.rule + " " + row.resource + ": expected " + row.expected + ", got " +
                        row.got + " (" + row.reason + ")");
}

TEST(Corpus, ClassicSuites) {
  const char* corpus = std::getenv("SLUICE_CORPUS");
  if (corpus == nullptr || !io::exists(std::string(corpus) + "/kyverno-policies")) {
    GTEST_SKIP() << "SLUICE_CORPUS names no folder with kyverno-policies/";
  }
  Tally tally;
  for (const std::string folder : {"/kyverno-policies", "/kyverno-cli"}) {
    const auto files = find_suites(corpus + folder);
    ASSERT_TRUE(files) << files.error().message;
    for (const auto& file : *files) {
      const auto suites = read_suites(file);
      if (!suites) {
        tally.wrong.push_back(suites.error().message);
        continue;
      }
      for (const auto& suite : *suites) {
        const auto outcome = run_suite(suite);
        if (!outcome) {
          tally.wrong.push_back(file + ": " + outcome.error().message);
          continue;
        }
        for (const auto& row : outcome->rows) {
          add(row, tally);
        }
      }
    }
  }
  int unsupported = 0;
  for (const auto& [reason, count] : tally.unsupported) {
    std::cout << "unsupported " << count << " " << reason << "\n";
    unsupported += count;
  }
  std::cout << "agreed " << tally.agreed << ", excluded " << tally.excluded << ", unsupported " << unsupported << ", wrong "
            << tally.wrong.size() << "\n";
  for (const auto& line : tally.wrong) {
    ADD_FAILURE() << line;
  }
}

}  // namespace
}  // namespace sluice::policy
