// SPDX-License-Identifier: Apache-2.0
#include "cost/scale.hpp"

#include "yaml/canonical.hpp"

#include <algorithm>
#include <charconv>

namespace sluice::cost {
namespace {

using yaml::Document;
using yaml::Node;

constexpr std::int64_t keda_default_maximum = 100;

Origin decided_by(const k8s::Resource& scaler, std::string_view pointer) {
  return {Origin::Basis::object, &scaler, at(*scaler.document, *scaler.object, pointer)};
}

Pods by_autoscaler(const k8s::Resource& scaler) {
  const auto& document = *scaler.document;
  const auto minimum = count_at(document, *scaler.object, "/spec/minReplicas").value_or(1);
  const auto maximum = count_at(document, *scaler.object, "/spec/maxReplicas").value_or(minimum);
  return {.min = minimum,
          .max = std::max(minimum, maximum),
          .from = decided_by(scaler, "/spec/maxReplicas")};
}

Pods by_keda(const k8s::Resource& scaler) {
  const auto& document = *scaler.document;
  const auto& object = *scaler.object;
  const auto paused = annotation_count(document, at(document, object, "/metadata/annotations"),
                                       "autoscaling.keda.sh/paused-replicas");
  if (paused) {
    return {.min = *paused, .max = *paused, .from = decided_by(scaler, "/metadata/annotations")};
  }
  const auto idle = count_at(document, object, "/spec/idleReplicaCount");
  const auto minimum = count_at(document, object, "/spec/minReplicaCount").value_or(0);
  const auto maximum = count_at(document, object, "/spec/maxReplicaCount");
  return {.min = idle ? std::min(*idle, minimum) : minimum,
          .max = std::max(minimum, maximum.value_or(keda_default_maximum)),
          .bound = maximum ? Bound::written : Bound::keda_default,
          .from = decided_by(scaler, maximum ? "/spec/maxReplicaCount" : "/spec")};
}

std::int64_t rollout_surge(const k8s::Resource& resource, std::int64_t pods) {
  const auto& document = *resource.document;
  const auto* strategy = at(document, *resource.object, "/spec/strategy");
  if (strategy == nullptr) {
    return surge_pods(nullptr, "25%", pods);
  }
  if (document.find(*strategy, "blueGreen") != nullptr) {
    // The preview stands beside the active one until it takes over, and then has all its pods.
    return pods;
  }
  const auto* canary = document.find(*strategy, "canary");
  if (canary == nullptr) {
    return surge_pods(nullptr, "25%", pods);
  }
  // With traffic routing the stable version keeps all its pods until the canary is at 100 %.
  const bool shrinks = is_true(document, *canary, "/dynamicStableScale");
  if (document.find(*canary, "trafficRouting") != nullptr && !shrinks) {
    return pods;
  }
  return surge_pods(document.find(*canary, "maxSurge"), "25%", pods);
}

/// A new revision starts with its initial scale, and keeps at least its least number, while the
/// old one still serves.
std::int64_t revision_surge(const k8s::Resource& resource, const Pods& pods) {
  const auto& document = *resource.document;
  const auto* annotations = at(document, *resource.object, "/spec/template/metadata/annotations");
  const auto initial =
      annotation_count(document, annotations, "autoscaling.knative.dev/initial-scale");
  return std::max(pods.min, initial.value_or(1));
}

}  // namespace

bool is_true(const Document& document, const Node& object, std::string_view pointer) {
  const auto* node = at(document, object, pointer);
  return node != nullptr && node->kind == yaml::Kind::boolean && yaml::as_bool(*node);
}

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

std::int64_t product(std::int64_t a, std::int64_t b) {
  return a == 0 || b <= most_pods / a ? a * b : most_pods;
}

Pods scaled_by(const k8s::Resource& scaler, std::optional<std::int64_t> written) {
  if (scaler.ref.kind == "ScaledObject") {
    return by_keda(scaler);
  }
  if (written == 0) {  // replicas: 0 switches an autoscaler off
    return {.min = 0, .max = 0, .from = {Origin::Basis::manifest, nullptr, nullptr}};
  }
  return by_autoscaler(scaler);
}

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

std::int64_t surge_of(const k8s::Resource& resource, Surge surge, const Pods& pods) {
  const auto written = [&](std::string_view pointer, std::string_view otherwise) {
    return surge_pods(at(*resource.document, *resource.object, pointer), otherwise, pods.max);
  };
  switch (surge) {
    case Surge::none:
      return 0;
    case Surge::deployment:
      return resource.document->text(*resource.object, {"spec", "strategy", "type"}) == "Recreate"
                 ? 0
                 : written("/spec/strategy/rollingUpdate/maxSurge", "25%");
    case Surge::daemon_set:
      return written("/spec/updateStrategy/rollingUpdate/maxSurge", "0");
    case Surge::leader_worker:
      return written("/spec/rolloutStrategy/rollingUpdateConfiguration/maxSurge", "0");
    case Surge::rollout:
      return rollout_surge(resource, pods.max);
    case Surge::revision:
      return revision_surge(resource, pods);
    case Surge::all:
      return pods.max;
  }
  return 0;
}

}  // namespace sluice::cost
