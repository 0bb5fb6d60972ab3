// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/tool.hpp"
#include "promote/evaluate.hpp"

#include <iosfwd>
#include <string>

namespace sluice::promote {

enum class Ending : std::uint8_t { changed, already, refused, shown };

/// What came of a command, for people and for machines.
struct Outcome {
  Ending ending = Ending::already;
  Evaluation evaluation;
  std::string commit;  ///< full id; empty when none was made
  std::string branch;
  std::string pull_request;  ///< its address
  unsigned tries = 0;
};

/// On stdout: the diff of --dry-run, one JSON object with --format json, else a line for each item.
void print(const Outcome& outcome, const cli::Common& common, std::ostream& product);

/// The diffs of all files.
std::string diff_of(const Evaluation& evaluation);

}  // namespace sluice::promote
