// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "diag/finding.hpp"
#include "proc/runner.hpp"
#include "promote/places.hpp"

#include <span>
#include <string>
#include <vector>

namespace sluice::promote {

struct Checked {
  std::vector<std::string> lines;       ///< "render=pass validate=pass policy-test=pass"
  std::string render_digest;            ///< "sha256:..." of the environment's stream
  std::vector<diag::Finding> findings;  ///< errors only; empty: the change may be pushed
};

/// What ci/run.sh would say about one environment of the changed tree: the commit is written to a
/// temporary folder, the changed files are laid over it, and the sibling programs render, validate
/// and policy-test it. Errors: not_found (a program is missing), subprocess (a program has no
/// verdict: with what it says).
Result<Checked> check_tree(const std::string& repository,
                           const std::string& commit,
                           std::span<const File> changed,
                           const std::string& environment,
                           const std::string& now,
                           const proc::Runner& runner);

}  // namespace sluice::promote
