// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cost/context.hpp"
#include "cost/origin.hpp"
#include "k8s/resource.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Which kinds run pods, and how many: rows of a table, so that a kind is added without code, and
/// sluice.yaml adds its own.
namespace sluice::cost {

/// How a kind says how many pods it runs, when the numbers of its PodRows are not all.
enum class Count : std::uint8_t {
  groups,         ///< each PodRow by itself, and an autoscaler that targets the object
  replicas,       ///< the same, and a Rollout may take the pods over
  per_node,       ///< DaemonSet
  cron_job,       ///< unbounded overlap when the policy allows it
  scaled_job,     ///< KEDA: 0 to maxReplicaCount jobs
  knative,        ///< annotations of the revision template
  ray,            ///< worker groups that may scale by themselves
  elastic,        ///< PyTorchJob: workers that an autoscaler of its own may add to
  leader_worker,  ///< LeaderWorkerSet: replicas times a leader and size - 1 workers
  kserve,         ///< InferenceService: kserve.cpp
  graph,          ///< InferenceGraph: kserve.cpp
  llm,            ///< LLMInferenceService: llm.cpp
  workflow,       ///< Argo Workflows: workflow.cpp
  elsewhere,      ///< its pods are made by rules that no manifest holds: always "not counted"
};

/// How many pods run beside the full number while a new version is rolled out.
enum class Surge : std::uint8_t {
  none,
  deployment,     ///< spec.strategy.rollingUpdate.maxSurge, 25 %
  daemon_set,     ///< spec.updateStrategy.rollingUpdate.maxSurge, 0
  leader_worker,  ///< spec.rolloutStrategy.rollingUpdateConfiguration.maxSurge, 0
  rollout,        ///< Argo Rollouts
  revision,       ///< Knative: the new revision's least number
  all,            ///< everything once more
};

/// Pods of one shape. The pointers are JSON pointers of plain keys; the others start at what
/// `each` points at, which may end in "/*": every item of a list, or every member of a mapping.
struct PodRow {
  std::string_view pod;        ///< the pod spec
  std::string_view replicas;   ///< how many; empty: one
  std::int64_t otherwise = 1;  ///< where that is not written
  std::string_view each;
  std::string_view min, max;  ///< bounds, where a kind scales by itself
  std::string_view job;       ///< a JobSpec: times min(parallelism, completions)
  std::string_view times;     ///< another factor; 1 where it is not written
  std::string_view name;      ///< of the part; empty: the item's own name, or none
};

struct KindRow {
  std::string_view group, kind;
  Role role = Role::steady;
  Count count = Count::groups;
  Surge surge = Surge::none;
  std::array<PodRow, 2> pods;  ///< the second one only where its `pod` is not empty
  std::string_view claims;     ///< volume claim templates, one set for each pod of the first PodRow
  std::string_view suspend;    ///< true there: nothing runs
};

/// Nodes that have a label, for DaemonSets that are bound to it.
struct NodePool {
  std::string_view label, value;
  std::int64_t nodes = 0;
};

struct Options {
  std::optional<std::int64_t> nodes;  ///< for DaemonSets; without it they are shown per node
  std::span<const NodePool> pools;    ///< of sluice.yaml; the first that fits counts
  std::span<const KindRow> kinds;     ///< of sluice.yaml; they win over the built-in ones
  /// What Knative's queue-proxy asks for, as quantities; empty: as it ships, or its ConfigMap says.
  std::string queue_proxy_cpu, queue_proxy_memory;
};

std::span<const KindRow> kinds();
/// The row of a kind, whatever its version; nullptr when there is none.
const KindRow* find_kind(std::string_view group, std::string_view kind, const Options& options);
/// Kinds that hold pod templates or container lists and never run them (runtimes, policies,
/// definitions): not "not counted".
bool never_runs(std::string_view group, std::string_view kind);

/// Follows a JSON pointer of plain keys; nullptr when something on the way is missing.
const yaml::Node* at(const yaml::Document& document,
                     const yaml::Node& object,
                     std::string_view pointer);

struct Pods {
  std::int64_t min = 1, max = 1;
  std::int64_t surge = 0;  ///< above max while a rollout runs
  Bound bound = Bound::written;
  Role role = Role::steady;
  Origin from;
};

/// Pods of one shape, and where that shape is written.
struct PodGroup {
  std::string name;
  const k8s::Resource* holder = nullptr;
  const yaml::Node* spec = nullptr;
  Pods pods;
};

/// The groups of an object of a row (not kserve, llm, workflow). Objects that decide something are
/// added to `used`. Empty when the object has no pod template where the row says.
std::vector<PodGroup> pod_groups(const k8s::Resource& resource,
                                 const KindRow& row,
                                 const Context& context,
                                 const Options& options,
                                 std::vector<const k8s::Resource*>& used);

/// A whole number of pods, cut to 0..2^31-1 as the API's int32.
std::optional<std::int64_t> count_at(const yaml::Document& document,
                                     const yaml::Node& object,
                                     std::string_view pointer);

}  // namespace sluice::cost
