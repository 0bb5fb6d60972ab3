// SPDX-License-Identifier: Apache-2.0
#include "config/config.hpp"
#include "report/commands.hpp"

#include <ostream>

namespace sluice::report {

Result<diag::Report> run_stages(const cli::Common& common, std::ostream& product) {
  if (common.inputs.size() > 1) {
    return Error{Error::Kind::usage, "stages takes one folder"};
  }
  config::Config config;
  SLUICE_TRY_ASSIGN(config,
                    config::load(common.config, common.inputs.empty() ? "." : common.inputs[0]));
  product << "render\nvalidate\npolicy-test\ncost-proxy\n";
  if (config.scan_gate) {
    product << "scan-gate\n";
  }
  if (config.model_gate) {
    product << "model-gate\n";
  }
  if (config.promote) {
    product << "promote\n";
  }
  return diag::Report{};
}

}  // namespace sluice::report
