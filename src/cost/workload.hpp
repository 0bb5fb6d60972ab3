// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cost/context.hpp"
#include "cost/kinds.hpp"
#include "cost/pod.hpp"
#include "k8s/resource.hpp"

#include <compare>
#include <optional>
#include <span>
#include <string>
#include <vector>

/// What the objects of one stream ask of their clusters.
namespace sluice::cost {

/// Two objects are the same when these are; the version of the API does not matter.
struct Key {
  std::string env, destination, name_space, kind, group, name;

  friend auto operator<=>(const Key&, const Key&) = default;
};

/// Pods of one shape: a Deployment has one such part, an InferenceService one for each component.
struct Part {
  std::string name;  ///< "predictor"; empty for the only one
  PodAmounts per_pod;
  Pods pods;
  std::vector<std::string> missing;  ///< containers without requests: "app: cpu, memory"
};

/// Never one number: what is asked for all the time (least and most), at the worst moment of a
/// rollout, by jobs, and once for each node.
struct Totals {
  Amounts steady_min, steady_max, rollout_peak, batch_peak, per_node;
  bool open = false;        ///< some maximum has no upper limit: steady_max is a lower bound
  bool batch_open = false;  ///< jobs may overlap without limit: batch_peak is a lower bound

  friend bool operator==(const Totals&, const Totals&) = default;
};
void add(Totals& to, const Totals& more);

/// Who answers for a workload, by its labels.
struct Owners {
  std::string team, owner, cost_center;

  friend bool operator==(const Owners&, const Owners&) = default;
};

struct Workload {
  Key key;
  Owners owners;
  std::vector<Part> parts;
  Amounts claims;  ///< storage that does not follow the pods: a PersistentVolumeClaim's own
  Totals totals;
  std::vector<std::string> notes;  ///< what a reader must know: "runtime sklearn is in no manifest"
  const k8s::Resource* resource = nullptr;
  std::vector<const k8s::Resource*> used;  ///< context that decided a number; sorted by key, once
};

/// An object that may run pods and was left out, with the reason.
struct NotCounted {
  Key key;
  std::string reason;
  const k8s::Resource* resource = nullptr;
};

struct Account {
  std::vector<Workload> workloads;      ///< sorted by key, each key once
  std::vector<NotCounted> not_counted;  ///< sorted by key
  /// cost/bad-quantity, cost/unknown-runtime, cost/ambiguous-runtime.
  std::vector<diag::Finding> findings;
};

/// Counts every object of a stream. `resources` and `context` must outlive the account.
Account count(std::span<const k8s::Resource> resources,
              const Context& context,
              const Options& options);

/// The key of an object, with kubectl's "default" for namespaced objects that name none.
Key key_of(const k8s::Resource& resource);

}  // namespace sluice::cost
