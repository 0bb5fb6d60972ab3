// SPDX-License-Identifier: Apache-2.0
#include "promote/run.hpp"

namespace sluice::promote {
namespace {

Result<diag::Report> run(const cli::Common& /*common*/, std::ostream& /*product*/) {
  return Error{Error::Kind::unsupported,
               "promote is not built yet, so nothing is promoted; take promote out of sluice.yaml "
               "to run without it"};
}

}  // namespace

cli::Tool tool() {
  return {.name = "sluice-promote",
          .summary =
              "Carries a released image or model to the next environment (not built yet: always "
              "exit 2)",
          .product = cli::Product::data,
          .commands = {{.name = "check",
                        .synopsis = "",
                        .help = "Says that it is not built yet, and ends with 2.",
                        .run = run}}};
}

}  // namespace sluice::promote
