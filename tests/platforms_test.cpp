// SPDX-License-Identifier: Apache-2.0
// Runs the whole chain (ci/run.sh with the real helm and kustomize) over every
// fixtures/platforms/<platform>/: repo/ must be clean, and each fail/<name>/, laid over it, must
// fail as its `expect` file says (CONTRIBUTING.md, "Add a failing state"). Lines of `expect`:
//
//   exit N            the chain's exit code
//   code AREA/NAME    a finding with this code is there, and ...
//   file PATH         ... it points into this file
//   object KIND/NAME  ... it is about this object
//   message WORDS     ... its message or hint holds these words; without a code, a reason of
//                     "no verdict" does
//   base repo         the passing state is the base
//   delete PATH       the passing state's PATH is not there
//
// A platform may have two things more: recorded/, what its pipeline leaves in the work tree
// (reports, a model), which is laid over repo/ first; and `flags`, words for ci/run.sh, of which
// "@NAME" is a copy of the repository of platform NAME.
#include "support/chain.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

namespace sluice::test {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

const fs::path source = SLUICE_SOURCE_DIR;
const fs::path platforms = source / "fixtures/platforms";

struct Expectation {
  int exit = 0;
  std::string code, file, object, message;
  bool with_base = false;
  std::vector<std::string> deleted;
};

Expectation read_expectation(const fs::path& path) {
  Expectation expected;
  std::istringstream in(read_file(path));
  for (std::string line; std::getline(in, line);) {
    const auto space = line.find(' ');
    const auto name = line.substr(0, space);
    const auto value = space == std::string::npos ? "" : line.substr(space + 1);
    if (name == "exit") {
      expected.exit = std::stoi(value);
    } else if (name == "code") {
      expected.code = value;
    } else if (name == "file") {
      expected.file = value;
    } else if (name == "object") {
      expected.object = value;
    } else if (name == "message") {
      expected.message = value;
    } else if (name == "base") {
      expected.with_base = true;
    } else if (name == "delete") {
      expected.deleted.push_back(value);
    } else if (!name.empty() && !name.starts_with('#')) {
      throw std::runtime_error(path.string() + ": unknown line: " + line);
    }
  }
  return expected;
}

/// All findings and all reasons for "no verdict" of a run.
struct Reports {
  std::vector<json> findings;
  std::string reasons;
};

Reports read_reports(const fs::path& out) {
  Reports reports;
  for (const auto& entry : fs::directory_iterator(out)) {
    if (entry.path().extension() != ".json" || entry.path().filename() == "index.json") {
      continue;
    }
    const auto report = json::parse(read_file(entry.path()), nullptr, false);
    if (report.is_discarded() || !report.contains("findings")) {
      continue;
    }
    for (const auto& finding : report["findings"]) {
      reports.findings.push_back(finding);
    }
    if (report.contains("no_verdict")) {
      reports.reasons += report["no_verdict"].dump() + '\n';
    }
  }
  return reports;
}

bool fits(const json& finding, const Expectation& expected) {
  const auto text = [&](const char* object, const char* key) {
    const auto found = finding.find(object);
    return found == finding.end() || !found->contains(key) ? "" : (*found)[key].get<std::string>();
  };
  const auto words = finding.value("message", "") + '\n' + finding.value("hint", "");
  const auto place = text("location", "file");
  const auto object = text("resource", "kind") + '/' + text("resource", "name");
  return finding.value("code", "") == expected.code &&
         (expected.file.empty() || place == expected.file) &&
         (expected.object.empty() || object == expected.object) &&
         words.find(expected.message) != std::string::npos;
}

class PlatformCase : public testing::Test {
 public:
  PlatformCase(fs::path platform, std::string failure)
      : platform_(std::move(platform)), failure_(std::move(failure)) {}

  void TestBody() override {
    const Scratch scratch;
    const auto repo = scratch.path() / "repo";
    fs::copy(platform_ / "repo", repo,
             fs::copy_options::recursive | fs::copy_options::copy_symlinks);
    if (fs::exists(platform_ / "recorded")) {
      fs::copy(platform_ / "recorded", repo, fs::copy_options::recursive);
    }
    Expectation expected;
    if (!failure_.empty()) {
      const auto overlay = platform_ / "fail" / failure_;
      expected = read_expectation(overlay / "expect");
      for (const auto& path : expected.deleted) {
        fs::remove_all(repo / path);
      }
      fs::copy(overlay, repo,
               fs::copy_options::recursive | fs::copy_options::overwrite_existing |
                   fs::copy_options::copy_symlinks);
      fs::remove(repo / "expect");
    }
    std::vector<std::string> flags = split_words(read_file(platform_ / "flags"));
    for (std::string& word : flags) {
      if (word.starts_with('@')) {
        const std::string name = word.substr(1);
        word = (scratch.path() / name).string();
        fs::copy(platforms / name / "repo", word, fs::copy_options::recursive);
      }
    }
    if (expected.with_base) {
      flags.insert(flags.end(), {"--base", (platform_ / "repo").string()});
    }
    const auto out = scratch.path() / "out";
    const auto ran = run_chain(repo, out, flags);
    EXPECT_EQ(ran.exit, expected.exit) << ran.out << ran.err;
    if (!expected.code.empty() || !expected.message.empty()) {
      const auto reports = read_reports(out);
      EXPECT_TRUE(
          std::ranges::any_of(reports.findings, [&](const auto& f) { return fits(f, expected); }) ||
          (expected.exit == 2 && !expected.message.empty() &&
           reports.reasons.find(expected.message) != std::string::npos))
          << "no finding " << expected.code << ' ' << expected.file << ' ' << expected.object << ' '
          << expected.message << '\n'
          << ran.out << ran.err;
    }
  }

 private:
  fs::path platform_;
  std::string failure_;
};

void add(const fs::path& platform, const std::string& failure) {
  const auto name = failure.empty() ? "passes" : "fails-" + failure;
  testing::RegisterTest(platform.filename().c_str(), name.c_str(), nullptr, nullptr, __FILE__,
                        __LINE__,
                        [=]() -> testing::Test* { return new PlatformCase(platform, failure); });
}

}  // namespace
}  // namespace sluice::test

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  std::vector<std::filesystem::path> folders;
  for (const auto& entry : std::filesystem::directory_iterator(sluice::test::platforms)) {
    if (entry.is_directory()) {  // beside them: the README
      folders.push_back(entry.path());
    }
  }
  std::ranges::sort(folders);
  for (const auto& platform : folders) {
    sluice::test::add(platform, "");
    std::vector<std::string> failures;
    for (const auto& entry : std::filesystem::directory_iterator(platform / "fail")) {
      failures.push_back(entry.path().filename());
    }
    std::ranges::sort(failures);
    for (const auto& failure : failures) {
      sluice::test::add(platform, failure);
    }
  }
  return RUN_ALL_TESTS();
}
