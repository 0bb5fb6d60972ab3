// SPDX-License-Identifier: Apache-2.0
// The ways in which a scan looks clean and is none, F1 to F21: each has failing cases among the
// golden ones (fixtures/scan-gate/fail-fNN-*), which end in 1 or 2 with words that name it, and a
// clean twin, which ends in 0. What the programs print is compared by the golden test.
#include "support/program.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

namespace sluice::gate {
namespace {

namespace fs = std::filesystem;

const fs::path cases = fs::path(SLUICE_SOURCE_DIR) / "fixtures/scan-gate";

struct FalseGreen {
  std::string id;
  std::vector<std::string> names;  ///< of which a case prints one
  std::string twin;
};

const std::vector<FalseGreen> false_greens = {
    {"f01", {"missing", "empty"}, "pass-trivy"},
    {"f02", {"cut short", "no JSON"}, "pass-junit"},
    {"f03", {"wrong file"}, "pass-sarif"},
    {"f04", {"changed schema"}, "pass-gitlab"},
    {"f05", {"null results"}, "pass-sarif"},
    {"f06", {"nothing scanned"}, "pass-floor"},
    {"f07", {"wrong subject"}, "pass-image-file"},
    {"f08", {"stale"}, "pass-record"},
    {"f09", {"scanner failed", "wrong file"}, "pass-run"},
    {"f10", {"old database"}, "pass-database"},
    {"f11", {"no advisories any more"}, "pass-trivy"},
    {"f12", {"(unknown)", "(critical)", "(high)"}, "pass-unknown-ignored"},
    {"f13", {"filtered upstream", "set aside by the scanner"}, "pass-filter-allowed"},
    {"f14", {"partly scanned"}, "pass-bandit"},
    {"f15", {"two waivers", "new since the baseline"}, "pass-baseline"},
    {"f16", {"coverage drop"}, "pass-baseline"},
    {"f17", {"shallow clone"}, "pass-clean-with-record"},
    {"f18", {"cut short"}, "pass-sarif"},
    {"f19", {"missing"}, "pass-trivy"},
    {"f20", {"expired", "ends on", "unknown key", "expire", "waiver"}, "pass-waiver"},
    {"f21", {"scanner not run"}, "pass-run-canary"},
};

int exit_of(const fs::path& folder) {
  return std::stoi(test::read_file(folder / "exit"));
}

TEST(FalseGreens, EachHasFailingCasesThatNameItAndACleanTwin) {
  for (const FalseGreen& row : false_greens) {
    int found = 0;
    for (const auto& entry : fs::directory_iterator(cases)) {
      const std::string name = entry.path().filename();
      if (!name.starts_with("fail-" + row.id + '-')) {
        continue;
      }
      ++found;
      const std::string says = test::read_file(entry.path() / "expected") +
                               test::read_file(entry.path() / "expected-stderr");
      EXPECT_TRUE(exit_of(entry.path()) == 1 || exit_of(entry.path()) == 2) << name;
      EXPECT_TRUE(std::ranges::any_of(
          row.names, [&](const std::string& word) { return says.find(word) != std::string::npos; }))
          << name << '\n'
          << says;
    }
    EXPECT_GT(found, 0) << row.id;
    EXPECT_EQ(exit_of(cases / row.twin), 0) << row.id;
  }
}

}  // namespace
}  // namespace sluice::gate
