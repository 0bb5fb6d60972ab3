// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "config/config.hpp"
#include "policy-test/options.hpp"
#include "policy/exceptions.hpp"
#include "policy/files.hpp"
#include "policy/policy.hpp"
#include "proc/runner.hpp"

#include <span>
#include <string>
#include <vector>

namespace sluice::policy_test {

/// All policies of a run, and what among them cannot be judged.
struct PolicySet {
  std::vector<policy::Policy> policies;
  std::vector<policy::Policy> others;  ///< of kinds that only the Kyverno CLI judges; not compiled
  std::vector<policy::PolicyException> exceptions;
  std::vector<std::string>
      no_verdict;  ///< policies of other kinds: "ValidatingPolicy x is not supported ..."
  std::vector<std::string> skipped;

  /// Takes the policy, if the object is one.
  void add(const policy::Value& object, const policy::Manifests& owner, policy::Policy&& marks);
  /// Takes the exception, if the object is one.
  void add_exception(const policy::Value& object,
                     const policy::Manifests& owner,
                     const policy::Policy& marks);
};

/// Reads policies of --policies, of sluice.yaml and of the pack into `set`.
/// Errors: not_found (a path, kustomize), parse, subprocess; usage (a path without a single
/// policy).
Status read_policies(const Options& options,
                     const config::Config& config,
                     const proc::Runner& runner,
                     PolicySet& set);

/// Reads PolicyExceptions of files and folders into `set`. Errors: not_found, parse; usage (a path
/// without one).
Status read_exceptions(std::span<const std::string> paths, PolicySet& set);

/// The folder of shipped policies: $SLUICE_SHARE/policies, else share/sluice/policies beside the
/// folder of the program, else the source tree's when the program stands in its build folder.
/// Errors: not_found.
Result<std::string> pack_folder();

}  // namespace sluice::policy_test
