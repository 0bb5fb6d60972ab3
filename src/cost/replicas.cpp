// SPDX-License-Identifier: Apache-2.0
#include "cost/kinds.hpp"
#include "yaml/canonical.hpp"

#include <algorithm>
#include <charconv>
#include <limits>

namespace sluice::cost {
namespace {

using yaml::Document;
using yaml::Node;

constexpr std::int64_t most_pods = std::numeric_limits<std::int32_t>::max();
constexpr std::int64_t keda_default_maximum = 100;

/// What every counting rule may look at.
struct Subject {
  const k8s::Resource& resource;
  const KindRow& row;
  const Context& context;
  const Options& options;
  std::vector<const k8s::Resource*>& used;

  [[nodiscard]] std::optional<std::int64_t> count(std::string_view pointer) const {
    return count_at(*resource.document, *resource.object, pointer);
  }
  [[nodiscard]] std::string_view text(std::initializer_list<std::string_view> path) const {
    return resource.document->text(*resource.object, path);
  }
  [[nodiscard]] bool is_true(std::string_view pointer) const {
    const auto* node = at(*resource.document, *resource.object, pointer);
    return node != nullptr && node->kind == yaml::Kind::boolean && yaml::as_bool(*node);
  }
};

/// Annotations are always text: "3".
std::optional<std::int64_t> annotation_count(const Document& document,
                                             const Node* annotations,
                                             std::string_view name) {
  if (annotations == nullptr) {
    return std::nullopt;
  }
  const auto text = document.text(*annotations, {name});
  std::int64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc{} || end != text.data() + text.size() || text.empty()) {
    return std::nullopt;
  }
  return std::clamp<std::int64_t>(count, 0, most_pods);
}

std::string source_of(const k8s::Resource& resource) {
  return resource.ref.kind + " " + resource.ref.name;
}

void scale_by_hpa(const k8s::Resource& hpa, Pods& pods) {
  const auto& document = *hpa.document;
  pods.min = count_at(document, *hpa.object, "/spec/minReplicas").value_or(1);
  pods.max = count_at(document, *hpa.object, "/spec/maxReplicas").value_or(pods.min);
  pods.max = std::max(pods.min, pods.max);
  pods.from = source_of(hpa);
}

void scale_by_keda(const k8s::Resource& scaled, Pods& pods) {
  const auto& document = *scaled.document;
  const auto& object = *scaled.object;
  pods.from = source_of(scaled);
  const auto paused = annotation_count(document, at(document, object, "/metadata/annotations"),
                                       "autoscaling.keda.sh/paused-replicas");
  if (paused) {
    pods.min = pods.max = *paused;
    return;
  }
  const auto idle = count_at(document, object, "/spec/idleReplicaCount");
  const auto minimum = count_at(document, object, "/spec/minReplicaCount").value_or(0);
  const auto maximum = count_at(document, object, "/spec/maxReplicaCount");
  pods.min = idle ? std::min(*idle, minimum) : minimum;
  pods.max = std::max(minimum, maximum.value_or(keda_default_maximum));
  pods.bound = maximum ? Bound::written : Bound::keda_default;
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

Pods count_replicas(const Subject& subject) {
  const auto written = subject.count("/spec/replicas");
  Pods pods{.min = written.value_or(1),
            .max = written.value_or(1),
            .from = written ? "manifest" : "default"};
  if (const auto* rollout = taken_over_by(subject)) {
    subject.used.push_back(rollout);
    return {.min = 0, .max = 0, .from = source_of(*rollout)};
  }
  const auto& ref = subject.resource.ref;
  const auto* scaler = subject.context.scaler_of(place_of(subject.resource), ref.kind, ref.name);
  if (scaler == nullptr) {
    return pods;
  }
  if (scaler->ref.kind == "ScaledObject") {
    scale_by_keda(*scaler, pods);
  } else if (written != 0) {  // replicas: 0 switches an autoscaler off
    scale_by_hpa(*scaler, pods);
  }
  subject.used.push_back(scaler);
  return pods;
}

Pods count_per_node(const Subject& subject) {
  if (const auto nodes = subject.options.nodes) {
    return {.min = *nodes, .max = *nodes, .from = "--nodes"};
  }
  return {.role = Role::per_node, .from = "one for each node"};
}

/// Pods that a job runs at once; `job` points at its spec.
std::int64_t job_pods(const Subject& subject, const std::string& job) {
  const auto parallelism = subject.count(job + "/parallelism").value_or(1);
  return std::min(parallelism, subject.count(job + "/completions").value_or(parallelism));
}

Pods count_job(const Subject& subject) {
  const auto pods = subject.is_true("/spec/suspend") ? 0 : job_pods(subject, "/spec");
  return {.min = 0, .max = pods, .role = Role::batch, .from = "manifest"};
}

Pods count_cron_job(const Subject& subject) {
  Pods pods{.min = 0, .max = 0, .role = Role::batch, .from = "manifest"};
  if (!subject.is_true("/spec/suspend")) {
    const auto policy = subject.text({"spec", "concurrencyPolicy"});
    pods.max = job_pods(subject, "/spec/jobTemplate/spec");
    pods.bound = policy == "Forbid" || policy == "Replace" ? Bound::written : Bound::none;
  }
  return pods;
}

Pods count_scaled_job(const Subject& subject) {
  const auto maximum = subject.count("/spec/maxReplicaCount");
  const auto jobs = maximum.value_or(keda_default_maximum);
  return {.min = 0,
          .max = std::min(most_pods, jobs * job_pods(subject, "/spec/jobTargetRef")),
          .bound = maximum ? Bound::written : Bound::keda_default,
          .role = Role::batch,
          .from = maximum ? "manifest" : "default"};
}

Pods count_knative(const Subject& subject) {
  const auto& document = *subject.resource.document;
  const auto* annotations =
      at(document, *subject.resource.object, "/spec/template/metadata/annotations");
  const auto scale = [&](std::string_view name, std::string_view old) {
    const auto found = annotation_count(document, annotations, name);
    return found ? found : annotation_count(document, annotations, old);
  };
  const auto minimum =
      scale("autoscaling.knative.dev/min-scale", "autoscaling.knative.dev/minScale").value_or(0);
  const auto maximum =
      scale("autoscaling.knative.dev/max-scale", "autoscaling.knative.dev/maxScale").value_or(0);
  return {.min = minimum,
          .max = maximum == 0 ? std::max<std::int64_t>(minimum, 1) : std::max(minimum, maximum),
          .bound = maximum == 0 ? Bound::none : Bound::written,
          .from = annotations == nullptr ? "default" : "manifest"};
}

std::int64_t rollout_surge(const Subject& subject, std::int64_t pods) {
  const auto& document = *subject.resource.document;
  const auto* strategy = at(document, *subject.resource.object, "/spec/strategy");
  if (strategy == nullptr) {
    return surge_pods(nullptr, "25%", pods);
  }
  if (document.find(*strategy, "blueGreen") != nullptr) {
    return pods;  // the preview stands beside the active one until the old is scaled down
  }
  const auto* canary = document.find(*strategy, "canary");
  if (canary == nullptr) {
    return surge_pods(nullptr, "25%", pods);
  }
  // With traffic routing the stable version keeps all its pods until the canary is at 100 %.
  const auto* dynamic = document.find(*canary, "dynamicStableScale");
  const bool shrinks =
      dynamic != nullptr && dynamic->kind == yaml::Kind::boolean && yaml::as_bool(*dynamic);
  if (document.find(*canary, "trafficRouting") != nullptr && !shrinks) {
    return pods;
  }
  return surge_pods(document.find(*canary, "maxSurge"), "25%", pods);
}

std::int64_t surge_of(const Subject& subject, const Pods& pods) {
  const auto& document = *subject.resource.document;
  const auto& object = *subject.resource.object;
  switch (subject.row.surge) {
    case Surge::none:
      return 0;
    case Surge::deployment:
      return subject.text({"spec", "strategy", "type"}) == "Recreate"
                 ? 0
                 : surge_pods(at(document, object, "/spec/strategy/rollingUpdate/maxSurge"), "25%",
                              pods.max);
    case Surge::daemon_set:
      return surge_pods(at(document, object, "/spec/updateStrategy/rollingUpdate/maxSurge"), "0",
                        pods.max);
    case Surge::rollout:
      return rollout_surge(subject, pods.max);
    case Surge::revision:  // the new revision starts with its least number beside the old one
      return std::max<std::int64_t>(pods.min, 1);
  }
  return 0;
}

Pods count(const Subject& subject) {
  switch (subject.row.count) {
    case Count::one:
    case Count::kserve:
      return {.from = "manifest"};
    case Count::replicas:
      return count_replicas(subject);
    case Count::per_node:
      return count_per_node(subject);
    case Count::job:
      return count_job(subject);
    case Count::cron_job:
      return count_cron_job(subject);
    case Count::scaled_job:
      return count_scaled_job(subject);
    case Count::knative:
      return count_knative(subject);
  }
  return {};
}

}  // namespace

std::int64_t surge_pods(const Node* max_surge, std::string_view otherwise, std::int64_t pods) {
  const auto text = max_surge == nullptr || !max_surge->is_scalar() ? otherwise : max_surge->text;
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const std::string_view rest(end, static_cast<std::size_t>(text.data() + text.size() - end));
  if (error != std::errc{} || number < 0) {
    return 0;
  }
  number = std::min(number, most_pods);
  if (rest == "%") {
    return std::min(most_pods, (pods * number + 99) / 100);  // maxSurge rounds up
  }
  return rest.empty() ? number : 0;
}

Pods pods_of(const k8s::Resource& resource,
             const KindRow& row,
             const Context& context,
             const Options& options,
             std::vector<const k8s::Resource*>& used) {
  const Subject subject{resource, row, context, options, used};
  Pods pods = count(subject);
  pods.surge = pods.role == Role::batch || pods.max == 0 ? 0 : surge_of(subject, pods);
  return pods;
}

}  // namespace sluice::cost
