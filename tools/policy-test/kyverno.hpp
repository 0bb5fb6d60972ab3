// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy-test/judge.hpp"

#include <string>
#include <vector>

namespace sluice::policy_test {

/// What the Kyverno CLI says of one object by one rule.
struct CliResult {
  std::size_t resource = 0;  ///< index into Input::resources
  std::string policy, rule;  ///< the rule is empty for kinds of policies without rules
  std::string status;        ///< pass, fail, warn, error, skip
  std::string message;
};

struct CliRun {
  std::string version;  ///< "1.19.1"
  std::vector<CliResult> results;
  std::vector<std::string> no_verdict;  ///< what the CLI passed over
};

/// Runs `kyverno apply` on the objects, once for each environment (and once more for objects that
/// stand there twice: the CLI panics on them). Labels of Namespaces among the objects reach it in a
/// values file unless --values gives another. Errors: not_found (no kyverno in PATH), unsupported
/// (another version than the one that the native engine answers for), subprocess.
Result<CliRun> run_kyverno(const Input& input,
                           const PolicySet& set,
                           const Options& options,
                           const proc::Runner& runner);

/// --engine kyverno: its failures as findings, policies that applied to nothing, and the ledger.
void report_kyverno(const CliRun& run,
                    const Input& input,
                    const PolicySet& set,
                    Strict strict,
                    diag::Report& report);

/// --engine compare: policy/engines-differ for each result that only one of the two gives, or that
/// they give differently. Rules that change objects have no results in the CLI's report.
void report_differences(const CliRun& run,
                        const std::vector<Outcome>& outcomes,
                        const Input& input,
                        const PolicySet& set,
                        diag::Report& report);

/// --engine conftest: `conftest test` with the Rego of --policies on each object. Errors: not_found
/// (no conftest, no .rego), unsupported (too old), subprocess (Rego that does not compile).
Status run_conftest(const Input& input,
                    const Options& options,
                    const proc::Runner& runner,
                    diag::Report& report);

}  // namespace sluice::policy_test
