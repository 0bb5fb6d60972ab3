// SPDX-License-Identifier: Apache-2.0
// Keeps the pages true: docs/cli/ is what the programs say, every command shown does what is shown
// with it, and folders and files that are named are there.
//
// Commands run in a scratch copy of the source tree, which is a Git repository with a branch main,
// and /tmp in them is a scratch folder. In a console block, `...` stands for anything.
// SLUICE_UPDATE=1 rewrites docs/cli/; read the difference before you commit it.
#include "support/program.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace sluice::test {
namespace {

namespace fs = std::filesystem;

const fs::path source = SLUICE_SOURCE_DIR;
const fs::path programs = SLUICE_BIN_DIR;

/// Commands that are shown and not run here, and why.
const std::map<std::string, std::string> not_run = {
    {"ci/test.sh", "it installs, builds, and runs this test"},
};

struct Shown {
  std::string command;
  std::string output;  ///< what stands below it in a console block; else empty
};

struct Block {
  std::string language;  ///< "sh", "console"; empty when none is named
  std::string text;
};

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    lines.push_back(line);
  }
  return lines;
}

std::vector<Block> blocks_of(const fs::path& page) {
  std::vector<Block> blocks;
  bool open = false;
  for (const std::string& line : lines_of(read_file(page))) {
    if (line.starts_with("```")) {
      open = !open;
      if (open) {
        blocks.push_back({.language = line.substr(3), .text = {}});
      }
    } else if (open) {
      blocks.back().text += line + '\n';
    }
  }
  return blocks;
}

/// Of a block of shell; nothing of other blocks.
std::vector<Shown> commands_of(const Block& block) {
  std::vector<Shown> commands;
  for (const std::string& line : lines_of(block.text)) {
    if (block.language == "console" && line.starts_with("$ ")) {
      commands.push_back({.command = line.substr(2), .output = {}});
    } else if (block.language == "console" && !commands.empty()) {
      commands.back().output += line + '\n';
    } else if (block.language == "sh" && !line.empty() && !line.starts_with('#')) {
      commands.push_back({.command = line, .output = {}});
    }
  }
  return commands;
}

/// The exit code that the shown verdict names; 0 when none is shown.
int shown_exit(const Shown& shown) {
  std::smatch match;
  const std::regex verdict("verdict: .*\\(exit ([0-9])\\)");
  return std::regex_search(shown.output, match, verdict) ? std::stoi(match[1]) : 0;
}

/// Whether `text` is `shown` with something for each "...". Empty `shown`: anything.
bool is_as_shown(const std::string& text, const std::string& shown) {
  constexpr std::string_view gap = "...";
  std::size_t at = 0;
  std::size_t begin = 0;
  for (auto end = shown.find(gap); end != std::string::npos; end = shown.find(gap, begin)) {
    const std::string piece = shown.substr(begin, end - begin);
    const auto found = text.find(piece, at);
    if (found == std::string::npos || (begin == 0 && found != 0)) {
      return false;
    }
    at = found + piece.size();
    begin = end + gap.size();
  }
  const std::string last = shown.substr(begin);
  return shown.empty() ||
         (begin == 0 ? text == last : text.size() >= at + last.size() && text.ends_with(last));
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

/// Where commands run: a repository, and what stands for /tmp and for the home folder.
class Place {
 public:
  /// Copies `folders` of the source tree over each other.
  explicit Place(const std::vector<fs::path>& folders) {
    for (const char* name : {"tree", "tmp", "home", "log", "bin"}) {
      fs::create_directories(scratch_.path() / name);
    }
    fs::create_symlink(source / "ci/run.sh", scratch_.path() / "bin/sluice-run");  // as installed
    for (const fs::path& folder : folders) {
      add(folder, tree());
    }
    const Ran made = shell(
        "git init -q -b main . && git add -A && git -c user.name=Ada -c user.email=ada@example.com "
        "commit -q -m 'The base' && git remote add origin "
        "https://git.example.com/acme/platform.git");
    EXPECT_EQ(made.exit, 0) << made.err;
  }

  [[nodiscard]] fs::path tree() const { return scratch_.path() / "tree"; }

  /// Copies a folder without what is built, fetched or Git's.
  static void add(const fs::path& folder, const fs::path& to) {
    constexpr auto how = fs::copy_options::recursive | fs::copy_options::copy_symlinks;
    const std::set<std::string> without = {"build", ".git", ".cache"};
    fs::create_directories(to);
    for (const auto& entry : fs::directory_iterator(folder)) {
      const std::string name = entry.path().filename().string();
      if (!without.contains(name)) {
        fs::copy(entry.path(), to / name, how);
      }
    }
  }

  /// Runs the commands in one shell and compares exit codes and output.
  void try_out(const std::vector<Shown>& commands) const {
    const fs::path log = scratch_.path() / "log";
    std::string script;
    for (std::size_t i = 0; i < commands.size(); ++i) {
      const std::string base = (log / std::to_string(i)).string();
      const auto skipped =
          not_run.find(commands[i].command.substr(0, commands[i].command.find(' ')));
      if (skipped != not_run.end()) {
        std::cout << "not run: " << skipped->first << ": " << skipped->second << '\n';
        continue;
      }
      script += "{ " + replaced(commands[i].command, "/tmp", tmp()) + "\n} >" + base + ".out 2>" +
                base + ".err; echo $? >" + base + ".exit\n";
    }
    (void)shell(script);
    for (std::size_t i = 0; i < commands.size(); ++i) {
      compare(commands[i], log / std::to_string(i));
    }
    fs::remove_all(log);
    fs::create_directories(log);
  }

 private:
  [[nodiscard]] std::string tmp() const { return (scratch_.path() / "tmp").string(); }

  [[nodiscard]] Ran shell(const std::string& script) const {
    const char* inherited = std::getenv("PATH");
    const std::string path = programs.string() + ':' + (scratch_.path() / "bin").string() + ':' +
                             (source / ".cache/tools/bin").string() + ':' +
                             (inherited == nullptr ? "/usr/local/bin:/usr/bin:/bin" : inherited);
    return run({.argv = {"/bin/sh", "-c", script},
                .env = {"PATH=" + path, "HOME=" + (scratch_.path() / "home").string(),
                        "TMPDIR=" + tmp(), "SLUICE_BIN=" + programs.string(), "LC_ALL=C.UTF-8"},
                .cwd = tree(),
                .timeout = std::chrono::seconds(600)});
  }

  void compare(const Shown& shown, const fs::path& base) const {
    const std::string exit = read_file(base.string() + ".exit");
    if (not_run.contains(shown.command.substr(0, shown.command.find(' ')))) {
      return;
    }
    const std::string out = replaced(read_file(base.string() + ".out"), tmp(), "/tmp");
    EXPECT_EQ(exit, std::to_string(shown_exit(shown)) + '\n')
        << shown.command << '\n'
        << out << read_file(base.string() + ".err");
    EXPECT_TRUE(is_as_shown(out, shown.output)) << shown.command << "\nprints\n"
                                                << out << "and shown is\n"
                                                << shown.output;
  }

  Scratch scratch_;
};

/// The folders of tools/, each of which is a program sluice-<name>.
std::vector<std::string> tools() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(source / "tools")) {
    names.push_back("sluice-" + entry.path().filename().string());
  }
  std::ranges::sort(names);
  return names;
}

