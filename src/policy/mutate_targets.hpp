// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/mutate.hpp"

#include <optional>
#include <vector>

namespace sluice::policy {

struct FoundTargets {
  std::vector<const Object*> objects;
  std::optional<Failure> failure;  ///< the kind is not known to the run, or the object is not there
};

/// Objects of the run that a target's selector, its variables replaced, asks for. As Kyverno's CLI
/// looks for them: the kind by its plural alone, one object by namespace and name, several by
/// wildcards and labels; only those of its own namespace for a Policy.
FoundTargets find_targets(const MutateTarget& target,
                          const Policy& policy,
                          Context& context,
                          World world);

}  // namespace sluice::policy
