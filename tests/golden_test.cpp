// SPDX-License-Identifier: Apache-2.0
// Runs every fixtures/<tool>/<case>/ as one test of bin/sluice-<tool>. To add a case, add a folder
// whose name begins with "pass-" (exit 0) or "fail-" (any other) and holds:
//
//   args             words for the command line; quotes as in a shell, nothing is expanded
//   input/           what the tool reads; the tool runs in a copy of the case folder, beside it
//   exit             the expected exit code; 0 when the file is missing
//   expected         the expected standard output, byte by byte; empty when the file is missing
//   expected-stderr  the same for standard error, which is not compared when the file is missing
//   expected-out/    files that the tool must have written below out/, none more, none less; pages
//                    (*.html) without their style
//   expected-style   the style of these pages; one case of each tool that writes pages has it
//   stdin            standard input
//   use              folders below fixtures/ that are laid under input/ first, one a line
//   env              NAME=value lines for the environment, which is otherwise empty but for PATH
//   needs            programs without which the case is skipped, one a line
//
// PATH begins with fixtures/bin, where stand-ins for helm and its like can be. Each case runs with
// --jobs 1 and with --jobs 8 and must give the same bytes. SLUICE_UPDATE=1 rewrites exit, expected
// and what is there of expected-stderr, expected-out and expected-style; read the difference before
// you commit it.
#include "support/program.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <unistd.h>
#include <vector>

namespace sluice::test {
namespace {

namespace fs = std::filesystem;

const fs::path fixtures = fs::path(SLUICE_SOURCE_DIR) / "fixtures";

using Files = std::map<std::string, std::string>;  ///< path below a folder to bytes

struct Outcome {
  Ran ran;
  Files written;  ///< pages without their style
  std::string style;
};

std::vector<std::string> lines_of(const fs::path& file) {
  std::vector<std::string> lines;
  std::istringstream in(read_file(file));
  for (std::string line; std::getline(in, line);) {
    if (!line.empty()) {
      lines.push_back(line);
    }
  }
  return lines;
}

Files files_below(const fs::path& folder) {
  Files files;
  if (fs::exists(folder)) {
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
      if (entry.is_regular_file()) {
        files[fs::relative(entry.path(), folder).generic_string()] = read_file(entry.path());
      }
    }
  }
  return files;
}

/// Takes the style out of a page: all pages of a tool repeat it.
std::string take_style(std::string& page) {
  const std::size_t begin = page.find("<style>\n") + 8;
  const std::size_t end = page.find("</style>");
  if (begin < 8 || end == std::string::npos) {
    return "";
  }
  const std::string style = page.substr(begin, end - begin);
  page.erase(begin, end - begin);
  return style;
}

void write_file(const fs::path& path, const std::string& bytes) {
  fs::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << bytes;
}

std::string search_path() {
  const char* inherited = std::getenv("PATH");
  return (fixtures / "bin").string() + ':' +
         (inherited == nullptr ? "/usr/local/bin:/usr/bin:/bin" : inherited);
}

bool is_program(const std::string& name) {
  std::istringstream folders(search_path());
  for (std::string folder; std::getline(folders, folder, ':');) {
    if (access((fs::path(folder) / name).c_str(), X_OK) == 0) {
      return true;
    }
  }
  return false;
}

/// The words of `args` with --jobs added, in front of "--" when there is one.
std::vector<std::string> words_of(const fs::path& dir, const std::string& jobs) {
  std::vector<std::string> words = split_words(read_file(dir / "args"));
  const auto end = std::ranges::find(words, "--");
  words.insert(end, {"--jobs", jobs});
  return words;
}

Outcome run_case(const fs::path& dir, const std::string& jobs) {
  constexpr auto copy = fs::copy_options::recursive | fs::copy_options::copy_symlinks |
                        fs::copy_options::overwrite_existing;
  const Scratch scratch;
  const fs::path cwd = scratch.path() / "case";
  fs::create_directories(cwd);
  fs::create_directories(scratch.path() / "home");
  for (const std::string& base : lines_of(dir / "use")) {
    fs::create_directories(cwd / "input");
    fs::copy(fixtures / base, cwd / "input", copy);
  }
  fs::copy(dir, cwd, copy);
  Program program{.argv = words_of(dir, jobs), .env = lines_of(dir / "env"), .cwd = cwd};
  program.argv.insert(
      program.argv.begin(),
      (fs::path(SLUICE_BIN_DIR) / ("sluice-" + dir.parent_path().filename().string())).string());
  program.env.push_back("PATH=" + search_path());
  program.env.push_back("HOME=" + (scratch.path() / "home").string());
  if (fs::exists(dir / "stdin")) {
    program.stdin_file = dir / "stdin";
  }
  Outcome outcome{.ran = run(program), .written = {}, .style = {}};
  outcome.written = files_below(cwd / "out");
  for (auto& [path, bytes] : outcome.written) {
    if (path.ends_with(".html")) {
      outcome.style = take_style(bytes);
    }
  }
  return outcome;
}

void update(const fs::path& dir, const Outcome& outcome) {
  write_file(dir / "exit", std::to_string(outcome.ran.exit) + '\n');
  write_file(dir / "expected", outcome.ran.out);
  if (fs::exists(dir / "expected-stderr")) {
    write_file(dir / "expected-stderr", outcome.ran.err);
  }
  if (fs::exists(dir / "expected-style")) {
    write_file(dir / "expected-style", outcome.style);
  }
  if (fs::exists(dir / "expected-out")) {
    fs::remove_all(dir / "expected-out");
    for (const auto& [path, bytes] : outcome.written) {
      write_file(dir / "expected-out" / path, bytes);
    }
  }
}

void compare(const fs::path& dir, const Outcome& outcome) {
  const std::string exit = read_file(dir / "exit");
  EXPECT_EQ(std::to_string(outcome.ran.exit) + '\n', exit.empty() ? "0\n" : exit)
      << outcome.ran.err;
  EXPECT_EQ(outcome.ran.out, read_file(dir / "expected"));
  if (fs::exists(dir / "expected-stderr")) {
    EXPECT_EQ(outcome.ran.err, read_file(dir / "expected-stderr"));
  }
  if (fs::exists(dir / "expected-style")) {
    EXPECT_EQ(outcome.style, read_file(dir / "expected-style"));
  }
  if (fs::exists(dir / "expected-out")) {
    EXPECT_EQ(outcome.written, files_below(dir / "expected-out"));
  }
}

class GoldenCase : public testing::Test {
 public:
  explicit GoldenCase(fs::path dir) : dir_(std::move(dir)) {}

