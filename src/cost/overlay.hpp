// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cost/pod.hpp"

namespace sluice::cost {

/// The strategic merge that KServe does, as far as requests go: containers by name, and each list
/// key by key; the upper one wins.
void lay_over(ResourceList& base, const ResourceList& upper);
void lay_over(std::vector<Container>& base, const std::vector<Container>& upper);
void lay_over(PodShape& base, const PodShape& upper);

/// Gives a container what it does not say itself.
void fill_in(Container& container, const ContainerDefaults& defaults);

}  // namespace sluice::cost
