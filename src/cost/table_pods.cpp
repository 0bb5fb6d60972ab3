// SPDX-License-Identifier: Apache-2.0
#include "cost/table_pods.hpp"

#include "cost/kserve_settings.hpp"

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
    }
  }
  if (out.pods.empty()) {
    out.left_out.push_back("it has no pod template at " + std::string(first.each) +
                           std::string(first.pod));
  }
  return out;
}

}  // namespace sluice::cost
