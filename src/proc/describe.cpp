// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "proc/runner.hpp"

#include <cstdlib>
#include <cstring>
#include <sys/stat.h>
#include <unistd.h>

namespace sluice::proc {

namespace {

/// The last line that begins with "Error" (hints on how to debug often follow it), else the last
/// one that is not empty.
std::string_view telling_line(std::string_view err) {
  std::string_view last;
  std::string_view last_error;
  for (std::string_view line : text::split(err, '\n')) {
    line = text::trim(line);
    last = line.empty() ? last : line;
    const bool is_error = text::to_lower(line.substr(0, 5)) == "error";
    last_error = is_error ? line : last_error;
  }
  return last_error.empty() ? last : last_error;
}

std::string how_it_ended(const Finished& finished) {
  switch (finished.ended) {
    case Ended::timed_out:
      return "did not end in time and was killed";
    case Ended::capped:
      return "printed more than it may and was killed";
    case Ended::signalled: {
      const char* const name = ::sigabbrev_np(finished.code);
      return "killed by " + (name == nullptr ? "signal " + std::to_string(finished.code)
                                             : "SIG" + std::string(name));
    }
    case Ended::exited:
      break;
  }
  return "exit " + std::to_string(finished.code);
}

bool is_program(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode) &&
         ::access(path.c_str(), X_OK) == 0;
}

}  // namespace

std::string find_in_path(const std::string& program) {
  const char* const path = std::getenv("PATH");
  if (path == nullptr || program.empty() || program.find('/') != std::string::npos) {
    return {};
  }
  for (const std::string_view folder : text::split(path, ':')) {
    // An empty or relative entry means the current directory, which may be the repository under
    // check: a program of its own must never be run for ours.
    if (folder.starts_with('/')) {
      std::string candidate = std::string(folder) + '/' + program;
      if (is_program(candidate)) {
        return candidate;
      }
    }
  }
  return {};
}

std::string describe_failure(const std::string& what, const Finished& finished) {
  std::string account = text::printable(what) + ": " + how_it_ended(finished);
  const std::string_view line = telling_line(finished.err);
  return line.empty() ? account : account + ": " + text::printable(line, 400);
}

}  // namespace sluice::proc
