// SPDX-License-Identifier: Apache-2.0
// The API server's own verdicts on corner cases, and on charts that people deploy (label corpus;
// skipped without SLUICE_CORPUS).
#include "base/text.hpp"
#include "io/files.hpp"
#include "validate/run.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <set>

namespace sluice::validate {
namespace {

std::string corpus() {
  const char* named = std::getenv("SLUICE_CORPUS");
  return named == nullptr ? std::string() : std::string(named);
}

diag::Report report_on(const std::string& path) {
  Options options;
  options.versions = {*schema::parse_kube_version("1.33")};
  options.allow_empty = true;
  cli::Common common;
  common.inputs = {path};
  common.jobs = 2;
  return *run(options, common);
}

bool refuses(const diag::Report& report) {
  return diag::exit_code(report, diag::FailOn::error) != 0;
}

/// Case to "accept" or "reject", of the API server's column in verdicts.md.
std::map<std::string, std::string> verdicts(const std::string& folder) {
  std::map<std::string, std::string> out;
  const auto bytes = io::read_file(folder + "/verdicts.md");
  for (const std::string_view line : text::split(*bytes, '\n')) {
    const auto cells = text::split(line, '|');
    if (cells.size() > 6 &&
        (text::trim(cells[5]) == "accept" || text::trim(cells[5]) == "reject")) {
      out[std::string(text::trim(cells[1]))] = text::trim(cells[5]);
    }
  }
  return out;
}

/// Where the answer is another one than the API server's: objects that stand twice in one file,
/// which is an error here by decision, and rules in CEL. Shrinks only.
const std::set<std::string> known_differences{"78-dup-resource", "86-crd-cel-bad"};

TEST(Corpus, AnswersCornersAsTheApiServer) {
  if (corpus().empty()) {
    GTEST_SKIP() << "SLUICE_CORPUS is not set";
  }
  const std::string folder = corpus() + "/validate-corners";
  const auto wanted = verdicts(folder);
  ASSERT_EQ(wanted.size(), 77U);
  const auto entries = io::walk(folder);
  std::size_t right = 0;
  std::set<std::string> different;
  for (const io::Entry& entry : *entries) {
    const std::string name = entry.path.substr(0, entry.path.find('.'));
    if (const auto verdict = wanted.find(name); verdict != wanted.end()) {
      const bool same =
          refuses(report_on(folder + "/" + entry.path)) == (verdict->second == "reject");
      right += same ? 1 : 0;
      if (!same) {
        different.insert(name);
      }
    }
  }
  std::printf("corners answered as the API server does: %zu of %zu\n", right, wanted.size());
  EXPECT_GE(right, 75U);
  EXPECT_EQ(different, known_differences);
}

TEST(Corpus, RefusesOfRenderedChartsOnlyWhatTheApiServerRefuses) {
  if (corpus().empty()) {
    GTEST_SKIP() << "SLUICE_CORPUS is not set";
  }
  const diag::Report report = report_on(corpus() + "/manifests");
  std::size_t refused = 0;
  std::set<std::string> files;
  for (const diag::Finding& finding : report.findings) {
    const bool custom = finding.object.api_version.find("kserve.io") != std::string::npos;
    if (finding.severity == diag::Severity::error && finding.code != "schema/unknown-kind" &&
        finding.code != "schema/removed-api" && !custom) {
      ++refused;
      files.insert(finding.location.file.substr(finding.location.file.rfind('/') + 1));
    }
  }
  EXPECT_EQ(refused, 7U);  // as the API server's own code: two documents with a key twice, a bad
                           // base64, two volumes, a subject without a namespace, a path without a
                           // type
  EXPECT_EQ(files, (std::set<std::string>{"03-non-defaults-values.yaml", "clusterrolebinding.yaml",
                                          "hf_secret.yaml", "kfserving-ingress.yaml", "pv.yaml"}));
}

}  // namespace
}  // namespace sluice::validate
