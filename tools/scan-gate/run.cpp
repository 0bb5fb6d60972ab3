// SPDX-License-Identifier: Apache-2.0
#include "scan-gate/run.hpp"

namespace sluice::scan_gate {
namespace {

Result<diag::Report> run(const cli::Common& /*common*/, std::ostream& /*product*/) {
  return Error{Error::Kind::unsupported,
               "scan-gate is not built yet, so there is no verdict; take gates.scan out of "
               "sluice.yaml to run without it"};
}

}  // namespace

cli::Tool tool() {
  return {.name = "sluice-scan-gate",
          .summary = "Decides over the reports of scanners (not built yet: always exit 2)",
          .product = cli::Product::report,
          .commands = {{.name = "check",
                        .synopsis = "",
                        .help = "Says that it is not built yet, and ends with 2.",
                        .run = run}}};
}

}  // namespace sluice::scan_gate
