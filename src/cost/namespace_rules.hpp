// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cost/context.hpp"
#include "cost/pod.hpp"
#include "diag/finding.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace sluice::cost {

/// What the LimitRanges and ResourceQuotas of one namespace do to every pod in it.
struct NamespaceRules {
  std::vector<const k8s::Resource*> ranges, quotas;
  ContainerDefaults defaults;
  /// min, max and maxLimitRequestRatio of one item of a LimitRange.
  struct Bounds {
    const k8s::Resource* range = nullptr;
    ResourceList min, max, ratio;
  };
  std::vector<Bounds> container_bounds, pod_bounds;
  bool counts_limits = false;  ///< some quota or bound is on limits
  /// Resources that a quota without scopes makes mandatory on every container.
  struct Demand {
    std::string_view resource;
    const k8s::Resource* quota = nullptr;
  };
  std::vector<Demand> requests, limits;
};

NamespaceRules namespace_rules(const Context& context, const Place& place);

/// What admission in this namespace would refuse of a defaulted pod: cost/limit-range,
/// cost/quota-refuses. They are warnings; cost-proxy only counts.
void check_pod(const NamespaceRules& rules,
               const k8s::Resource& workload,
               const PodShape& pod,
               std::vector<diag::Finding>& findings);

}  // namespace sluice::cost
