// SPDX-License-Identifier: Apache-2.0
#include "config/config.hpp"
#include "report/commands.hpp"

namespace sluice::report {

Result<diag::Report> run_stages(const cli::Common& common) {
  if (common.inputs.size() > 1) {
    return Error{Error::Kind::usage, "stages takes one folder"};
  }
  config::Config config;
  SLUICE_TRY_ASSIGN(config,
                    config::load(common.config, common.inputs.empty() ? "." : common.inputs[0]));
  std::string lines = "render\nvalidate\npolicy-test\ncost-proxy\n";
  if (config.scan_gate) {
    lines += "scan-gate\n";
  }
  if (config.model_gate) {
    lines += "model-gate\n";
  }
  if (config.promote) {
    lines += "promote\n";
  }
  return diag::Report{.own_formats = {{"text", lines}}};
}

}  // namespace sluice::report
