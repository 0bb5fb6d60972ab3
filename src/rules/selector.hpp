// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rules/object.hpp"

namespace sluice::rules {

/// A metav1.LabelSelector: keys, values, and operators with the right number of values.
void check_selector(Object& object, const Node* selector);

/// Whether it selects everything: neither matchLabels nor matchExpressions.
bool is_empty_selector(const Object& object, const Node* selector);

/// `selector` of a workload must be there, select something, and match the labels of its template.
void check_workload_selector(Object& object, const Node* spec);

}  // namespace sluice::rules
