// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cost/context.hpp"
#include "k8s/resource.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Which kinds run pods, and how many: rows of a table, so that a kind is added without code.
namespace sluice::cost {

/// When the pods of a workload ask for their resources.
enum class Role : std::uint8_t {
  steady,    ///< all the time
  batch,     ///< while a job runs: kept apart from the steady totals
  per_node,  ///< once for each node, whose number no manifest knows
};

/// How a kind says how many pods it runs; each has a function in replicas.cpp.
enum class Count : std::uint8_t {
  one,
  replicas,    ///< spec.replicas, or an autoscaler that targets the object
  per_node,    ///< DaemonSet
  job,         ///< min(parallelism, completions)
  cron_job,    ///< the job's number; unbounded overlap when the policy allows it
  scaled_job,  ///< KEDA: 0 to maxReplicaCount jobs
  knative,     ///< annotations of the revision template
  kserve,      ///< InferenceService: kserve.cpp
};

/// How many pods run beside the full number while a new version is rolled out.
enum class Surge : std::uint8_t { none, deployment, daemon_set, rollout, revision };

struct KindRow {
  std::string_view group, kind;
  std::string_view pod;  ///< JSON pointer to the pod spec
  Count count = Count::one;
  Surge surge = Surge::none;
  std::string_view claims;  ///< JSON pointer to volume claim templates, one set for each pod
};

std::span<const KindRow> kinds();
/// The row of a kind, whatever its version; nullptr when there is none.
const KindRow* find_kind(std::string_view group, std::string_view kind);
/// Kinds that hold pod templates or container lists and never run them (runtimes, policies,
/// definitions): not "not counted".
bool never_runs(std::string_view group, std::string_view kind);

/// Follows a JSON pointer of plain keys; nullptr when something on the way is missing.
const yaml::Node* at(const yaml::Document& document,
                     const yaml::Node& object,
                     std::string_view pointer);

/// Why a maximum is not the author's own number.
enum class Bound : std::uint8_t {
  written,
  keda_default,  ///< KEDA's 100
  none,          ///< no upper limit: the maximum is a lower bound
};

struct Pods {
  std::int64_t min = 1, max = 1;
  std::int64_t surge = 0;  ///< above max while a rollout runs
  Bound bound = Bound::written;
  Role role = Role::steady;
  std::string from;  ///< "manifest", "default", "HorizontalPodAutoscaler web"

  friend bool operator==(const Pods&, const Pods&) = default;
};

struct Options {
  std::optional<std::int64_t> nodes;  ///< for DaemonSets; without it they are shown per node
};

/// How many pods an object of a row runs (not Count::kserve). Autoscalers and Rollouts that decide
/// it are added to `used`.
Pods pods_of(const k8s::Resource& resource,
             const KindRow& row,
             const Context& context,
             const Options& options,
             std::vector<const k8s::Resource*>& used);

/// Pods above `pods` for a maxSurge of the usual form: a number, or a percentage rounded up.
std::int64_t surge_pods(const yaml::Node* max_surge, std::string_view otherwise, std::int64_t pods);

/// A whole number of pods, cut to 0..2^31-1 as the API's int32.
std::optional<std::int64_t> count_at(const yaml::Document& document,
                                     const yaml::Node& object,
                                     std::string_view pointer);

}  // namespace sluice::cost
