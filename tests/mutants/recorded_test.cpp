// SPDX-License-Identifier: Apache-2.0
// What Kubernetes' own validation said of some mutants when it was last asked (verdicts.tsv;
// oracle_test.cpp asks it), and that the mutants are still the same.
#include "mutants/recorded.hpp"

#include "mutants/compare.hpp"
#include "support/program.hpp"

#include <gtest/gtest.h>

#include <fstream>

namespace sluice::test {
namespace {

TEST(Mutants, AreJudgedAsRecorded) {
  const Record record = read_recorded();
  ASSERT_GE(record.rows.size(), 300U);
  ASSERT_EQ(digest_of(record.rows, record.per_kind), record.digest)
      << "the mutants changed: ask the program over Kubernetes' code again";
  const auto all = mutants(record.per_kind);
  std::vector<Mutant> chosen;
  for (const Recorded& row : record.rows) {
    chosen.push_back(all.at(row.number));
  }
  std::vector<std::uint32_t> begins;
  const Scratch scratch;
  const auto file = scratch.path() / "mutants.yaml";
  std::ofstream(file, std::ios::binary) << stream_of(chosen, begins);
  const auto ours = verdicts_of(file.string(), begins);
  auto known = exceptions();
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    SCOPED_TRACE(record.rows[i].kind + ": " + record.rows[i].what + "\n" + ours[i]);
    const bool refused = record.rows[i].verdict == "reject";
    if (refused == ours[i].empty()) {
      EXPECT_TRUE(is_exception(known, record.rows[i].why, ours[i]));
    }
  }
}

}  // namespace
}  // namespace sluice::test
