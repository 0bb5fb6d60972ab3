// SPDX-License-Identifier: Apache-2.0
// A render of what changed against renders of everything, over random edits of a repository
// (SLUICE_EDITS says how many, SLUICE_SEED which). Needs helm and kustomize.
#include "render/random_repository.hpp"
#include "support/program.hpp"
#include "support/units.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cstdlib>
#include <filesystem>
#include <map>

namespace sluice::test {
namespace {

namespace fs = std::filesystem;

std::string variable(const char* name, const char* otherwise) {
  const char* value = std::getenv(name);
  return value == nullptr ? otherwise : value;
}

/// What a render says of each unit ("name@env"): its part of the stream, or why it has none.
struct Render {
  std::map<std::string, std::string> units;
  std::size_t unchanged = 0;  ///< by the last line
};

Render read_render(const fs::path& folder) {
  Render render;
  const auto stream = read_file(folder / "all.yaml");
  render.units = units_in(stream);
  if (const auto at = stream.rfind(" unchanged="); at != std::string::npos) {
    render.unchanged = std::strtoul(stream.c_str() + at + 11, nullptr, 10);
  }
  for (const auto& unit : nlohmann::json::parse(read_file(folder / "index.json")).at("units")) {
    if (!unit.at("skipped").is_null()) {
      render.units[unit.at("name").get<std::string>() + "@" + unit.at("env").get<std::string>()] =
          "cannot be rendered: " + unit.at("skipped").get<std::string>();
    }
  }
  return render;
}

class ChangedSince : public testing::Test {
 protected:
  void SetUp() override {
    for (const std::string program : {"helm", "kustomize", "git"}) {
      const auto found = run({.argv = {"/bin/sh", "-c", "command -v " + program},
                              .env = {"PATH=" + path_},
                              .cwd = "/"});
      if (found.exit != 0) {
        GTEST_SKIP() << "skipped: " << program << " is not on PATH";
      }
    }
  }

  Render render(const fs::path& root, const std::vector<std::string>& flags = {}) {
    const auto out = scratch_.path() / "out";
    fs::remove_all(out);
    std::vector<std::string> argv = {std::string(SLUICE_BIN_DIR) + "/sluice-render",
                                     root.string(),
                                     "--out",
                                     out.string(),
                                     "--cache",
                                     (scratch_.path() / "cache").string(),
                                     "--allow-skips",
                                     "--no-probes",
                                     "--fail-on",
                                     "never",
                                     "--quiet"};
    argv.insert(argv.end(), flags.begin(), flags.end());
    const auto ran = run({.argv = argv, .env = {"PATH=" + path_}, .cwd = scratch_.path()});
    said_ = ran.err;
    exit_ = ran.exit;
    if (!fs::exists(out / "index.json")) {
      ADD_FAILURE() << "exit " << ran.exit << ": " << ran.err;
      return {};
    }
    return read_render(out);
  }

  void git(const std::vector<std::string>& words) {
    std::vector<std::string> argv = {
        "/usr/bin/env",        "git", "-c", "user.name=t", "-c", "user.email=t@example.com", "-c",
        "commit.gpgsign=false"};
    argv.insert(argv.end(), words.begin(), words.end());
    const auto ran = run({.argv = argv, .env = {"PATH=" + path_}, .cwd = head_});
    ASSERT_EQ(ran.exit, 0) << ran.err;
  }

  /// Every unit is in the part as it is in the whole, and nothing is left out that is not in the
  /// base just so.
  void expect_part(const Render& base, const Render& head, const Render& part) {
    for (const auto& [unit, text] : part.units) {
      const auto whole = head.units.find(unit);
      EXPECT_TRUE(whole != head.units.end() && whole->second == text)
          << unit << " is otherwise in the part:\n"
          << text << "\nthan in the whole:\n"
          << (whole == head.units.end() ? "" : whole->second);
    }
    for (const auto& [unit, text] : head.units) {
      const auto before = base.units.find(unit);
      if (!part.units.contains(unit) && (before == base.units.end() || before->second != text)) {
        ADD_FAILURE() << unit << " is left out, and it changed to\n"
                      << text << "\nfrom\n"
                      << (before == base.units.end() ? "" : before->second);
      }
    }
  }

