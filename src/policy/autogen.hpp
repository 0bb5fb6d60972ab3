// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/scalars.hpp"

#include <string>
#include <vector>

/// Rules for Pods, carried over to the controllers that make Pods.
namespace sluice::policy {

/// Kinds of controllers for which the policy's Pod rules are carried over; empty when its rules or
/// its annotation forbid it. The decision is made once for all rules.
std::vector<std::string> autogen_controllers(const Value& policy);

/// The rule for these controllers (never CronJob), or null when it is not carried over.
Value autogen_rule(Arena& arena, const Value& rule, const std::vector<std::string>& controllers);

/// The rule for CronJob, or null.
Value autogen_cronjob_rule(Arena& arena, const Value& rule);

}  // namespace sluice::policy