  void TestBody() override {
    for (const std::string& needed : lines_of(dir_ / "needs")) {
      if (!is_program(needed)) {
        GTEST_SKIP() << needed << " is not on PATH";
      }
    }
    const Outcome one = run_case(dir_, "1");
    if (std::getenv("SLUICE_UPDATE") != nullptr) {
      update(dir_, one);
    }
    compare(dir_, one);
    const Outcome eight = run_case(dir_, "8");
    EXPECT_EQ(eight.ran.exit, one.ran.exit);
    EXPECT_EQ(eight.ran.out, one.ran.out) << "--jobs 8 differs from --jobs 1";
    EXPECT_EQ(eight.written, one.written) << "--jobs 8 differs from --jobs 1";
    const bool passes = dir_.filename().string().starts_with("pass-");
    EXPECT_EQ(one.ran.exit == 0, passes) << "the name of the case says otherwise";
  }

 private:
  fs::path dir_;
};

/// A folder with args and another name, or the other way round, would never run.
class Misnamed : public testing::Test {
 public:
  explicit Misnamed(fs::path dir) : dir_(std::move(dir)) {}
  void TestBody() override {
    FAIL() << dir_ << ": a case is named pass-... or fail-... and has a file args";
  }

 private:
  fs::path dir_;
};

void register_case(const fs::path& dir) {
  const std::string name = dir.filename().string();
  const bool named = name.starts_with("pass-") || name.starts_with("fail-");
  const bool has_args = fs::exists(dir / "args");
  if (!named && !has_args) {
    return;  // what cases share
  }
  testing::RegisterTest(dir.parent_path().filename().c_str(), name.c_str(), nullptr, nullptr,
                        (dir / "args").c_str(), 1,
                        [dir, whole = named && has_args]() -> testing::Test* {
                          if (whole) {
                            return new GoldenCase(dir);
                          }
                          return new Misnamed(dir);
                        });
}

std::vector<fs::path> folders_in(const fs::path& folder) {
  std::vector<fs::path> folders;
  if (fs::is_directory(folder)) {
    for (const auto& entry : fs::directory_iterator(folder)) {
      if (entry.is_directory()) {
        folders.push_back(entry.path());
      }
    }
  }
  std::ranges::sort(folders);
  return folders;
}

TEST(SplitWords, ReadsQuotesAsAShellDoes) {
  using Words = std::vector<std::string>;
  EXPECT_EQ(split_words("a  b\n"), (Words{"a", "b"}));
  EXPECT_EQ(split_words("'a b' \"c d\" e\\ f ''"), (Words{"a b", "c d", "e f", ""}));
  EXPECT_EQ(split_words("x'$HOME'\"*\""), (Words{"x$HOME*"}));
  EXPECT_EQ(split_words("  \n"), Words{});
  EXPECT_THROW(split_words("'a"), std::runtime_error);
}

}  // namespace
}  // namespace sluice::test

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  for (const auto& tool : sluice::test::folders_in(sluice::test::fixtures)) {
    if (tool.filename() == "platforms" || tool.filename() == "bin") {
      continue;
    }
    for (const auto& dir : sluice::test::folders_in(tool)) {
      sluice::test::register_case(dir);
    }
  }
  return RUN_ALL_TESTS();
}
