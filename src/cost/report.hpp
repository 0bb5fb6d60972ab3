// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cost/amounts.hpp"
#include "cost/money.hpp"
#include "diag/finding.hpp"

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The finished comparison of two streams: plain data that points into nothing, so that every
/// format (Markdown, JSON, HTML) is a pure function of it, and `post` can make it again from JSON.
namespace sluice::cost {

/// Where a number comes from.
struct Source {
  std::string what;   ///< "manifest", "limit", "LimitRange defaults", "ClusterServingRuntime sk",
                      ///< "KServe's default", "sluice.yaml", "--nodes", "default"
  diag::Location at;  ///< where it is written; without a file when it is written nowhere

  friend auto operator<=>(const Source&, const Source&) = default;
};

/// Two objects are the same when these are; the version of the API does not matter.
struct Key {
  std::string env, destination, name_space, kind, group, name;

  friend auto operator<=>(const Key&, const Key&) = default;
};

/// Who answers for a workload, by its labels (its own, else its pods', else its namespace's).
struct Owners {
  std::string team, owner, cost_center;

  friend auto operator<=>(const Owners&, const Owners&) = default;
};

/// Never one number: what is asked for all the time (least and most), at the worst moment of a
/// rollout, by jobs, and once for each node. Money is per hour, and 0 without a price list.
struct Totals {
  Amounts steady_min, steady_max, rollout_peak, batch_peak, per_node;
  struct Costs {
    Money steady_min, steady_max, rollout_peak, batch_peak, per_node;

    friend bool operator==(const Costs&, const Costs&) = default;
  } costs;
  /// Resources that are asked for and have no price, sorted: `costs` are too small by them. Empty
  /// without a price list.
  std::vector<std::string> unpriced;
  bool open = false;        ///< some maximum has no upper limit: steady_max is a lower bound
  bool batch_open = false;  ///< jobs may overlap without limit: batch_peak is a lower bound

  friend bool operator==(const Totals&, const Totals&) = default;
};

void add(Totals& to, const Totals& more);

/// The resources of a moment (`&Totals::steady_max`) without a price that differ between two sides:
/// by them the difference in money is wrong. Before nothing: those that are there.
std::vector<std::string> unpriced(const Totals& before,
                                  const Totals& after,
                                  Amounts Totals::*moment);

/// When the pods of a workload ask for their resources.
enum class Role : std::uint8_t {
  steady,    ///< all the time
  batch,     ///< while a job runs: kept apart from the steady totals
  per_node,  ///< once for each node, whose number no manifest knows
};
std::string_view name(Role role);  ///< "steady", "batch", "perNode"

/// Why a maximum is not the author's own number.
enum class Bound : std::uint8_t {
  written,
  keda_default,  ///< KEDA's 100
  none,          ///< no upper limit: the maximum is a lower bound
};
std::string_view name(Bound bound);  ///< "written", "kedaDefault", "none"

/// One resource of one pod, with everything that it was made of, sorted.
struct PodAmount {
  std::string resource;
  k8s::Quantity quantity;
  std::vector<Source> from;
};

/// Pods of one shape: a Deployment has one such part, an InferenceService one for each component,
/// a RayCluster one for each group.
struct PartView {
  std::string name;                ///< "predictor"; empty for the only one
  std::vector<PodAmount> per_pod;  ///< sorted by resource
  std::int64_t min = 1, max = 1;
  std::int64_t surge = 0;  ///< above max while a rollout runs
  Role role = Role::steady;
  Bound bound = Bound::written;
  Source pods_from;                  ///< what decided the number of pods
  std::string qos;                   ///< "Guaranteed", "Burstable", "BestEffort"
  std::string placement;             ///< what the price was chosen by: "nvidia.com/gpu.product=..."
  std::vector<std::string> missing;  ///< containers without requests: "app: cpu, memory"
};

/// A workload on one side.
struct Side {
  diag::Location at;
  std::vector<PartView> parts;
  Amounts
      claims;  ///< what does not follow the pods: storage of a PersistentVolumeClaim, a balancer
  Totals totals;
  std::vector<std::string> notes;  ///< what a reader must know: "runtime sklearn is in no manifest"
};

enum class Change : std::uint8_t { added, removed, changed, renamed, unchanged };
std::string_view name(Change change);  ///< "added", ...

/// One workload on both sides.
struct Row {
  Key key;  ///< the head's; the base's when it was removed
  Owners owners;
  Change change = Change::unchanged;
  std::string was;  ///< of renamed ones: "namespace/name" before
  /// Why it changed, sorted: "manifest", "HorizontalPodAutoscaler web", "LimitRange defaults".
  std::vector<Source> because;
  std::optional<Side> base, head;

  [[nodiscard]] const Totals& before() const;
  [[nodiscard]] const Totals& after() const;
};

/// The workloads that have all of these in common.
struct Group {
  std::string env, name_space;
  Owners owners;
  Totals base, head;
};

/// What groups can be put together by. A team that is not written is its owner.
enum class Dimension : std::uint8_t { env, name_space, team, owner, cost_center };
std::string_view name(Dimension dimension);  ///< "env", "namespace", "team", "owner", "costCenter"

/// One value of a dimension, or of several.
struct Slice {
  std::vector<std::string> values;  ///< in the order of the dimensions asked for
  Totals base, head;
};
/// The groups put together by some dimensions, sorted by their values.
std::vector<Slice> slices(const std::vector<Group>& groups,
                          const std::vector<Dimension>& dimensions);

/// How one resource of one ResourceQuota is used by the objects of a stream; what is not in Git is
/// not counted.
struct QuotaFit {
  std::string env, destination, name_space, quota;
  std::string resource;                    ///< as the quota writes it: "requests.cpu"
  diag::Location at;                       ///< of the hard limit
  std::optional<k8s::Quantity> base_hard;  ///< before; nothing when it is new
  std::optional<k8s::Quantity> hard;       ///< nothing when it was removed
  struct Use {
    k8s::Quantity steady_min, steady_max, peak;  ///< peak: rollouts and jobs on top

    friend bool operator==(const Use&, const Use&) = default;
  } base, head;
};

/// An object that may run pods and was left out, with the reason.
struct NotCounted {
  Key key;
  std::string reason;
  diag::Location at;
};

/// What money means in a report.
struct PriceList {
  std::string file;
  std::string currency;  ///< ISO 4217: "EUR"
  std::int64_t hours_per_month = 730;
};

/// Everything that is said about one change.
struct Report {
  bool has_base = false;
  std::optional<PriceList> prices;
  std::size_t added = 0, removed = 0, changed = 0, renamed = 0, unchanged = 0;
  Totals base, head;
  std::vector<Group> groups;            ///< sorted by environment, namespace, owners
  std::vector<Row> rows;                ///< those that differ, without a base all; sorted by key
  std::vector<QuotaFit> quotas;         ///< of namespaces that change, without a base all; sorted
  std::vector<NotCounted> not_counted;  ///< of the head; sorted
  std::vector<diag::Finding> findings;  ///< flags among them (cost/*); sorted

  [[nodiscard]] std::size_t workloads() const {
    return added + removed + changed + renamed + unchanged;
  }
};

/// One sentence, without markup: "This change asks for 3 cpu more at its steady maximum ...";
/// "No base to compare with: ..." when there is none.
std::string sentence(const Report& report);

/// Schema "sluice.cost/2" (docs/cost-proxy.md). With a base only workloads that change are listed.
std::string to_json(const Report& report);

}  // namespace sluice::cost
