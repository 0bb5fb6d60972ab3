// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "diag/finding.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

/// The `cost` section of sluice.yaml (docs/cost-proxy.md says how it is used).
namespace sluice::config {

/// Above `flags` is a warning, above `limits` an error. Names are cpu, memory, gpu, storage, or any
/// resource by its full name, each with an amount; and month, with money.
struct CostThresholds {
  std::map<std::string, std::string> flags, limits;
  std::string owner;  ///< who may change them; named in findings
};

/// A kind that runs pods and that the built-in table does not have, or has otherwise. The pointers
/// are JSON pointers of plain keys; the others start at what `each` points at.
struct CostKind {
  std::string group, kind;
  std::string role = "steady";  ///< steady | batch | node
  std::string each, pod, replicas, min, max, times, claims, suspend;
  std::int64_t otherwise = 1;  ///< where `replicas` is not written
  diag::Location at;
};

/// Nodes with a label, for DaemonSets that are bound to it.
struct CostNodes {
  std::string label, value;
  std::int64_t count = 0;
};

struct Cost {
  CostThresholds workload;  ///< of one workload's steady maximum
  CostThresholds change;    ///< of what a change adds to the steady maximum
  /// Severity by rule (gpu, missing-requests, quota, unbounded): note, warn or fail.
  std::map<std::string, std::string> rules;
  std::vector<CostKind> kinds;
  std::vector<CostNodes> node_pools;
  std::optional<std::int64_t> nodes;  ///< of the whole cluster
  /// What Knative's queue-proxy asks for; empty: as it ships.
  std::string queue_proxy_cpu, queue_proxy_memory;
  std::vector<std::string> prices;     ///< files below the root, normalised
  std::string prices_unit = "hourly";  ///< hourly | monthly
};

}  // namespace sluice::config
