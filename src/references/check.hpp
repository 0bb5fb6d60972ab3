// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "k8s/resource.hpp"
#include "references/externals.hpp"

#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

/// What objects say of each other: names, selectors, ports, and the order in which they are
/// applied. One object at a time the API server finds nothing wrong here; the cluster does, later.
namespace sluice::references {

/// How much of what reaches the cluster the objects are.
enum class Knowledge : std::uint8_t {
  part,   ///< files of anybody: only what objects that are there say against each other
  whole,  ///< a render: what is not among them nobody delivers
};

struct Scope {
  Knowledge knowledge = Knowledge::part;
  const Externals* externals = nullptr;  ///< never null
  /// Whether Kubernetes itself serves an API group, so that no CustomResourceDefinition is needed.
  std::function<bool(std::string_view group)> is_builtin_group;
};

/// Appends, all as warnings:
/// refs/missing-object, missing-key, missing-port - a name, a key or a port that is not there;
/// refs/selects-nothing - a Service or PodDisruptionBudget without pods;
/// refs/no-target - a HorizontalPodAutoscaler, ScaledObject or Rollout without a workload;
/// refs/missing-crd, missing-namespace - a kind or a namespace that nobody delivers;
/// refs/order - something that is applied only later, or by a Flux unit that is not waited for.
///
/// Objects are looked for in the environment of the one that refers to them and, where both say
/// it, in its cluster.
void check(std::span<const k8s::Resource> objects,
           const Scope& scope,
           std::vector<diag::Finding>& findings);

}  // namespace sluice::references
