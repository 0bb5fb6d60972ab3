// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"
#include "diag/finding.hpp"
#include "policy-test/options.hpp"

namespace sluice::policy_test {

/// Runs every kyverno-test.yaml below the folders. Errors: not_found, io.
///
/// A row that differs is policy/suite-differs. Strictly, a row that nothing was evaluated for is
/// policy/suite-not-evaluated and a name that nothing has policy/suite-unknown-name; with
/// --kyverno-compat both count as in the CLI.
Result<diag::Report> run_suites(const Options& options);

}  // namespace sluice::policy_test
