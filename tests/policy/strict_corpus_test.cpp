// SPDX-License-Identifier: Apache-2.0
// What a strict reading says of the public suites beyond the Kyverno CLI, which is green about all
// of it: tests/policy/strict.txt, kept exact. SLUICE_UPDATE=1 rewrites it; read the difference.
#include "base/text.hpp"
#include "io/files.hpp"
#include "policy/strict.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

namespace sluice::policy {
namespace {

const std::string listed = std::string(SLUICE_SOURCE_DIR) + "/tests/policy/strict.txt";

std::string below(const std::string& path, const std::string& root) {
  return path.starts_with(root) ? path.substr(root.size() + 1) : path;
}

void add(const Suite& suite, const std::string& root, std::vector<std::string>& lines) {
  const auto line = [&](const diag::Location& at, const std::string& code,
                        const std::string& what) {
    lines.push_back(below(at.file, root) + ":" + std::to_string(at.line) + ": " + what + " [" +
                    code + "]");
  };
  const auto outcome = run_suite(suite);
  ASSERT_TRUE(outcome) << suite.file << ": " << outcome.error().message;
  for (const auto& row : outcome->rows) {
    if (row.verdict == SuiteRow::Verdict::excluded || row.verdict == SuiteRow::Verdict::invalid) {
      line(row.at, row.code,
           row.policy + ", " + row.rule + ", " + row.resource + ": expected " + row.expected +
               ", but " + row.reason);
    }
  }
  for (const auto& finding : outcome->findings) {
    line(finding.location, finding.code, finding.message);
  }
}

TEST(StrictCorpus, IsListed) {
  const char* corpus = std::getenv("SLUICE_CORPUS");
  if (corpus == nullptr || !io::exists(std::string(corpus) + "/kyverno-policies")) {
    GTEST_SKIP() << "SLUICE_CORPUS names no folder with kyverno-policies/";
  }
  std::vector<std::string> lines;
  for (const auto* const folder : {"/kyverno-policies", "/kyverno-cli"}) {
    const auto files = find_suites(corpus + std::string(folder));
    ASSERT_TRUE(files) << files.error().message;
    for (const auto& file : *files) {
      const auto suites = read_suites(file);
      ASSERT_TRUE(suites) << suites.error().message;
      for (const auto& suite : *suites) {
        add(suite, corpus, lines);
      }
    }
  }
  std::sort(lines.begin(), lines.end());
  const std::string text = text::join(lines, "\n") + "\n";
  if (std::getenv("SLUICE_UPDATE") != nullptr) {
    ASSERT_TRUE(io::write_atomically(listed, text));
  }
  const auto expected = io::read_file(listed);
  ASSERT_TRUE(expected);
  EXPECT_EQ(text, *expected);
}

}  // namespace
}  // namespace sluice::policy
