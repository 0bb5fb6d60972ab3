// SPDX-License-Identifier: Apache-2.0
// Every unit against helm and kustomize called by hand: the commands are written down in
// tests/render/plain/, from what the Applications and Kustomizations say, and know nothing of
// sluice-render. Needs both programs. With SLUICE_CORPUS also the repositories below its repos/;
// with SLUICE_MONOREPO also the generated repository in that folder, whose expected.json says what
// each unit is.
//
// A file of commands has a section for each unit, "## NAME@ENV"; the lines below it are run by a
// shell in a copy of the repository, or say "# skipped: WORDS", which the reason must contain.
// `all FOLDER...` prints the manifests in these folders.
#include "support/program.hpp"
#include "support/units.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <set>
#include <sstream>

namespace sluice::test {
namespace {

namespace fs = std::filesystem;

const fs::path fixtures = fs::path(SLUICE_SOURCE_DIR) / "fixtures";
const fs::path by_hand = fs::path(SLUICE_SOURCE_DIR) / "tests/render/plain";

constexpr std::string_view prelude = R"(set -eu
all() { for file in $(find "$@" -maxdepth 1 -name '*.yaml' | sort); do echo ---; cat "$file"; done; }
)";
constexpr std::string_view skip_mark = "# skipped: ";

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

/// A node as text that is equal for equal values: keys sorted, the style of scalars left out,
/// except that text in quotes is no number, truth value or null.
std::string canonical(const YAML::Node& node) {
  if (node.IsMap()) {
    std::set<std::string> members;
    for (const auto& member : node) {
      members.insert(canonical(member.first) + ": " + canonical(member.second));
    }
    std::string text = "{";
    for (const auto& member : members) {
      text += member + ",\n";
    }
    return text + "}";
  }
  if (node.IsSequence()) {
    std::string text = "[";
    for (const auto& item : node) {
      text += canonical(item) + ",\n";
    }
    return text + "]";
  }
  const auto text = node.IsNull() ? "" : node.Scalar();
  constexpr std::string_view words[] = {"", "~", "null", "true", "false", "yes", "no", "on", "off"};
  const bool resolves = std::find(std::begin(words), std::end(words), text) != std::end(words) ||
                        text.find_first_of("0123456789.") == 0 || text.find_first_of("-+") == 0;
  return (resolves && node.Tag() != "!" ? "" : "'") + text;
}

std::multiset<std::string> objects_in(const std::string& stream) {
  std::multiset<std::string> objects;
  for (const auto& document : YAML::LoadAll(stream)) {
    if (!document.IsNull()) {
      objects.insert(canonical(document));
    }
  }
  return objects;
}

/// Sections of a file of commands: unit to its lines.
std::map<std::string, std::string> sections_of(const fs::path& file) {
  std::map<std::string, std::string> sections;
  std::istringstream lines(read_file(file));
  std::string unit;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("## ")) {
      unit = line.substr(3);
    } else if (!unit.empty()) {
      sections[unit] += line + "\n";
    }
  }
  return sections;
}

/// The same of a generated repository's expected.json.
std::map<std::string, std::string> sections_of_generated(const nlohmann::json& expected) {
  std::map<std::string, std::string> sections;
  for (const auto& unit : expected.at("units")) {
    const auto text = [&](const char* key) { return unit.at(key).get<std::string>(); };
    std::string command = unit.at("tool") == "kustomize" ? "kustomize build " + text("path")
                                                         : "all " + unit.value("path", "");
    if (unit.at("tool") == "helm") {
      command = "helm template " + text("id") + " " + text("chart") + " --include-crds -n " +
                text("namespace") + " --kube-version " +
                expected.at("kube_version").get<std::string>();
      for (const auto& file : unit.at("values")) {
        command += " -f " + file.get<std::string>();
      }
    }
    sections[text("id")] = command + "\n";
  }
  return sections;
}

/// What sluice-render makes of a repository.
struct Rendered {
  std::map<std::string, std::string> units;    ///< "name@env" to its documents
  std::map<std::string, std::string> skipped;  ///< "name@env" to the reason
};

class PlainLoop : public testing::Test {
 protected:
  void SetUp() override {
    for (const std::string program : {"helm", "kustomize"}) {
      if (shell("command -v " + program, "/").exit != 0) {
        GTEST_SKIP() << "skipped: " << program << " is not on PATH";
      }
    }
  }

  Ran shell(const std::string& commands, const fs::path& folder) {
    return run({.argv = {"/bin/sh", "-c", std::string(prelude) + commands},
                .env = {"PATH=" + variable("PATH"), "HOME=" + scratch_.path().string()},
                .cwd = folder});
  }

