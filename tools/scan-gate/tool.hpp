// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/tool.hpp"

#include <string>
#include <vector>

/// sluice-scan-gate: decides over the reports of scanners.
namespace sluice::scan_gate {

cli::Tool tool();

struct CheckOptions {
  std::string policy;          ///< else what gates.scan of sluice.yaml names
  std::string image;           ///< the digest that is to be deployed
  std::string name;            ///< of that image, for the evidence
  std::string commit;          ///< else HEAD of the policy's folder
  std::string evidence;        ///< where to write the verdict for a promotion
  std::string write_baseline;  ///< where to write what was seen
};

Result<diag::Report> check(const CheckOptions& options, const cli::Common& common);

}  // namespace sluice::scan_gate
