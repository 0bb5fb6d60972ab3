// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::diag {

enum class Severity : std::uint8_t { error, warning, note };

std::string_view name(Severity severity);  ///< "error", "warning", "note"

/// Where a finding is. `file` is relative to the repository under check, with '/', so that output
/// is the same everywhere.
struct Location {
  std::string file;
  std::uint32_t line = 0;    ///< From 1; 0 when the finding is about the whole file.
  std::uint32_t column = 0;  ///< From 1, in bytes; 0 when unknown.

  friend auto operator<=>(const Location&, const Location&) = default;
};

/// The identity of a Kubernetes object as it is written in a manifest. Empty members are unknown.
struct ObjectRef {
  std::string api_version;  ///< "apps/v1", "v1"
  std::string kind;
  std::string name_space;
  std::string name;

  friend auto operator<=>(const ObjectRef&, const ObjectRef&) = default;
};

/// "Deployment prod/web"; "Namespace web" without a namespace; empty when the kind is unknown.
std::string to_string(const ObjectRef& object);

/// One thing wrong with the user's input. Plain data: every output format is a function of a sorted
/// list of these and of nothing else.
struct Finding {
  Location location;
  std::string code;  ///< "area/name", stable for ever, a row of diag/catalogue.cpp.
  Severity severity = Severity::error;
  std::string message;  ///< What is wrong, with the offending value; no final full stop.
  std::string hint;     ///< What to do about it, or empty.
  ObjectRef object;
  std::string path;  ///< JSON pointer into the object: "/spec/replicas".
  std::string unit;
  std::string env;
  Location rendered;  ///< The place in the stream when `location` names a template; file empty
                      ///< otherwise.

  /// Order of output: place, then code, then words. Total, so that output is deterministic.
  friend auto operator<=>(const Finding&, const Finding&) = default;
};

/// 16 hexadecimal digits that stay the same when lines move: made of code, file, object, path,
/// unit, environment and message, never of line numbers.
std::string fingerprint(const Finding& finding);

/// One object that a stage saw.
struct LedgerRow {
  std::string env;
  std::string unit;
  std::string object;  ///< "apps/v1/Deployment/prod/web"
  std::string digest;  ///< SHA-256 of the object's canonical JSON, in hexadecimal.
  std::string status;  ///< "checked", or "skipped: reason".

  friend auto operator<=>(const LedgerRow&, const LedgerRow&) = default;
};

/// What a tool has to say.
struct Report {
  std::string tool;  ///< "sluice-validate"; run_tool fills it in.
  std::vector<Finding> findings;
  std::vector<LedgerRow> ledger;
  /// Reasons why there is no verdict (exit 2); findings may stand beside them.
  std::vector<std::string> no_verdict;
  /// What the run looked at, for people: "1,204 objects", "Kubernetes 1.37". Sorted by the tool's
  /// own sense.
  std::vector<std::string> summary;
  /// What was left out, each with its reason. Never empty silently: a skip is also a finding or
  /// no_verdict.
  std::vector<std::string> skipped;
  /// The tool's own report in formats the common writers do not know ("markdown" of cost-proxy):
  /// format to text.
  std::vector<std::pair<std::string, std::string>> own_formats;
  std::string now;  ///< The value of --now, when a verdict used it.
};

/// Sorted, and each finding once.
void normalise(Report& report);

}  // namespace sluice::diag
