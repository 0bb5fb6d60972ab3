// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cost/pod.hpp"

#include <cstdint>

namespace sluice::cost {

/// How KServe spreads a model over nodes (predictor.go): the head's pod, and `nodes` - 1 workers.
struct Nodes {
  std::int64_t nodes = 1;
  std::int64_t head = 1, worker = 1;  ///< accelerators of each
  bool enough = true;                 ///< false: KServe refuses the service, for these are too few
};

/// Of a Ray cluster (computeRayNodeAndGPUs): `total` accelerators (tensor times pipeline parallel
/// size); `head` and `worker` are what the containers request themselves, 0 for nothing.
Nodes ray_nodes(std::int64_t total, std::int64_t head, std::int64_t worker);

/// Of processes that find each other without Ray (computeMpNodeAndGPUs, the annotation
/// multinode/executor-backend: mp of the runtime's pods): a node for each stage of the pipeline.
Nodes process_nodes(std::int64_t tensor, std::int64_t pipeline);

/// The accelerators that a container requests; limits alone do not count here.
std::int64_t requested_accelerators(const Container& container);

/// Gives the container that many of its accelerators, of NVIDIA's when it names none.
void set_accelerators(Container& container, std::int64_t count, const Origin& from);

}  // namespace sluice::cost
