// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "k8s/resource.hpp"
#include "policy/evaluate.hpp"

namespace sluice::policy {

/// Untrusted text as one printable line.
std::string one_line(std::string_view text);

/// policy/fail (error for Enforce, warning for Audit) or policy/error, pointing at the offending
/// field of the object, or at the nearest one that exists, with a hint of what would pass.
/// Precondition: the status is fail, warn or error.
diag::Finding finding_of(const RuleResult& result, const k8s::Resource& resource);

/// policy/invalid, pointing into the policy.
diag::Finding finding_of(const Problem& problem, const Policy& policy);

/// A finding at a place of the policy, or at the policy, for the caller to fill in.
diag::Finding finding_at_policy(const Policy& policy, const Value& place);

/// "policy require-labels, rule owner: validate.cel is not supported".
std::string unsupported_text(const Problem& problem, const Policy& policy);

}  // namespace sluice::policy
