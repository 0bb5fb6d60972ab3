// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cost/report.hpp"
#include "k8s/resource.hpp"

#include <cstdint>

namespace sluice::cost {

/// Where a number comes from, while the streams are there: small, and made into words (Source)
/// only for the workloads that a report shows.
struct Origin {
  enum class Basis : std::uint8_t {
    unset,             ///< written nowhere: the API server's default
    manifest,          ///< the workload itself
    limit,             ///< a limit that stands for a missing request
    object,            ///< another object: "LimitRange defaults"
    kserve,            ///< what KServe ships
    knative,           ///< what Knative ships
    kuberay,           ///< what KubeRay ships
    configuration,     ///< sluice.yaml
    nodes_flag,        ///< --nodes
    each_node,         ///< one for each node
    claim_template,    ///< volumeClaimTemplates
    ephemeral_volume,  ///< a generic ephemeral volume
    device_claim,      ///< a ResourceClaim or its template
  };
  Basis basis = Basis::unset;
  const k8s::Resource* object = nullptr;  ///< that it is written in
  const yaml::Node* node = nullptr;       ///< there

  friend bool operator==(const Origin&, const Origin&) = default;
};

Source describe(const Origin& origin);

/// Sorted, each once.
std::vector<Source> describe(std::span<const Origin> origins);

}  // namespace sluice::cost
