// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cost/pod.hpp"
#include "k8s/resource.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

/// The objects that change what a workload asks for without running anything themselves:
/// LimitRanges, autoscalers, runtimes, RuntimeClasses, KServe's and Knative's ConfigMaps.
namespace sluice::cost {

/// Where a workload lives. An object without a namespace is in "default", as for kubectl.
struct Place {
  std::string_view env, destination, name_space;
};
Place place_of(const k8s::Resource& resource);

/// Finds context objects by kind and name. Those of the same environment and destination are
/// nearest, then those of the same environment, then those of the same destination (an
/// infrastructure unit often belongs to no environment); then what was given as context only.
class Context {
 public:
  /// `resources` must outlive the context. Later additions are further away.
  void add(std::span<const k8s::Resource> resources);

  /// The nearest objects of a kind in a namespace (empty for cluster-scoped kinds), in the order
  /// of the stream; with a name, only those.
  [[nodiscard]] std::vector<const k8s::Resource*> find(const Place& place,
                                                       std::string_view kind,
                                                       std::string_view name_space) const;
  [[nodiscard]] const k8s::Resource* find(const Place& place,
                                          std::string_view kind,
                                          std::string_view name_space,
                                          std::string_view name) const;
  /// The autoscaler (HorizontalPodAutoscaler or ScaledObject) that targets a workload.
  [[nodiscard]] const k8s::Resource* scaler_of(const Place& place,
                                               std::string_view kind,
                                               std::string_view name) const;
  /// The Rollout that takes its template from this Deployment (spec.workloadRef).
  [[nodiscard]] const k8s::Resource* rollout_of(const Place& place, std::string_view name) const;

 private:
  struct Entry {
    const k8s::Resource* resource;
    std::size_t layer;  ///< 0 for the first add()
  };
  using Index = std::unordered_map<std::string, std::vector<Entry>>;
  void put(Index& index, std::string key, const k8s::Resource& resource);
  [[nodiscard]] std::vector<const k8s::Resource*> nearest(const Index& index,
                                                          const std::string& key,
                                                          const Place& place) const;
  Index by_kind_;    ///< "LimitRange\nnamespace"
  Index by_name_;    ///< "ServingRuntime\nnamespace\nname"
  Index by_target_;  ///< "namespace\nDeployment\nname"
  std::size_t layers_ = 0;
};

/// What the LimitRanges of a namespace fill in, defaulted among themselves as the API server
/// does: default <- max, defaultRequest <- default, else min. Of several the first in the stream
/// fills each gap; the cluster's own order is undefined.
ContainerDefaults container_defaults(const Context& context,
                                     const Place& place,
                                     std::vector<const k8s::Resource*>& used,
                                     std::vector<BadQuantity>& bad);

}  // namespace sluice::cost
