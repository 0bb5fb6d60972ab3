// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"
#include "diag/finding.hpp"
#include "diag/write.hpp"

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sluice::cli {

/// How often a flag takes a value.
enum class Arity : std::uint8_t {
  switch_on,   ///< no value
  one,         ///< the last one given wins
  repeatable,  ///< one value each time; given several times
  list,        ///< repeatable, and commas separate values
};

/// One flag, as data. Parsing, --help, docs/cli, completions and man pages are made from these
/// rows, so they cannot disagree.
struct Flag {
  std::string_view name;  ///< "fail-on"
  char letter = 0;        ///< 'q', or 0
  Arity arity = Arity::one;
  std::string_view value;  ///< what --help calls the value: "LEVEL"; empty for a switch
  std::string_view help;   ///< one line, imperative, no final full stop
  /// Called for each value, in order; "" for a switch.
  std::function<Status(const std::string& value)> set;
  /// The only values there are, if not empty: checked, with "did you mean", before `set`.
  std::vector<std::string_view> choices = {};
};

/// What stdout carries.
enum class Product : std::uint8_t {
  report,  ///< the findings are the product (validate, policy-test): the report goes to stdout
  /// The tool prints something else (render, cost-proxy, promote): the report goes to stderr; but a
  /// format that the report carries itself (diag::Report::own_formats) is the product: stdout.
  data,
};

/// Flags that every tool has, parsed.
struct Common {
  std::vector<std::string> inputs;  ///< the positional words; "-" and all after "--" among them
  std::string config;               ///< --config, else empty
  std::string format;               ///< --format; "text" when not given
  std::vector<std::pair<std::string, std::string>> reports;  ///< --report FORMAT=FILE
  diag::FailOn fail_on = diag::FailOn::error;
  std::string now;    ///< --now as "2026-11-20T00:00:00Z" (UTC, so that text compares); else empty
  unsigned jobs = 0;  ///< at least 1 after parsing
  diag::Color color = diag::Color::off;
  bool quiet = false;
  bool verbose = false;
  bool progress = false;  ///< draw a bar on stderr
};

/// A command of a tool that does several things ("diff", "post"); a tool that does one thing has a
/// single one without a name.
struct Command {
  std::string_view name;      ///< empty for the only one
  std::string_view synopsis;  ///< "[INPUT]... --policies PATH..."
  std::string_view help;      ///< what it does, a short paragraph
  std::vector<Flag> flags;
  std::function<Result<diag::Report>(const Common&, std::ostream& product)> run;
};

struct Tool {
  std::string_view name;     ///< "sluice-validate"
  std::string_view summary;  ///< one line
  Product product = Product::report;
  std::vector<Command> commands;
  /// Shown at the end of --help, one command a line with a comment above.
  std::string_view examples;
  /// The command that flags without a command mean; empty: none.
  std::string_view usual = {};
};

/// The whole of main(): parses, runs, writes the report in every format asked for, turns every way
/// it can end into an exit code (0 clean, 1 findings, 2 no verdict, 3 a bug). A write that fails (a
/// closed pipe, a full disk) is 2.
int run_tool(const Tool& tool, std::span<char* const> argv) noexcept;

/// For people, on stderr, through spdlog. Safe from several threads; untrusted text must be
/// printable() already.
void log_warning(std::string_view message);
void log_note(std::string_view message);  ///< only with --verbose
/// A bar on stderr, when --progress allows it: "rendering 12/120".
void progress(const Common& common, std::string_view what, std::size_t done, std::size_t total);

}  // namespace sluice::cli
