// SPDX-License-Identifier: Apache-2.0
// Every unit of the fixtures' platforms, and of the repositories below SLUICE_CORPUS, against helm
// and kustomize called by hand with the arguments that index.json gives. Needs both programs.
#include "support/program.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <set>

namespace sluice::test {
namespace {

namespace fs = std::filesystem;

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

/// The documents of a stream without the comments and blank lines around them, in any order.
std::multiset<std::string> objects_in(const std::string& stream) {
  std::multiset<std::string> found;
  std::string text;
  const auto finish = [&] {
    while (text.starts_with('#') || text.starts_with('\n')) {
      text.erase(0, text.find('\n') + 1);
    }
    text.erase(text.find_last_not_of(" \n") + 1);
    if (!text.empty()) {
      found.insert(text);
    }
    text.clear();
  };
  for (std::size_t at = 0; at < stream.size();) {
    const auto end = std::min(stream.find('\n', at), stream.size() - 1) + 1;
    const auto line = stream.substr(at, end - at);
    if (line.starts_with("---")) {
      finish();
    } else {
      text += line;
    }
    at = end;
  }
  finish();
  return found;
}

/// Unit ("name@env") to its part of the stream.
std::map<std::string, std::string> units_in(const std::string& stream) {
  std::map<std::string, std::string> units;
  constexpr std::string_view start = "---\n# sluice: unit=";
  for (auto at = stream.find(start); at != std::string::npos;) {
    const auto next = stream.find(start, at + 1);
    const auto piece =
        stream.substr(at, (next == std::string::npos ? stream.rfind("# sluice: end ") : next) - at);
    const auto name = piece.substr(start.size(), piece.find(' ', start.size()) - start.size());
    const auto env = piece.find(" env=") + 5;
    units[name + "@" + piece.substr(env, piece.find_first_of(" \n", env) - env)] += piece;
    at = next;
  }
  return units;
}

struct Counts {
  int same = 0;
  int by_hand_impossible = 0;  ///< inline values, edited kustomizations, packed file:// charts
};

void compare(const fs::path& repository, Counts& counts) {
  SCOPED_TRACE(repository);
  const Scratch scratch;
  const auto path = "PATH=" + variable("PATH");
  const auto ran = run({.argv = {std::string(SLUICE_BIN_DIR) + "/sluice-render",
                                 repository.string(), "--out", (scratch.path() / "out").string(),
                                 "--allow-skips", "--no-probes", "--fail-on", "never", "--quiet"},
                        .env = {path},
                        .cwd = scratch.path()});
  ASSERT_LE(ran.exit, 2) << ran.err;
  const auto units = units_in(read_file(scratch.path() / "out/all.yaml"));
  const auto index = nlohmann::json::parse(read_file(scratch.path() / "out/index.json"));
  for (const auto& unit : index.at("units")) {
    const auto argv = unit.at("arguments").get<std::vector<std::string>>();
    if (argv.empty() || !unit.at("skipped").is_null()) {
      continue;
    }
    const auto words = argv.size();
    const auto plain = std::none_of(argv.begin(), argv.end(), [](const auto& word) {
      return word.find("(inline values)") != std::string::npos || word.starts_with("with ");
    });
    std::vector<std::string> command = {"/usr/bin/env"};
    command.insert(command.end(), argv.begin(), argv.end());
    const auto by_hand =
        run({.argv = command, .env = {path, "HOME=" + scratch.path().string()}, .cwd = repository});
    if (!plain || words == 0 || by_hand.exit != 0) {
      ++counts.by_hand_impossible;
      continue;
    }
    const auto label = unit.at("name").get<std::string>() + "@" + unit.at("env").get<std::string>();
    const auto ours = units.find(label);
    EXPECT_EQ(objects_in(ours == units.end() ? "" : ours->second), objects_in(by_hand.out))
        << label;
    ++counts.same;
  }
}

TEST(PlainLoop, GivesTheSameObjects) {
  for (const std::string program : {"helm", "kustomize"}) {
    const auto found = run({.argv = {"/bin/sh", "-c", "command -v " + program},
                            .env = {"PATH=" + variable("PATH")},
                            .cwd = "/"});
    if (found.exit != 0) {
      GTEST_SKIP() << "skipped: " << program << " is not on PATH";
    }
  }
  Counts counts;
  for (const auto& platform :
       fs::directory_iterator(fs::path(SLUICE_SOURCE_DIR) / "fixtures/platforms")) {
    compare(platform.path() / "repo", counts);
  }
  EXPECT_GT(counts.same, 20);
  if (const auto corpus = variable("SLUICE_CORPUS"); !corpus.empty()) {
    for (const auto& repository : fs::directory_iterator(fs::path(corpus) / "repos")) {
      if (repository.is_directory()) {
        compare(repository.path(), counts);
      }
    }
  }
  std::printf("%d units as by hand, %d cannot be made by hand\n", counts.same,
              counts.by_hand_impossible);
}

}  // namespace
}  // namespace sluice::test