  Rendered render(const fs::path& repository, const std::vector<std::string>& flags) {
    const auto out = scratch_.path() / "out";
    fs::remove_all(out);
    std::vector<std::string> argv = {std::string(SLUICE_BIN_DIR) + "/sluice-render",
                                     repository.string(),
                                     "--out",
                                     out.string(),
                                     "--allow-skips",
                                     "--fail-on",
                                     "never",
                                     "--quiet"};
    argv.insert(argv.end(), flags.begin(), flags.end());
    const auto ran =
        run({.argv = argv, .env = {"PATH=" + variable("PATH")}, .cwd = scratch_.path()});
    EXPECT_EQ(ran.exit, 0) << ran.err;
    if (ran.exit != 0) {
      return {};
    }
    Rendered rendered{.units = units_in(read_file(out / "all.yaml")), .skipped = {}};
    const auto index = nlohmann::json::parse(read_file(out / "index.json"));
    for (const auto& list : {index.at("units"), index.at("skipped")}) {
      for (const auto& unit : list) {
        const auto label =
            unit.at("name").get<std::string>() + "@" + unit.at("env").get<std::string>();
        if (unit.contains("reason") || !unit.at("skipped").is_null()) {
          rendered.skipped[label] = unit.value("reason", unit.value("skipped", ""));
        } else {
          rendered.units[label];
        }
      }
    }
    return rendered;
  }

  /// What a unit's commands print, run in `folder`, is what sluice-render made of it.
  void compare_unit(const Rendered& rendered,
                    const std::string& unit,
                    const std::string& commands,
                    const fs::path& folder) {
    SCOPED_TRACE(unit);
    if (commands.starts_with(skip_mark)) {
      const auto words = commands.substr(skip_mark.size(), commands.find('\n') - skip_mark.size());
      const auto skipped = rendered.skipped.find(unit);
      ASSERT_TRUE(skipped != rendered.skipped.end()) << "is not named as skipped";
      EXPECT_NE(skipped->second.find(words), std::string::npos) << skipped->second;
      ++skipped_;
      return;
    }
    const auto ours = rendered.units.find(unit);
    ASSERT_TRUE(ours != rendered.units.end()) << "is not rendered";
    const auto plain = shell(commands, folder);
    EXPECT_EQ(plain.exit, 0) << plain.err;
    EXPECT_EQ(objects_in(ours->second), objects_in(plain.out));
    ++same_;
  }

  /// Compares every unit of a repository, and there are no others.
  void compare(const fs::path& repository,
               const fs::path& commands,
               const std::vector<std::string>& flags) {
    SCOPED_TRACE(repository);
    const auto rendered = render(repository, flags);
    const auto sections = sections_of(commands);
    for (const auto& [unit, lines] : sections) {
      const auto copy = scratch_.path() / "copy";  // the commands may write
      fs::remove_all(copy);
      fs::copy(repository, copy, fs::copy_options::recursive | fs::copy_options::copy_symlinks);
      compare_unit(rendered, unit, lines, copy);
    }
    for (const auto& units : {rendered.units, rendered.skipped}) {
      for (const auto& [unit, text] : units) {
        EXPECT_TRUE(sections.contains(unit)) << unit << " has no commands in " << commands;
      }
    }
  }

  void TearDown() override {
    if (same_ == 0) {
      return;
    }
    std::printf("%d units as by hand, %d named as skipped\n", same_, skipped_);
  }

  Scratch scratch_;
  int same_ = 0;
  int skipped_ = 0;
};

TEST_F(PlainLoop, GivesTheObjectsOfEveryPlatform) {
  for (const auto& file : fs::directory_iterator(by_hand / "platforms")) {
    compare(fixtures / "platforms" / file.path().stem() / "repo", file.path(), {"--no-probes"});
  }
  EXPECT_GE(same_, 45);
}

TEST_F(PlainLoop, GivesTheObjectsOfEveryPassingCase) {
  for (const auto& file : fs::directory_iterator(by_hand / "render")) {
    compare(fixtures / "render" / file.path().stem() / "input", file.path(),
            {"--unstable", "mask"});
  }
  EXPECT_GE(same_, 12);
}

TEST_F(PlainLoop, GivesTheObjectsOfRealRepositories) {
  const auto corpus = variable("SLUICE_CORPUS");
  if (corpus.empty()) {
    GTEST_SKIP() << "skipped: SLUICE_CORPUS is not set";
  }
  for (const auto& file : fs::directory_iterator(by_hand / "corpus")) {
    compare(fs::path(corpus) / "repos" / file.path().stem(), file.path(), {"--no-probes"});
  }
  EXPECT_GE(same_, 17);
}

TEST_F(PlainLoop, GivesTheObjectsOfAGeneratedRepository) {
  const auto repository = variable("SLUICE_MONOREPO");
  if (repository.empty()) {
    GTEST_SKIP() << "skipped: SLUICE_MONOREPO is not set";
  }
  const auto expected = nlohmann::json::parse(read_file(fs::path(repository) / "expected.json"));
  const auto all =
      render(repository, {"--no-probes", "--kube-version", expected.at("kube_version")});
  EXPECT_TRUE(all.skipped.empty()) << all.skipped.begin()->first;
  Rendered rendered;  // expected.json knows the names, not what we call their environments
  for (const auto& [unit, text] : all.units) {
    rendered.units[unit.substr(0, unit.find('@'))] += text;
  }
  for (const auto& [unit, command] : sections_of_generated(expected)) {
    compare_unit(rendered, unit, command, repository);
    rendered.units.erase(unit);
  }
  for (const auto& [unit, text] : rendered.units) {
    EXPECT_NE(text.find("argoproj.io"), std::string::npos) << unit << " is one too many";
  }
}

}  // namespace
}  // namespace sluice::test
