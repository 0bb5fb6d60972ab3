// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cost/delta.hpp"
#include "diag/finding.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace sluice::cost {

/// Bounds on amounts and money. Names are those of sluice.yaml: cpu, memory, gpu (all accelerators
/// together), storage (all classes), or any resource by its full name.
struct Bounds {
  Amounts amounts;
  std::optional<Money> month;  ///< of a month's money
};

/// Above `flags` is a warning, above `limits` an error.
struct Thresholds {
  Bounds flags, limits;
  std::string owner;  ///< who may change them; named in hints
};

/// What is judged, and how strictly.
struct Rules {
  Thresholds workload;  ///< of one workload's steady maximum
  Thresholds change;    ///< of what a change adds to the steady maximum
  diag::Severity gpu = diag::Severity::note;
  diag::Severity missing_requests = diag::Severity::warning;
  diag::Severity quota = diag::Severity::warning;
  diag::Severity unbounded = diag::Severity::warning;
  std::string file;  ///< that the rules are written in: findings about the whole change name it
};

/// Reads flags or limits; `key` names them in errors: "cost.flags". Errors (Kind::parse): a
/// quantity that is none, by its name.
Result<Bounds> read_bounds(const std::map<std::string, std::string>& texts, std::string_view key);

/// Whether some threshold is on money, which takes a price list.
bool asks_for_money(const Rules& rules);

/// What is worth a word about the head: cost/flag, cost/limit, cost/gpu, cost/unbounded,
/// cost/missing-requests, cost/overflow, cost/not-counted, and cost/no-base when there is none.
/// With a base only what is new or grew. `report` is the finished delta.
///
/// Where the flags have no cpu or memory, one pod above 2 cpu or 4Gi is flagged.
std::vector<diag::Finding> flags(const Delta& delta, const Report& report, const Rules& rules);

}  // namespace sluice::cost
