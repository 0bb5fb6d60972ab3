// SPDX-License-Identifier: Apache-2.0
#include "config/schema.hpp"

#include "gate/policy.hpp"
#include "model/policy.hpp"
#include "report/commands.hpp"

#include <ostream>

namespace sluice::report {

Result<diag::Report> run_schema(const cli::Common& common, std::ostream& product) {
  const std::string file = common.inputs.size() == 1 ? common.inputs[0] : "";
  if (file == "sluice") {
    product << config::schema();
  } else if (file == "scan-gate") {
    product << gate::policy_schema();
  } else if (file == "model-gate") {
    product << model::policy_schema();
  } else {
    return Error{Error::Kind::usage, "schema takes one name: sluice, scan-gate or model-gate"};
  }
  return diag::Report{};
}

}  // namespace sluice::report
