// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/tool.hpp"

#include <chrono>
#include <string>
#include <vector>

/// sluice-scan-gate: decides over the reports of scanners.
namespace sluice::scan_gate {

cli::Tool tool();

struct CheckOptions {
  std::string policy;          ///< else what gates.scan of sluice.yaml names
  std::string base;            ///< the repository at the base revision, or empty
  std::string image;           ///< the digest that is to be deployed
  std::string name;            ///< of that image, for the evidence
  std::string commit;          ///< else HEAD of the policy's folder
  std::string evidence;        ///< where to write the verdict for a promotion
  std::string write_baseline;  ///< where to write what was seen
};

struct RunOptions {
  std::string tool;          ///< the reader of its report: "trivy"
  std::string report;        ///< where the report goes
  std::string record;        ///< where the record of the run goes
  std::string target = ".";  ///< what {target} stands for
  std::string canary;        ///< FOLDER:ID
  std::chrono::seconds timeout{1'800};
};

/// The words of the command are common.inputs.
Result<diag::Report> run(const RunOptions& options, const cli::Common& common);

Result<diag::Report> check(const CheckOptions& options, const cli::Common& common);

}  // namespace sluice::scan_gate
