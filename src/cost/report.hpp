// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cost/delta.hpp"
#include "diag/finding.hpp"

#include <string>
#include <vector>

namespace sluice::cost {

/// Everything that is said about one change; the formats are pure functions of it.
struct Report {
  Delta delta;
  std::vector<NotCounted> not_counted;  ///< of the head
  std::vector<diag::Finding> findings;  ///< sorted
};

/// One sentence, without markup: "This change asks for 3 cpu more at its steady maximum ...";
/// "No base to compare with: ..." when there is none.
std::string sentence(const Report& report);

/// A comment for a pull request: the sentence, flags, totals, a table by environment, namespace
/// and team, and the workloads folded. Untrusted names are escaped; ends at a row boundary below
/// `limit` bytes, with the number of rows that are missing.
std::string to_markdown(const Report& report, std::size_t limit = 60'000);

/// Schema "sluice.cost/1" (docs/cost-proxy.md). With a base only workloads that change are listed.
std::string to_json(const Report& report);

}  // namespace sluice::cost
