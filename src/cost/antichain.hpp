// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "k8s/quantity.hpp"

#include <cstddef>
#include <vector>

namespace sluice::cost {

/// The largest sum of weights of items of which none must wait for another: the most that the
/// tasks of a graph can ask for at one moment. Dilworth's theorem, by a maximum flow.
///
/// `before[i]` are the items that `i` waits for; those of a circle wait for nobody in it. Weights
/// are not negative. Cubic in the number of items: bound it.
k8s::Int128 heaviest_antichain(const std::vector<k8s::Int128>& weights,
                               const std::vector<std::vector<std::size_t>>& before);

}  // namespace sluice::cost
