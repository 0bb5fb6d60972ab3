// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/evaluate.hpp"

#include <span>
#include <vector>

namespace sluice::policy_test {

/// Rules of a policy that concern the object.
struct Concerned {
  const policy::Policy* policy = nullptr;
  std::span<const policy::Rule* const> rules;
};

/// What rules say that change objects or make others. They give no verdict; only what goes wrong
/// in them is one.
struct ChangeResults {
  std::vector<policy::RuleResult> results;  ///< of every rule that applied, in order
  bool changed = false;                     ///< the object is another than it was
};

/// Lets the mutate rules of all policies, one after the other, change the object of the request, as
/// Kyverno does before any rule judges it. Where a rule fails the object stays as it was before
/// that policy. Rules that change other objects than the one that sets them off are left out: they
/// would need a cluster.
ChangeResults change_object(policy::Evaluator& evaluator,
                            std::span<const Concerned> policies,
                            policy::Request& request);

/// Whether the generate rules can be evaluated on the object, when it has been judged. What they
/// would make is not looked at.
ChangeResults try_generating(policy::Evaluator& evaluator,
                             std::span<const Concerned> policies,
                             const policy::Request& request);

}  // namespace sluice::policy_test
