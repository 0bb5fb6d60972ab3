// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Running a program in tests, apart from src/proc, which is itself under test.
namespace sluice::test {

struct Ran {
  int exit = -1;  ///< the exit code; 128 + signal when killed
  std::string out;
  std::string err;
};

struct Program {
  std::vector<std::string> argv;  ///< argv[0] is a path
  std::vector<std::string> env;   ///< "NAME=value"; nothing else is in the environment
  std::filesystem::path cwd;
  std::filesystem::path stdin_file = "/dev/null";
  std::chrono::seconds timeout{120};
};

/// Throws std::runtime_error when the program cannot be started or takes too long (it is killed).
Ran run(const Program& program);

/// The words of a command line: blanks separate, '...' and "..." hold together, a backslash keeps
/// the next character (not within '...'). Nothing is expanded. Throws on an open quote.
std::vector<std::string> split_words(std::string_view line);

std::string read_file(const std::filesystem::path& path);  ///< empty when missing

/// A folder that is removed at the end of scope.
class Scratch {
 public:
  Scratch();
  ~Scratch();
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace sluice::test
