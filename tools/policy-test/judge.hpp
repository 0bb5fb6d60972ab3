// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "diag/finding.hpp"
#include "manifests/input.hpp"
#include "policy-test/policies.hpp"
#include "policy/declared.hpp"
#include "policy/values.hpp"

#include <span>

namespace sluice::policy_test {

using Input = manifests::Objects;

struct Job {
  const Input& input;
  std::span<const policy::Policy> policies;
  const policy::Values* values = nullptr;
  std::span<const policy::PolicyException> exceptions = {};
  const policy::UserInfo* user = nullptr;
  const policy::Declared* declared = nullptr;
  std::int64_t now = 0;  ///< nanoseconds since 1970 UTC; 0: the machine's clock
  unsigned jobs = 1;
};

/// Judges every object by every policy that concerns it: findings, ledger, no verdicts, and a
/// finding for each policy that applied to nothing. The same for any number of jobs.
void judge(const Job& job, diag::Report& report);

}  // namespace sluice::policy_test
