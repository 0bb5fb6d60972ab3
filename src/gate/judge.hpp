// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"
#include "base/time.hpp"
#include "diag/finding.hpp"
#include "gate/policy.hpp"
#include "gate/record.hpp"
#include "gate/report.hpp"
#include "gate/vex.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace sluice::gate {

/// What a verdict is about and by which clock.
struct Question {
  std::string image;   ///< the digest that is to be deployed, or empty
  std::string commit;  ///< the commit that was scanned, or empty
  time::Seconds now;
  std::vector<Vex> vex = {};
};

/// A scan of the policy with what was delivered for it.
struct Delivered {
  const Scan* scan = nullptr;
  std::string file;  ///< the report, as messages name it
  Report report;
  std::string digest;  ///< "sha256:..." of its bytes; empty without a record
  std::optional<RunRecord> record;
};

/// What a baseline holds of one scan.
struct Seen {
  Coverage coverage;
  std::map<std::string, std::uint64_t> keys;  ///< canonical key to how often
};

struct BaselineData {
  std::string created;
  std::map<std::string, Seen> scans;
};

/// Why the report of a scan is no basis for a verdict: every way in which one that looks clean can
/// come from a scan that saw nothing, something else, or long ago. Each "case: detail".
std::vector<std::string> doubts(const Delivered& delivered, const Question& question);

/// The findings that fail or warn, those waived, set aside by VEX and in the baseline taken out,
/// and what is wrong with the waivers themselves. What was taken out by somebody's word is in
/// `skipped`.
void judge(const Policy& policy,
           const std::vector<Delivered>& delivered,
           const BaselineData* baseline,
           const Question& question,
           diag::Report& out);

/// `sluice.scan-baseline/v1`. Errors (parse): "case: detail".
Result<BaselineData> read_baseline_file(std::string_view bytes);
std::string write_baseline_file(const std::vector<Delivered>& delivered, time::Seconds now);

/// Counts that fell below the baseline's share, as doubts.
std::vector<std::string> coverage_drops(const Delivered& delivered,
                                        const Seen& seen,
                                        std::uint64_t min_percent);

}  // namespace sluice::gate
