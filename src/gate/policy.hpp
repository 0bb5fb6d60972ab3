// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"
#include "diag/finding.hpp"
#include "gate/report.hpp"

#include <chrono>
#include <optional>
#include <set>
#include <string>
#include <vector>

/// The policy file of the scan gate (docs/scan-gate.md). Unknown keys are errors, and so is
/// whatever is left out that decides how much a clean report is worth.
namespace sluice::gate {

enum class Reaction : std::uint8_t { fail, warn, ignore };
/// What a report must be bound to.
enum class Bound : std::uint8_t { none, image, commit };

/// A scan that must have been made.
struct Scan {
  std::string name;
  std::string format;  ///< a reader: "trivy", "sarif"
  std::string tool;    ///< what a SARIF file must name as its tool
  std::string report;  ///< path, from the policy file
  std::string run;     ///< the record of `scan-gate run`, or empty
  Bound subject = Bound::none;
  std::optional<std::chrono::seconds> max_age;           ///< nothing: any age
  std::optional<std::chrono::seconds> database_max_age;  ///< nothing: any, or none at all
  Coverage floors;
  std::set<Class> looks_for;
  Severity fail_from = Severity::high;
  Reaction unknown = Reaction::fail;
  Reaction end_of_life = Reaction::fail;
  bool fixable_only = false;
  bool highest_source = false;  ///< the highest severity of all sources counts
  std::uint64_t suppressed_most = 0;
  std::vector<std::string> filters;  ///< flags of the scanner that may narrow its report
  diag::Location at;
};

/// A finding that is lived with.
struct Waiver {
  std::string id;
  std::string scan, package, path;  ///< globs; empty: any
  std::optional<Severity> max_severity;
  bool void_when_fixed = false;
  std::uint64_t most = 0;  ///< findings that it may cover; 0: any number
  std::string reason, owner, expires;
  diag::Location at;
};

struct Baseline {
  std::string file;
  std::optional<std::chrono::seconds> max_age;
  std::uint64_t min_coverage = 50;  ///< percent of the counts that the baseline has
};

/// A document that says which vulnerabilities do not reach the product.
struct VexFile {
  std::string file;
  std::optional<std::chrono::seconds> max_age;  ///< nothing: any age
};

struct Policy {
  std::vector<Scan> scans;
  std::vector<Waiver> waivers;
  std::vector<VexFile> vex;
  std::optional<Baseline> baseline;
  std::uint64_t max_waiver_days = 90;
  std::string image_file;  ///< holds the digest that is to be deployed; or empty
  std::string salt;        ///< of the digests of secrets; empty: none are kept
  std::set<std::string>
      may_loosen;  ///< of "scans", "waivers", "baseline": what a change may weaken
};

/// What `head` makes weaker than `base` (config/loosened), at `file`: a scan less, a higher limit,
/// a waiver more. Findings are warnings where the base's mayLoosen names the part.
std::vector<diag::Finding> loosened(const Policy& base,
                                    const Policy& head,
                                    const std::string& file);

/// Errors (parse): everything that is wrong with the file, with file:line:column, one a line.
Result<Policy> parse_policy(const std::string& text, const std::string& file);

/// The JSON Schema of a policy with its waivers, for editors.
std::string policy_schema();

}  // namespace sluice::gate
