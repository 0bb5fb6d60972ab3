// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "diag/finding.hpp"
#include "manifests/input.hpp"
#include "policy-test/policies.hpp"
#include "policy/values.hpp"

#include <cstdint>
#include <span>

namespace sluice::policy_test {

using Input = manifests::Objects;

/// Whether policies that do nothing are findings; the Kyverno CLI is silent about them.
enum class Strict : std::uint8_t { no, yes };

struct Job {
  const Input& input;
  std::span<const policy::Policy> policies;
  const policy::Values* values = nullptr;
  Strict strict = Strict::yes;
  unsigned jobs = 1;
};

/// Judges every object by every policy that concerns it: findings, ledger, no verdicts, and a
/// finding for each policy that applied to nothing. The same for any number of jobs.
void judge(const Job& job, diag::Report& report);

}  // namespace sluice::policy_test
