// SPDX-License-Identifier: Apache-2.0
// The pack's own tests through the real Kyverno CLI and through us, row by row.
#include "base/text.hpp"
#include "policy/suite.hpp"
#include "proc/runner.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace sluice::policy {
namespace {

const std::string pack = std::string(SLUICE_SOURCE_DIR) + "/policies";

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

std::vector<std::string> our_rows() {
  std::vector<std::string> rows;
  const auto files = find_suites(pack);
  for (const auto& file : *files) {
    const auto suites = read_suites(file);
    EXPECT_TRUE(suites) << suites.error().message;
    for (const auto& suite : *suites) {
      const auto outcome = run_suite(suite);
      EXPECT_TRUE(outcome);
      for (const auto& row : outcome->rows) {
        const bool ok_row = row.verdict == SuiteRow::Verdict::agreed;
        rows.push_back(row.policy + " " + row.rule + " " + row.resource +
                       (ok_row ? " Pass Ok" : " differs"));
      }
    }
  }
  return rows;
}

TEST(Peers, PackThroughKyverno) {
  const std::string kyverno = proc::find_in_path("kyverno");
  if (kyverno.empty()) {
    GTEST_SKIP() << "kyverno is not in PATH";
  }
  const auto ran = proc::make_runner()->run({.argv = {kyverno, "test", pack, "--remove-color"},
                                             .env = {{"HOME", "/tmp"}, {"PATH", "/usr/bin:/bin"}}});
  ASSERT_TRUE(ran) << ran.error().message;
  EXPECT_EQ(ran->code, 0) << ran->out;
  auto theirs = rows_of(ran->out);
  auto ours = our_rows();
  std::sort(theirs.begin(), theirs.end());
  std::sort(ours.begin(), ours.end());
  EXPECT_GT(ours.size(), 100U);
  std::vector<std::string> different;
  std::set_symmetric_difference(ours.begin(), ours.end(), theirs.begin(), theirs.end(),
                                std::back_inserter(different));
  EXPECT_TRUE(different.empty()) << text::join(different, "\n");
}

}  // namespace
}  // namespace sluice::policy
