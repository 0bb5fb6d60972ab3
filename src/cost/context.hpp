// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cost/pod.hpp"
#include "k8s/resource.hpp"

#include <compare>
#include <set>
#include <span>
#include <string_view>
#include <vector>

/// The objects that change what a workload asks for without running anything themselves:
/// LimitRanges, quotas, autoscalers, runtimes, RuntimeClasses, claims on devices, templates of
/// workflows, KServe's and Knative's ConfigMaps.
namespace sluice::cost {

/// Where a workload lives. An object without a namespace is in "default", as for kubectl.
struct Place {
  std::string_view env, destination, name_space;

  friend auto operator<=>(const Place&, const Place&) = default;
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
  /// The nearest autoscaler that rewrites the requests of a workload (VerticalPodAutoscaler).
  [[nodiscard]] const k8s::Resource* rewriter_of(const Place& place,
                                                 std::string_view kind,
                                                 std::string_view name) const;
  /// The CronWorkflow or Workflow that runs a template (workflowTemplateRef).
  [[nodiscard]] const k8s::Resource* caller_of(const Place& place,
                                               std::string_view kind,
                                               std::string_view name) const;
  /// The Rollout that takes its template from this Deployment (spec.workloadRef).
  [[nodiscard]] const k8s::Resource* rollout_of(const Place& place, std::string_view name) const;

 private:
  friend class Differences;

  /// What an object is looked up by: its kind and name, or those of its target.
  struct Address {
    std::string_view kind, name_space, name;

    friend auto operator<=>(const Address&, const Address&) = default;
  };
  struct Entry {
    Address address;
    const k8s::Resource* resource = nullptr;
    std::size_t layer = 0;  ///< 0 for the first add()
  };
  using Entries = std::vector<Entry>;  ///< sorted by address; of equals in the order of the streams

  void put(const k8s::Resource& resource);
  void put_call(const k8s::Resource& resource, std::string_view name_space);
  [[nodiscard]] static std::span<const Entry> equal(const Entries& entries, const Address& address);
  [[nodiscard]] static std::vector<const k8s::Resource*> nearest(std::span<const Entry> entries,
                                                                 const Place& place);

  Entries by_name_;
  Entries by_target_;  ///< autoscalers and callers, by the object that they scale or call
  Entries rollouts_;   ///< Rollouts, by the Deployment that lends its template
  std::size_t layers_ = 0;
};

/// Where two contexts may give different answers, for objects that two streams share.
class Differences {
 public:
  Differences(const Context& a, const Context& b);

  /// Whether a lookup for an object of this namespace may differ.
  [[nodiscard]] bool touch(std::string_view name_space) const {
    return everywhere_ || name_spaces_.contains(name_space);
  }

 private:
  void compare(Context::Entries a, Context::Entries b);

  bool everywhere_ = false;
  std::set<std::string_view> name_spaces_;
};

/// What the LimitRanges of a namespace fill in, defaulted among themselves as the API server
/// does: default <- max, defaultRequest <- default, else min. Of several the first in the stream
/// fills each gap; the cluster's own order is undefined.
ContainerDefaults container_defaults(std::span<const k8s::Resource* const> ranges,
                                     std::vector<BadQuantity>& bad);

}  // namespace sluice::cost
