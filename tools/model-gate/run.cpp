// SPDX-License-Identifier: Apache-2.0
#include "model-gate/run.hpp"

namespace sluice::model_gate {
namespace {

Result<diag::Report> run(const cli::Common& /*common*/, std::ostream& /*product*/) {
  return Error{Error::Kind::unsupported,
               "model-gate is not built yet, so there is no verdict; take gates.model out of "
               "sluice.yaml to run without it"};
}

}  // namespace

cli::Tool tool() {
  return {
      .name = "sluice-model-gate",
      .summary = "Decides whether a trained model may be promoted (not built yet: always exit 2)",
      .product = cli::Product::report,
      .commands = {{.name = "check",
                    .synopsis = "",
                    .help = "Says that it is not built yet, and ends with 2.",
                    .run = run}}};
}

}  // namespace sluice::model_gate
