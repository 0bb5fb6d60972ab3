// SPDX-License-Identifier: Apache-2.0
#include "cost/kinds.hpp"
#include "cost/scale.hpp"

#include <algorithm>
#include <utility>

namespace sluice::cost {
namespace {

using yaml::Document;
using yaml::Kind;
using yaml::Node;

/// What every counting rule may look at.
struct Subject {
  const k8s::Resource& resource;
  const KindRow& row;
  const Context& context;
  const Options& options;
  std::vector<const k8s::Resource*>& used;

  [[nodiscard]] const Document& document() const { return *resource.document; }
  [[nodiscard]] const Node* node(std::string_view pointer) const {
    return at(document(), *resource.object, pointer);
  }
  [[nodiscard]] std::optional<std::int64_t> count(std::string_view pointer) const {
    return count_at(document(), *resource.object, pointer);
  }
  [[nodiscard]] Origin here(const Node* node) const {
    return {node == nullptr ? Origin::Basis::unset : Origin::Basis::manifest, &resource, node};
  }
};

/// One thing that `each` points at.
struct Holder {
  std::string name;
  const Node* node = nullptr;
};

std::vector<Holder> holders(const Subject& subject, const PodRow& row) {
  const auto& document = subject.document();
  const bool every = row.each.ends_with("/*");
  const auto* node = subject.node(every ? row.each.substr(0, row.each.size() - 2) : row.each);
  std::vector<Holder> out;
  if (node == nullptr) {
    return out;
  }
  if (!every) {
    out.push_back({std::string(row.name), node});
  } else if (node->kind == Kind::sequence) {
    for (const auto& item : document.children(*node)) {
      const auto name = document.text(item, {"name"});
      out.push_back({std::string(name.empty() ? document.text(item, {"groupName"}) : name), &item});
    }
  } else if (node->kind == Kind::mapping) {
    const auto children = document.children(*node);
    for (std::size_t i = 0; i + 1 < children.size(); i += 2) {
      out.push_back({std::string(children[i].text), &children[i + 1]});
    }
  }
  return out;
}

/// Pods that a job runs at once.
std::int64_t job_pods(const Document& document, const Node& job) {
  const auto parallelism = count_at(document, job, "/parallelism").value_or(1);
  return std::min(parallelism, count_at(document, job, "/completions").value_or(parallelism));
}

void multiply(Pods& pods, std::int64_t factor) {
  pods.min = product(pods.min, factor);
  pods.max = product(pods.max, factor);
  pods.surge = product(pods.surge, factor);
}

/// What the numbers of a row say, before anything else has its word.
Pods written(const Subject& subject, const PodRow& row, const Node& holder) {
  const auto& document = subject.document();
  const auto* replicas = row.replicas.empty() ? nullptr : at(document, holder, row.replicas);
  const auto count = row.replicas.empty()
                         ? row.otherwise
                         : count_at(document, holder, row.replicas).value_or(row.otherwise);
  Pods pods{.min = count, .max = count, .role = subject.row.role, .from = subject.here(replicas)};
  if (row.replicas.empty()) {
    pods.from = subject.here(&holder);
  }
  if (!row.min.empty() || !row.max.empty()) {
    const auto minimum = row.min.empty() ? std::nullopt : count_at(document, holder, row.min);
    const auto maximum = row.max.empty() ? std::nullopt : count_at(document, holder, row.max);
    pods.min = minimum.value_or(count);
    pods.max = std::max(pods.min, maximum.value_or(count));
  }
  return pods;
}

void apply_factors(const Subject& subject, const PodRow& row, const Node& holder, Pods& pods) {
  const auto& document = subject.document();
  if (!row.times.empty()) {
    multiply(pods, count_at(document, holder, row.times).value_or(1));
  }
  if (!row.job.empty()) {
    const auto* job = at(document, holder, row.job);
    multiply(pods, job == nullptr ? 1 : job_pods(document, *job));
  }
}

/// A Deployment that only lends its template to a Rollout, and is scaled down by it.
const k8s::Resource* taken_over_by(const Subject& subject) {
  if (subject.resource.ref.kind != "Deployment") {
    return nullptr;
  }
  const auto* rollout =
      subject.context.rollout_of(place_of(subject.resource), subject.resource.ref.name);
  if (rollout == nullptr) {
    return nullptr;
  }
  const auto mode = rollout->document->text(*rollout->object, {"spec", "workloadRef", "scaleDown"});
  return mode == "onsuccess" || mode == "progressively" ? rollout : nullptr;
}

/// Lets a Rollout or an autoscaler decide, where there is one.
void let_others_decide(const Subject& subject, const PodRow& row, Pods& pods) {
  if (subject.row.count == Count::replicas) {
    if (const auto* rollout = taken_over_by(subject)) {
      subject.used.push_back(rollout);
      pods = {.min = 0, .max = 0, .from = {Origin::Basis::object, rollout, nullptr}};
      return;
    }
  }
  const auto& ref = subject.resource.ref;
  const auto* scaler = subject.context.scaler_of(place_of(subject.resource), ref.kind, ref.name);
  if (scaler == nullptr) {
    return;
  }
  subject.used.push_back(scaler);
  const auto own = pods;
  pods = scaled_by(*scaler, subject.count(row.replicas));
  pods.role = own.role;
  if (pods.from.object == nullptr) {
    pods.from = own.from;
  }
}

/// Nodes of the pool that a DaemonSet is bound to, else of the cluster.
void count_nodes(const Subject& subject, Pods& pods) {
  const auto& document = subject.document();
  const auto* selector = subject.node("/spec/template/spec/nodeSelector");
  for (const auto& pool : subject.options.pools) {
    // A pool without a label is the whole cluster.
    if (pool.label.empty() ||
        (selector != nullptr && document.text(*selector, {pool.label}) == pool.value)) {
      pods = {.min = pool.nodes,
              .max = pool.nodes,
              .from = {Origin::Basis::configuration, nullptr, nullptr}};
      return;
    }
  }
  if (const auto nodes = subject.options.nodes) {
    pods = {.min = *nodes, .max = *nodes, .from = {Origin::Basis::nodes_flag, nullptr, nullptr}};
  } else {
    pods.role = Role::per_node;
    pods.from = {Origin::Basis::each_node, nullptr, nullptr};
  }
}

void count_cron_job(const Subject& subject, Pods& pods) {
  const auto policy =
      subject.document().text(*subject.resource.object, {"spec", "concurrencyPolicy"});
  pods.bound = policy == "Forbid" || policy == "Replace" ? Bound::written : Bound::none;
}

void count_scaled_job(const Subject& subject, Pods& pods) {
  constexpr std::int64_t keda_default_maximum = 100;
  const auto* maximum = subject.node("/spec/maxReplicaCount");
  multiply(pods, subject.count("/spec/maxReplicaCount").value_or(keda_default_maximum));
  pods.bound = maximum != nullptr ? Bound::written : Bound::keda_default;
  pods.from = subject.here(maximum);
}

void count_knative(const Subject& subject, Pods& pods) {
  const auto* annotations = subject.node("/spec/template/metadata/annotations");
  const auto scale = [&](std::string_view name, std::string_view old) {
    const auto found = annotation_count(subject.document(), annotations, name);
    return found ? found : annotation_count(subject.document(), annotations, old);
  };
  const auto minimum =
      scale("autoscaling.knative.dev/min-scale", "autoscaling.knative.dev/minScale").value_or(0);
  const auto maximum =
      scale("autoscaling.knative.dev/max-scale", "autoscaling.knative.dev/maxScale").value_or(0);
  pods.min = minimum;
  pods.max = maximum == 0 ? std::max<std::int64_t>(minimum, 1) : std::max(minimum, maximum);
  pods.bound = maximum == 0 ? Bound::none : Bound::written;
  pods.from = subject.here(annotations);
}

/// Without the autoscaler a worker group has its replicas, within its bounds; with it, any number
/// between the bounds (KubeRay: minReplicas 0, maxReplicas without a limit).
void count_ray(const Subject& subject, const PodRow& row, const Node& holder, Pods& pods) {
  if (row.min.empty()) {
    return;  // the head
  }
  const auto& document = subject.document();
  const auto cluster = row.each.substr(0, row.each.rfind("/workerGroupSpecs"));
  const auto replicas = count_at(document, holder, row.replicas).value_or(row.otherwise);
  const auto minimum = count_at(document, holder, row.min).value_or(0);
  const auto maximum = count_at(document, holder, row.max);
  const auto most = std::max(minimum, maximum.value_or(std::max(replicas, minimum)));
  const auto fixed = std::clamp(replicas, minimum, most);
  const bool scales = is_true(document, *subject.resource.object,
                              std::string(cluster) + "/enableInTreeAutoscaling");
  pods.min = scales ? minimum : fixed;
  pods.max = scales ? most : fixed;
  pods.bound = scales && !maximum ? Bound::none : Bound::written;
}

/// Given metrics, Kubeflow makes an autoscaler for the workers of an elastic job
/// (training-operator, ReconcileHPA); without them their number stays.
void count_elastic(const Subject& subject, const Node& holder, Pods& pods) {
  const auto* most = subject.node("/spec/elasticPolicy/maxReplicas");
  const auto maximum = subject.count("/spec/elasticPolicy/maxReplicas");
  if (&holder == subject.node("/spec/pytorchReplicaSpecs/Worker") && maximum > pods.max &&
      subject.node("/spec/elasticPolicy/metrics") != nullptr) {
    pods.max = *maximum;
    pods.from = subject.here(most);
  }
}

/// A group is one leader and size - 1 workers.
void count_leader_worker(const Subject& subject, const PodRow& row, Pods& pods) {
  if (row.name == "worker") {
    const auto size = subject.count("/spec/leaderWorkerTemplate/size").value_or(1);
    multiply(pods, std::max<std::int64_t>(size, 1) - 1);
  }
}

Pods pods_of(const Subject& subject, const PodRow& row, const Node& holder) {
  Pods pods = written(subject, row, holder);
  const auto rule = subject.row.count;
  if (row.each.empty() && !row.replicas.empty()) {
    let_others_decide(subject, row, pods);
  }
  switch (rule) {
    case Count::per_node:
      count_nodes(subject, pods);
      break;
    case Count::cron_job:
      count_cron_job(subject, pods);
      break;
    case Count::scaled_job:
      count_scaled_job(subject, pods);
      break;
    case Count::knative:
      count_knative(subject, pods);
      break;
    case Count::elastic:
      count_elastic(subject, holder, pods);
      break;
    case Count::ray:
      count_ray(subject, row, holder, pods);
      break;
    default:
      break;
  }
  apply_factors(subject, row, holder, pods);
  pods.surge = pods.role == Role::batch || pods.max == 0
                   ? 0
                   : surge_of(subject.resource, subject.row.surge, pods);
  if (rule == Count::leader_worker) {
    count_leader_worker(subject, row, pods);
  }
  if (pods.role == Role::batch) {
    pods.min = 0;
  }
  return pods;
}

/// The pod spec that a row points at; a LeaderWorkerSet without a leader's takes the workers'.
const Node* spec_of(const Subject& subject, const PodRow& row, const Node& holder) {
  const auto* spec = at(subject.document(), holder, row.pod);
  if (spec == nullptr && subject.row.count == Count::leader_worker) {
    spec = at(subject.document(), holder, subject.row.pods[1].pod);
  }
  return spec != nullptr && spec->kind == Kind::mapping ? spec : nullptr;
}

}  // namespace

std::vector<PodGroup> pod_groups(const k8s::Resource& resource,
                                 const KindRow& row,
                                 const Context& context,
                                 const Options& options,
                                 std::vector<const k8s::Resource*>& used) {
  const Subject subject{resource, row, context, options, used};
  const bool suspended =
      !row.suspend.empty() && is_true(*resource.document, *resource.object, row.suspend);
  std::vector<PodGroup> out;
  for (const auto& pod_row : row.pods) {
    if (pod_row.pod.empty()) {
      continue;
    }
    for (auto& holder : holders(subject, pod_row)) {
      PodGroup group{.name = std::move(holder.name),
                     .holder = &resource,
                     .spec = spec_of(subject, pod_row, *holder.node),
                     .pods = pods_of(subject, pod_row, *holder.node)};
      if (suspended) {
        group.pods.min = group.pods.max = group.pods.surge = 0;
        group.pods.bound = Bound::written;
        group.pods.from = subject.here(subject.node(row.suspend));
      }
      out.push_back(std::move(group));
    }
  }
  return out;
}

}  // namespace sluice::cost
