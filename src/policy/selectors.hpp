// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/match.hpp"

namespace sluice::policy {

/// A label selector whose variables are replaced already; what is wrong with it was said when the
/// policy was read.
LabelSelector read_selector(const Value& source);

/// The labels of a mapping, values as Go prints them.
Labels labels_of(const Value& mapping);

}  // namespace sluice::policy
