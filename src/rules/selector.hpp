// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rules/object.hpp"

#include <cstdint>

namespace sluice::rules {

/// What a requirement of matchExpressions chooses. For nodes there are Gt and Lt as well; values of
/// labels that are only preferred are not looked at.
enum class Selects : std::uint8_t { objects, nodes, preferred_nodes };

/// One of matchExpressions: its key, its operator, and the values that this needs.
void check_requirement(Object& object, const Node& requirement, Selects what);

/// A metav1.LabelSelector: keys, values, and operators with the right number of values.
void check_selector(Object& object, const Node* selector);

/// Whether it selects everything: neither matchLabels nor matchExpressions.
bool is_empty_selector(const Object& object, const Node* selector);

/// `selector` of a workload must be there, select something, and match the labels of its template.
void check_workload_selector(Object& object, const Node* spec);

}  // namespace sluice::rules
