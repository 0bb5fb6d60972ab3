// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sluice::proc {

/// What the kernel holds a program to, as far as it can: no network, and no files but these, those
/// of the system's own folders (/usr, /lib) and the program itself. The current directory counts
/// only when it is named.
struct Confinement {
  std::vector<std::string> readable;  ///< files and folders, with all below them
  std::vector<std::string> writable;  ///< likewise; they may be read, too
};

/// A program to run. There is no shell: `argv` reaches the program as it is written here.
struct Command {
  std::vector<std::string> argv;  ///< argv[0] with a '/' is taken as it is, else looked up in PATH.
  std::map<std::string, std::string> env;  ///< The whole environment: nothing is inherited.
  std::string cwd;                         ///< Empty: the current directory.
  std::string stdin_text;
  std::chrono::milliseconds timeout{60'000};
  std::size_t max_output = std::size_t{256} << 20U;  ///< bytes of stdout and of stderr, each
  std::optional<Confinement> confined;               ///< none: it may do what we may
};

enum class Ended : std::uint8_t { exited, signalled, timed_out, capped };

struct Finished {
  Ended ended = Ended::exited;
  int code = 0;  ///< exit code or signal number
  std::string out;
  std::string err;
};

/// The only way out to other programs. Boost.Process is behind it in boost_runner.cpp; tests put a
/// FakeRunner (tests/support/fake_runner.hpp) in its place.
class Runner {
 public:
  virtual ~Runner() = default;

  /// Runs to the end and is safe from several threads. A non-zero exit, a time-out or too much
  /// output is a Finished, not an Error: the caller knows what it means. On a time-out or cap the
  /// whole process group is killed. Errors: not_found (no such program), subprocess (could not be
  /// started).
  [[nodiscard]] virtual Result<Finished> run(const Command& command) const = 0;
};

std::unique_ptr<Runner> make_runner();

/// The absolute path of `program` by PATH of this process, or empty.
std::string find_in_path(const std::string& program);

/// A finding-sized account of a run that did not end well: "helm template: exit 1: <last line of
/// stderr>". Printable.
std::string describe_failure(const std::string& what, const Finished& finished);

}  // namespace sluice::proc
