// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rules/object.hpp"

namespace sluice::rules {

/// A PersistentVolumeClaim.
void check_claim(Object& object);

/// Its spec, which may also stand in a template of a pod: `owner` has the field `spec`.
void check_claim_spec(Object& object, const Node* owner);

}  // namespace sluice::rules
