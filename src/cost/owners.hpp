// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cost/workload.hpp"

namespace sluice::cost {

/// The labels owner, team and cost-center (or costCenter) of an object, else of its pods, else of
/// its namespace.
OwnersView owners_of(const k8s::Resource& resource, const Context& context);

}  // namespace sluice::cost
