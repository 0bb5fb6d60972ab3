// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/tool.hpp"
#include "policy-test/options.hpp"

namespace sluice::policy_test {

/// The command line of sluice-policy-test.
cli::Tool tool();

/// The whole run. Errors: no input or no policy can be read, a flag that is not built yet.
Result<diag::Report> run(const Options& options, const cli::Common& common);

}  // namespace sluice::policy_test
