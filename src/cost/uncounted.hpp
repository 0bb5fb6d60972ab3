// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "k8s/resource.hpp"

namespace sluice::cost {

/// A node that looks like a pod: a list of containers with names or images, or one `container`
/// with an image (Argo Workflows). nullptr when the object holds none. For kinds without a row,
/// so that nothing that runs is left out in silence.
const yaml::Node* find_pod_shape(const k8s::Resource& resource);

}  // namespace sluice::cost