TEST(CliPages, SayWhatTheProgramsSay) {
  for (const std::string& tool : tools()) {
    const fs::path page = source / "docs/cli" / (tool + ".md");
    const Ran ran = run({.argv = {(programs / tool).string(), "--help-markdown"}, .cwd = source});
    EXPECT_EQ(ran.exit, 0) << tool << ran.err;
    if (std::getenv("SLUICE_UPDATE") != nullptr) {
      fs::create_directories(page.parent_path());
      std::ofstream(page, std::ios::binary) << ran.out;
    }
    EXPECT_EQ(read_file(page), ran.out) << "run SLUICE_UPDATE=1 ctest --preset dev -R docs";
  }
}

TEST(CliPages, AreThoseOfTheProgramsThatExist) {
  std::vector<std::string> pages;
  for (const auto& entry : fs::directory_iterator(source / "docs/cli")) {
    pages.push_back(entry.path().stem().string());
  }
  std::ranges::sort(pages);
  EXPECT_EQ(pages, tools());
}

/// In a repository of one's own: the inference platform, with the shipped policies beside it, which
/// are not part of it.
TEST(CliPages, ExamplesWork) {
  for (const std::string& tool : tools()) {
    SCOPED_TRACE(tool);
    const Place place({source / "fixtures/platforms/inference-argocd/repo"});
    Place::add(source / "policies", place.tree() / "policies");
    for (const Block& block : blocks_of(source / "docs/cli" / (tool + ".md"))) {
      place.try_out(commands_of(block));
    }
  }
}

TEST(Readme, CommandsDoWhatIsShown) {
  const Place place({source});
  std::size_t seen = 0;
  for (const Block& block : blocks_of(source / "README.md")) {
    const std::vector<Shown> commands = commands_of(block);
    seen += commands.size();
    place.try_out(commands);
  }
  EXPECT_GE(seen, 8U) << "the commands of README.md were not found";
}

TEST(Pages, CommandsDoWhatIsShown) {
  const Place place({source});
  for (const char* page : {"demo.md", "incidents.md", "install.md", "runbook.md", "security.md"}) {
    SCOPED_TRACE(page);
    for (const Block& block : blocks_of(source / "docs" / page)) {
      place.try_out(commands_of(block));
    }
  }
}

/// Of a failing state of a platform, what it expects; of a golden case, what is printed.
std::string expectation_of(const fs::path& fixture) {
  std::string text;
  for (const char* file : {"expect", "expected", "expected-stderr", "exit"}) {
    if (fs::exists(fixture / file)) {
      text += (std::string_view(file) == "exit" ? "exit " : "") + read_file(fixture / file) + '\n';
    }
  }
  return text;
}

