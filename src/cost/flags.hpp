// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cost/delta.hpp"
#include "diag/finding.hpp"

#include <map>
#include <string>
#include <vector>

namespace sluice::cost {

/// Above what a request is worth a word. Names are those of sluice.yaml: cpu, memory, gpu (all
/// accelerators together), storage (all classes), or any resource by its full name.
struct Thresholds {
  Amounts flags;   ///< of a workload's steady maximum: a warning
  Amounts limits;  ///< likewise: an error
};

/// Reads cost.flags and cost.limits. Errors (Kind::parse): a quantity that is none, by its name.
Result<Thresholds> thresholds(const std::map<std::string, std::string>& flags,
                              const std::map<std::string, std::string>& limits);

/// What is worth a word about the head: cost/flag, cost/limit, cost/gpu, cost/unbounded,
/// cost/missing-requests, cost/not-counted, and cost/no-base when there is none. With a base only
/// what is new or grew.
///
/// Where `thresholds` has no flag for cpu or memory, one pod above 2 cpu or 4Gi is flagged.
std::vector<diag::Finding> flags(const Delta& delta, const Thresholds& thresholds);

}  // namespace sluice::cost
