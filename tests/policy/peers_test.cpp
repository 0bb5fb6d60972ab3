// SPDX-License-Identifier: Apache-2.0
// Tests of policies through the real Kyverno CLI and through us, row by row.
#include "base/text.hpp"
#include "policy/suite.hpp"
#include "proc/runner.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

namespace sluice::policy {
namespace {

/// "policy rule resource result" of each row of the CLI's tables.
std::vector<std::string> rows_of(const std::string& output) {
  std::vector<std::string> rows;
  for (const auto line : text::split(output, '\n')) {
    // The cells stand between box-drawing bars of three bytes.
    const std::string plain = text::replace_all(std::string(line), "\xE2\x94\x82", "|");
    const auto cells = text::split(plain, '|');
    if (cells.size() < 7 ||
        text::trim(cells[1]).find_first_not_of("0123456789") != std::string_view::npos ||
        text::trim(cells[1]).empty()) {
      continue;
    }
    std::string row;
    for (std::size_t i = 2; i < 7; ++i) {
      row += (row.empty() ? "" : " ") + std::string(text::trim(cells[i]));
    }
    rows.push_back(row);
  }
  return rows;
}

std::vector<std::string> our_rows(const std::string& folder) {
  std::vector<std::string> rows;
  const auto files = find_suites(folder);
  for (const auto& file : *files) {
    const auto suites = read_suites(file);
    EXPECT_TRUE(suites) << suites.error().message;
    for (const auto& suite : *suites) {
      const auto outcome = run_suite(suite);
      EXPECT_TRUE(outcome);
      for (const auto& row : outcome->rows) {
        const bool excluded = row.verdict == SuiteRow::Verdict::excluded ||
                              row.verdict == SuiteRow::Verdict::passed_over;
        rows.push_back(row.policy + " " + row.rule + " " + row.resource +
                       (row.verdict == SuiteRow::Verdict::agreed ? " Pass Ok"
                        : excluded                               ? " Pass Excluded"
                                                                 : " differs"));
      }
    }
  }
  return rows;
}

void expect_same_rows(const std::string& folder, std::size_t count) {
  const std::string kyverno = proc::find_in_path("kyverno");
  if (kyverno.empty()) {
    GTEST_SKIP() << "kyverno is not in PATH";
  }
  const auto ran = proc::make_runner()->run({.argv = {kyverno, "test", folder, "--remove-color"},
                                             .env = {{"HOME", "/tmp"}, {"PATH", "/usr/bin:/bin"}}});
  ASSERT_TRUE(ran) << ran.error().message;
  EXPECT_EQ(ran->code, 0) << ran->out;
  auto theirs = rows_of(ran->out);
  auto ours = our_rows(folder);
  std::sort(theirs.begin(), theirs.end());
  std::sort(ours.begin(), ours.end());
  EXPECT_EQ(ours.size(), count);
  std::vector<std::string> different;
  std::set_symmetric_difference(ours.begin(), ours.end(), theirs.begin(), theirs.end(),
                                std::back_inserter(different));
  EXPECT_TRUE(different.empty()) << text::join(different, "\n");
}

TEST(Peers, PackThroughKyverno) {
  expect_same_rows(std::string(SLUICE_SOURCE_DIR) + "/policies", 275);
}

TEST(Peers, SignedManifests) {
  expect_same_rows(std::string(SLUICE_SOURCE_DIR) + "/tests/policy/signed", 168);
}

/// The recorded rows of the corpus have 28 of this folder twice, because it was run for itself and
/// its sub-folders for themselves: run once, there are 34 (corpus_left.tsv).
TEST(Peers, NestedFoldersOnce) {
  const char* corpus = std::getenv("SLUICE_CORPUS");
  if (corpus == nullptr) {
    GTEST_SKIP() << "skipped: SLUICE_CORPUS names no corpus";
  }
  expect_same_rows(std::string(corpus) + "/kyverno-cli/test-mutate", 34);
}

}  // namespace
}  // namespace sluice::policy
