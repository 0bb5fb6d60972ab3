// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rules/object.hpp"

namespace sluice::rules {

/// podFailurePolicy, successPolicy and podReplacementPolicy of a Job's spec.
void check_job_policies(Object& object, const Node* spec);

/// spec.completions; 1 when neither it nor parallelism of a Job is set (nothing is filled in inside
/// a CronJob). Nothing when it is open.
std::optional<std::int64_t> completions_of(const Object& object, const Node* spec);

}  // namespace sluice::rules
