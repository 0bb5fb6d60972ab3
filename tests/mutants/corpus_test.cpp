// SPDX-License-Identifier: Apache-2.0
// The manifests below SLUICE_CORPUS against Kubernetes' own validation (label oracle): each object
// of a built-in kind. Needs SLUICE_API_ORACLE as oracle_test.cpp does.
#include "base/text.hpp"
#include "support/program.hpp"
#include "validate/run.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>
#include <set>
#include <sstream>

namespace sluice::test {
namespace {

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

/// An object of a file, "Kind/name"; empty for what has no name.
using Key = std::pair<std::string, std::string>;

struct Said {
  std::map<Key, bool> refused;  ///< of objects that were judged
  std::set<std::string> files_refused;
};

std::vector<std::string> manifests(const std::filesystem::path& root) {
  std::set<std::string> out;
  for (const char* folder : {"manifests", "validate-corners"}) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root / folder)) {
      const auto extension = entry.path().extension();
      if (entry.is_regular_file() && (extension == ".yaml" || extension == ".yml")) {
        out.insert(std::filesystem::relative(entry.path(), root).string());
      }
    }
  }
  return {out.begin(), out.end()};
}

Said ask(const std::string& oracle,
         const std::vector<std::string>& files,
         const std::filesystem::path& root) {
  Said said;
  Program program{.argv = {oracle}, .env = {}, .cwd = root};
  program.argv.insert(program.argv.end(), files.begin(), files.end());
  const auto ran = run(program);
  EXPECT_EQ(ran.exit, 0) << ran.err.substr(0, 2000);
  std::istringstream lines(ran.out);
  for (std::string line; std::getline(lines, line);) {
    const auto answer = nlohmann::json::parse(line);
    const auto verdict = answer.at("verdict").get<std::string>();
    const auto file = answer.at("file").get<std::string>();
    const auto gvk = answer.at("gvk").get<std::string>();
    const auto name = answer.at("name").get<std::string>();
    if (verdict == "reject") {
      said.files_refused.insert(file);
    }
    if ((verdict == "accept" || verdict == "reject") && !name.empty()) {
      const std::string object = gvk.substr(gvk.rfind('/') + 1) + "/" + name;
      bool& refused = said.refused[{file, object}];
      refused = refused || verdict == "reject";
    }
  }
  return said;
}

Said ours(const std::vector<std::string>& files, const std::filesystem::path& root) {
  Said said;
  validate::Options options;
  options.versions = {*schema::parse_kube_version("1.33")};
  options.allow_empty = true;
  options.allow_missing_schemas = true;
  options.stream_crds = false;
  cli::Common common;
  common.jobs = 2;
  for (const std::string& file : files) {
    common.inputs.push_back((root / file).string());
  }
  const auto report = validate::run(options, common);
  EXPECT_TRUE(report);
  for (const diag::Finding& finding : report->findings) {
    if (finding.severity == diag::Severity::error && finding.code != "meta/duplicate-object") {
      const auto file = std::filesystem::relative(finding.location.file, root).string();
      said.files_refused.insert(file);
      said.refused[{file, finding.object.kind + "/" + finding.object.name}] = true;
    }
  }
  return said;
}

/// File, object, evidence.
std::map<Key, std::string> exceptions() {
  std::map<Key, std::string> out;
  std::ifstream in(SLUICE_SOURCE_DIR "/tests/mutants/corpus_exceptions.tsv");
  for (std::string line; std::getline(in, line);) {
    const auto cells = text::split(line, '\t');
    if (cells.size() == 3 && !line.starts_with('#')) {
      out[{std::string(cells[0]), std::string(cells[1])}] = cells[2];
    }
  }
  return out;
}

TEST(Corpus, IsJudgedAsTheApiServerJudgesIt) {
  const auto oracle = variable("SLUICE_API_ORACLE");
  const auto root = variable("SLUICE_CORPUS");
  if (oracle.empty() || root.empty()) {
    GTEST_SKIP() << "SLUICE_API_ORACLE or SLUICE_CORPUS is not set";
  }
  const auto files = manifests(root);
  const Said theirs = ask(oracle, files, root);
  const Said we = ours(files, root);
  std::set<Key> different;
  for (const auto& [key, refused] : theirs.refused) {
    const auto found = we.refused.find(key);
    const bool by_us = found != we.refused.end() ||
                       (refused && we.files_refused.contains(key.first));  // unreadable as a whole
    if (by_us != refused) {
      different.insert(key);
    }
  }
  for (const std::string& file : theirs.files_refused) {
    if (!we.files_refused.contains(file)) {
      different.insert({file, ""});
    }
  }
  std::set<Key> expected;
  for (const auto& [key, evidence] : exceptions()) {
    expected.insert(key);
  }
  std::cout << theirs.refused.size() << " objects of " << files.size() << " files, "
            << different.size() << " judged otherwise\n";
  EXPECT_EQ(different, expected);
}

}  // namespace
}  // namespace sluice::test
