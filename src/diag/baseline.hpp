// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"
#include "diag/finding.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// Findings that a repository had when it began to be checked: they are lived with, new ones are
/// not. A file of them goes into the repository, so that a review sees what is added to it.
namespace sluice::diag {

struct BaselineEntry {
  std::string fingerprint;  ///< diag::fingerprint: no line numbers
  std::string code;
  std::string file;         ///< where the finding was, for people
  std::string message;      ///< likewise
  std::uint32_t count = 1;  ///< how many findings of that fingerprint are lived with

  friend auto operator<=>(const BaselineEntry&, const BaselineEntry&) = default;
};

using Baseline = std::vector<BaselineEntry>;  ///< sorted by fingerprint, each once

/// Whether a code can be lived with: those that say something about the judge itself or about the
/// run (config/, ledger/) and those of gates with rules of their own (scan/, model/, promote/)
/// cannot.
bool may_be_lived_with(std::string_view code);

/// Whether it is this tool ("sluice-validate") that says what is wrong with an entry (of `ignore:`,
/// of a baseline) about findings of that code, so that only one tool of a chain says it.
bool answers_for(std::string_view tool, std::string_view code);

/// All findings of a normalised report that may be lived with.
Baseline baseline_of(const Report& report);

/// {"format": "sluice.baseline/v1", "findings": [...]}, an entry a line.
std::string to_json(const Baseline& baseline);

/// Reads what to_json wrote, strictly. Errors (Kind::parse).
Result<Baseline> read_baseline(std::string_view text);

enum class Known : std::uint8_t { show, hide };

/// Findings of the baseline become notes, or leave the (normalised) report; its summary counts
/// them, and the entries of the tool's own areas that cover nothing any more. report.tool must be
/// set.
void apply_baseline(const Baseline& baseline, Known known, Report& report);

}  // namespace sluice::diag
