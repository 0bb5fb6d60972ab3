// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/evaluate.hpp"

#include <string>
#include <vector>

/// One rule on one object, both written in the test: for tables of what Kyverno says.
namespace sluice::policy {

/// A ClusterPolicy "p" for Pods with one rule "r" that has this body ("\"validate\":{...}").
std::string policy_with(const std::string& body);

/// What the rules of a policy say of an object. `exception` may be empty. Only status and message
/// of the results outlive the call.
std::vector<RuleResult> judged(const std::string& policy,
                               const std::string& object,
                               const std::string& exception);

/// Whether the policy is invalid.
bool is_refused(const std::string& policy);

}  // namespace sluice::policy
