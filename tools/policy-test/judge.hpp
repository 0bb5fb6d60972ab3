// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "diag/finding.hpp"
#include "manifests/input.hpp"
#include "policy-test/policies.hpp"
#include "policy/declared.hpp"
#include "policy/evaluate.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace sluice::policy_test {

using Input = manifests::Objects;

/// Whether policies that do nothing are findings; the Kyverno CLI is silent about them.
enum class Strict : std::uint8_t { no, yes };

enum class Keep : std::uint8_t { nothing, outcomes };

/// The digest of each object is a tenth of the work, and only the ledger shows it.
enum class Ledger : std::uint8_t { none, rows };

struct Job {
  const Input& input;
  std::span<const policy::Policy> policies;
  const policy::Values* values = nullptr;
  Strict strict = Strict::yes;
  Keep keep = Keep::nothing;
  Ledger ledger = Ledger::rows;
  std::span<const policy::PolicyException> exceptions = {};
  const policy::UserInfo* user = nullptr;
  const policy::Declared* declared = nullptr;
  std::int64_t now = 0;  ///< nanoseconds since 1970 UTC; 0: the machine's clock
  unsigned jobs = 1;
};

/// One result of a rule, by the object's place in the input.
struct Outcome {
  std::size_t resource = 0;
  const policy::Policy* policy = nullptr;
  const policy::Rule* rule = nullptr;
  policy::RuleStatus status = policy::RuleStatus::none;
};

/// Judges every object by every policy that concerns it: findings, ledger, no verdicts, and a
/// finding for each policy that applied to nothing. The same for any number of jobs.
/// The results in no fixed order, if the job keeps them.
std::vector<Outcome> judge(const Job& job, diag::Report& report);

/// What is wrong with the policies themselves; of what cannot be judged only with Strict::yes.
void report_invalid(const Job& job, Strict with_unsupported, diag::Report& report);

/// Policies that applied to nothing, and kinds that nothing has. `applied` goes by the policies.
void report_idle(const Job& job, const std::vector<bool>& applied, diag::Report& report);

}  // namespace sluice::policy_test
