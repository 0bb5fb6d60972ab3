// SPDX-License-Identifier: Apache-2.0
#include "cost/table_pods.hpp"

#include "cost/kserve_settings.hpp"
#include "cost/scale.hpp"

#include <utility>

namespace sluice::cost {
namespace {

/// The object whose template a Rollout runs: itself, or the Deployment of its workloadRef;
/// nullptr when that is in no manifest.
const k8s::Resource* template_holder(const Lookup& lookup, const KindRow& row) {
  const auto* reference =
      row.surge == Surge::rollout
          ? lookup.document().find(*lookup.resource.object, {"spec", "workloadRef"})
          : nullptr;
  if (reference == nullptr) {
    return &lookup.resource;
  }
  const auto place = place_of(lookup.resource);
  const auto* deployment = lookup.context.find(place, "Deployment", place.name_space,
                                               lookup.document().text(*reference, {"name"}));
  if (deployment != nullptr) {
    lookup.used.push_back(deployment);
  }
  return deployment;
}

/// KubeRay puts its autoscaler beside the head's container; autoscalerOptions.resources replaces
/// what it ships with as a whole (ray-operator, BuildAutoscalerContainer).
void add_ray_autoscaler(const Lookup& lookup, const PodRow& head, RunningPods::Entry& pods) {
  const auto& document = lookup.document();
  const auto* spec =
      at(document, *lookup.resource.object, head.each.substr(0, head.each.rfind('/')));
  if (spec == nullptr || !is_true(document, *spec, "/enableInTreeAutoscaling") ||
      pods.spec != at(document, *spec,
                      std::string(head.each.substr(head.each.rfind('/'))).append(head.pod))) {
    return;
  }
  Container container{.name = "autoscaler", .injected = true};
  if (const auto* own = document.find(*spec, {"autoscalerOptions", "resources"})) {
    container.requests = read_resource_list(lookup.reading(), document.find(*own, "requests"));
    container.limits = read_resource_list(lookup.reading(), document.find(*own, "limits"));
  } else {
    constexpr Origin shipped{Origin::Basis::kuberay, nullptr, nullptr};
    for (auto* list : {&container.requests, &container.limits}) {
      list->set("cpu", {*k8s::parse_quantity("500m"), shipped});
      list->set("memory", {*k8s::parse_quantity("512Mi"), shipped});
    }
  }
  pods.shape.app.push_back(std::move(container));
}

}  // namespace

RunningPods table_pods(const Lookup& lookup, const KindRow& row) {
  RunningPods out;
  const auto& first = row.pods.front();
  const auto* holder = template_holder(lookup, row);
  for (auto& group :
       pod_groups(lookup.resource, row, lookup.context, lookup.options, lookup.used)) {
    const auto* spec = group.spec;
    if (holder != &lookup.resource) {
      spec = holder == nullptr ? nullptr : at(*holder->document, *holder->object, first.pod);
    }
    if (spec == nullptr) {
      out.pods.clear();
      break;
    }
    const Reading reading{*holder, Origin::Basis::manifest, lookup.bad};
    out.pods.push_back(
        {std::move(group.name), read_pod(reading, *spec), group.pods, holder, spec, {}});
    if (row.count == Count::knative) {
      out.pods.back().shape.app.push_back(queue_proxy(lookup));
    } else if (row.count == Count::ray) {
      add_ray_autoscaler(lookup, first, out.pods.back());
    }
  }
  if (out.pods.empty()) {
    out.left_out.push_back("it has no pod template at " + std::string(first.each) +
                           std::string(first.pod));
  }
  return out;
}

}  // namespace sluice::cost