  Scratch scratch_;
  fs::path head_ = scratch_.path() / "head";
  fs::path base_ = scratch_.path() / "base";
  std::string path_ = variable("PATH", "/usr/bin:/bin");
  std::string said_;
  int exit_ = 0;
};

TEST_F(ChangedSince, LeavesOutOnlyWhatDidNotChange) {
  const auto edits = std::strtoul(variable("SLUICE_EDITS", "25").c_str(), nullptr, 10);
  const auto seed = std::strtoul(variable("SLUICE_SEED", "1").c_str(), nullptr, 10);
  std::size_t rendered = 0;
  std::size_t changed = 0;
  std::size_t all = 0;
  unsigned life = 0;
  std::optional<RandomRepository> repository;
  Render base;
  for (std::size_t i = 0; i < edits; ++i) {
    if (i % 20 == 0) {  // a repository that was edited for long is mostly broken
      fs::remove_all(head_);
      repository.emplace(head_, static_cast<unsigned>(seed) * 1000 + life++);
      git({"init", "-q", "-b", "main"});
      git({"add", "-A"});
      git({"commit", "-q", "-m", "first"});
      base = render(head_);
      ASSERT_GT(base.units.size(), 20U) << said_;
    }
    fs::remove_all(base_);
    fs::copy(head_, base_, fs::copy_options::recursive | fs::copy_options::copy_symlinks);
    fs::remove_all(base_ / ".git");
    std::string what;
    for (unsigned n = 0; n <= i % 3; ++n) {
      what += repository->edit() + "; ";
    }
    if (i % 4 != 3) {  // else new files are not tracked
      git({"add", "-A"});
    }
    SCOPED_TRACE("seed " + std::to_string(seed) + ", edit " + std::to_string(i) + ": " + what);
    const auto head = render(head_);
    const auto part = render(head_, {"--changed-since", "main"});
    EXPECT_NE(exit_, 3) << said_;
    expect_part(base, head, part);
    const auto against_folder = render(head_, {"--changed-since", base_.string()});
    expect_part(base, head, against_folder);
    // The other way round the same units are said to differ, as far as they are there.
    const auto reverse = render(base_, {"--changed-since", head_.string()});
    expect_part(head, base, reverse);
    for (const auto& [unit, text] : against_folder.units) {
      EXPECT_TRUE(reverse.units.contains(unit) || !base.units.contains(unit))
          << unit << " differs only one way";
    }
    rendered += part.units.size();
    all += head.units.size();
    for (const auto& [unit, text] : head.units) {
      changed += base.units.contains(unit) && base.units.at(unit) == text ? 0 : 1;
    }
    if (HasFailure()) {
      break;
    }
    git({"add", "-A"});
    git({"commit", "-q", "--allow-empty", "-m", "next"});
    base = render(head_);
  }
  std::printf("%zu edits: of %zu units %zu changed and %zu were rendered\n", edits, all, changed,
              rendered);
  EXPECT_LT(rendered, all / 2);
}

TEST_F(ChangedSince, SaysThatItIsAPart) {
  const RandomRepository repository(head_, 1);
  git({"init", "-q", "-b", "main"});
  git({"add", "-A"});
  git({"commit", "-q", "-m", "first"});
  const auto whole = render(head_);
  EXPECT_EQ(exit_, 0) << said_;
  EXPECT_EQ(whole.unchanged, 0U);
  const auto nothing = render(head_, {"--changed-since", "main"});
  EXPECT_EQ(exit_, 0) << said_;
  EXPECT_TRUE(nothing.units.empty());
  EXPECT_GE(nothing.unchanged, whole.units.size());  // some units print no object
}

}  // namespace
}  // namespace sluice::test
