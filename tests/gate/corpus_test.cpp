// SPDX-License-Identifier: Apache-2.0
// Real reports (label corpus; skipped without SLUICE_CORPUS): the counts per severity are those of
// an independent counter (count_reports.py), or the report is refused for the reason that
// refused.tsv gives; it lists all of them.
#include "gate/read.hpp"
#include "io/files.hpp"
#include "support/program.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>
#include <map>
#include <sstream>
#include <string>

namespace sluice::gate {
namespace {

std::string counts_of(const Report& report) {
  std::map<std::string, int> counts;
  for (const Finding& finding : report.findings) {
    if (finding.suppressed.empty()) {
      ++counts[std::string(name(finding.severity))];
    }
  }
  std::string line;
  for (const auto& [severity, count] : counts) {
    line += (line.empty() ? "" : ",") + severity + '=' + std::to_string(count);
  }
  return line.empty() ? "none found" : line;
}

std::map<std::string, std::string> refusals() {
  std::map<std::string, std::string> out;
  std::istringstream in(test::read_file(SLUICE_SOURCE_DIR "/tests/gate/refused.tsv"));
  for (std::string line; std::getline(in, line);) {
    const std::size_t tab = line.find('\t');
    out[line.substr(0, tab)] = line.substr(tab + 1);
  }
  return out;
}

TEST(Corpus, CountsAreThoseOfAnIndependentCounter) {
  const char* corpus = std::getenv("SLUICE_CORPUS");
  if (corpus == nullptr) {
    GTEST_SKIP() << "skipped: SLUICE_CORPUS names no corpus";
  }
  const std::string root = std::string(corpus) + "/scan";
  const auto counted = test::run(
      {.argv = {"/usr/bin/env", "python3", SLUICE_SOURCE_DIR "/tests/gate/count_reports.py", root},
       .env = {"PATH=/usr/local/bin:/usr/bin:/bin"},
       .cwd = "/"});
  ASSERT_EQ(counted.exit, 0) << counted.err;
  auto refused = refusals();
  int equal = 0;
  int no_verdict = 0;
  std::istringstream in(counted.out);
  for (std::string line; std::getline(in, line);) {
    const std::size_t first = line.find('\t');
    const std::size_t second = line.find('\t', first + 1);
    const std::string path = line.substr(0, first);
    const auto bytes = io::read_file(root + '/' + path);
    ASSERT_TRUE(bytes) << path;
    const auto report = read_report(line.substr(first + 1, second - first - 1), *bytes);
    if (report) {
      EXPECT_EQ(counts_of(*report), line.substr(second + 1)) << path;
      EXPECT_FALSE(refused.contains(path)) << path << " is read, and listed as refused";
      ++equal;
      continue;
    }
    ++no_verdict;
    const std::string why = report.error().message;
    EXPECT_EQ(refused[path], why.substr(0, why.find(':'))) << path << '\t' << why;
    refused.erase(path);
  }
  EXPECT_GT(equal, 100);
  std::cout << equal << " reports with equal counts, " << no_verdict << " refused as listed\n";
}

}  // namespace
}  // namespace sluice::gate