/// docs/incidents.md: "| what happened | `code` | [name](../fixtures/...), ... |".
TEST(Incidents, AreProvenByTheirFixtures) {
  const std::regex row("\\| .* \\| `([a-z0-9/ -]+)` \\| (.*) \\|");
  const std::regex link("\\]\\(\\.\\./([^)]*)\\)");
  std::set<fs::path> proofs;
  for (const std::string& line : lines_of(read_file(source / "docs/incidents.md"))) {
    std::smatch cells;
    if (!std::regex_match(line, cells, row)) {
      continue;
    }
    const std::string links = cells[2];
    for (std::sregex_iterator at(links.begin(), links.end(), link), end; at != end; ++at) {
      const fs::path fixture = source / (*at)[1].str();
      EXPECT_NE(expectation_of(fixture).find(cells[1].str()), std::string::npos) << line;
      proofs.insert(fixture);
    }
  }
  for (const auto& platform : fs::directory_iterator(source / "fixtures/platforms")) {
    if (!fs::is_directory(platform.path() / "fail")) {
      continue;
    }
    for (const auto& state : fs::directory_iterator(platform.path() / "fail")) {
      EXPECT_TRUE(proofs.contains(state.path())) << state.path() << " is not in docs/incidents.md";
    }
  }
}

TEST(Readme, CountsAreTrue) {
  const std::string readme = read_file(source / "README.md");
  std::smatch match;
  ASSERT_TRUE(std::regex_search(readme, match, std::regex("more than ([0-9]+) failing states")));
  std::size_t states = 0;
  for (const auto& platform : fs::directory_iterator(source / "fixtures/platforms")) {
    if (fs::is_directory(platform.path() / "fail")) {
      states += static_cast<std::size_t>(std::distance(
          fs::directory_iterator(platform.path() / "fail"), fs::directory_iterator()));
    }
  }
  EXPECT_GT(states, std::stoul(match[1]));
  for (const std::string& tool : tools()) {
    EXPECT_NE(readme.find('`' + tool + '`'), std::string::npos) << tool;
  }
}

TEST(Pages, LinksLeadSomewhere) {
  std::vector<fs::path> pages = {source / "README.md", source / "ARCHITECTURE.md",
                                 source / "CONTRIBUTING.md"};
  for (const auto& entry : fs::recursive_directory_iterator(source / "docs")) {
    pages.push_back(entry.path());
  }
  const std::regex link("\\]\\(([^)#:]+)(#[^)]*)?\\)");
  for (const fs::path& page : pages) {
    const std::string text = page.extension() == ".md" ? read_file(page) : "";
    for (std::sregex_iterator at(text.begin(), text.end(), link), end; at != end; ++at) {
      EXPECT_TRUE(fs::exists(page.parent_path() / (*at)[1].str())) << page << ": " << at->str();
    }
  }
}

/// `src/...`, `ci/...` and the like, as far as they are no patterns.
TEST(Pages, NamedFilesAreThere) {
  const std::regex name(
      "`((src|tools|tests|ci|docs|bench|fixtures|policies|schemas|cmake)/[A-Za-z0-9_./-]*)");
  for (const char* page : {"README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"}) {
    const std::string text = read_file(source / page);
    for (std::sregex_iterator at(text.begin(), text.end(), name), end; at != end; ++at) {
      EXPECT_TRUE(fs::exists(source / (*at)[1].str())) << page << ": " << at->str();
    }
  }
}

TEST(Pages, ArchitectureNamesEveryFolder) {
  const std::string text = read_file(source / "ARCHITECTURE.md");
  for (const auto& entry : fs::directory_iterator(source / "src")) {
    if (entry.is_directory()) {
      const std::string name = "`src/" + entry.path().filename().string() + '`';
      EXPECT_NE(text.find(name), std::string::npos) << name;
    }
  }
}

TEST(Pages, StayShort) {
  EXPECT_LE(lines_of(read_file(source / "ARCHITECTURE.md")).size(), 150U);
  EXPECT_LE(lines_of(read_file(source / "CONTRIBUTING.md")).size(), 100U);
}

TEST(IsAsShown, ReadsGaps) {
  EXPECT_TRUE(is_as_shown("a\nb\nc\n", "...\nc\n"));
  EXPECT_TRUE(is_as_shown("a\nb\nc\n", "a\n...\nc\n"));
  EXPECT_TRUE(is_as_shown("a 12 b\n", "a ... b\n"));
  EXPECT_TRUE(is_as_shown("anything", ""));
  EXPECT_FALSE(is_as_shown("a\nb\nc\n", "b\n...\nc\n"));
  EXPECT_FALSE(is_as_shown("a\nb\nc\n", "a\n...\nb\n"));
  EXPECT_FALSE(is_as_shown("a\nb\n", "a\n"));
  EXPECT_FALSE(is_as_shown("ab\n", "ab...b\n"));
}

}  // namespace
}  // namespace sluice::test
