// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cost/pod.hpp"

#include <cstdint>

namespace sluice::cost {

/// How KServe spreads a model over the nodes of a Ray cluster (predictor.go,
/// computeRayNodeAndGPUs): the head's pod, and `nodes` - 1 workers.
struct RayNodes {
  std::int64_t nodes = 1;
  std::int64_t head = 1, worker = 1;  ///< accelerators of each
  bool enough = true;                 ///< false: KServe refuses the service, for these are too few
};

/// `total` accelerators (tensor times pipeline parallel size); `head` and `worker` are what the
/// containers request themselves, 0 for nothing.
RayNodes ray_nodes(std::int64_t total, std::int64_t head, std::int64_t worker);

/// The accelerators that a container requests; limits alone do not count here.
std::int64_t requested_accelerators(const Container& container);

/// Gives the container that many of its accelerators, of NVIDIA's when it names none.
void set_accelerators(Container& container, std::int64_t count, const Origin& from);

}  // namespace sluice::cost
