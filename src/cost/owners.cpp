// SPDX-License-Identifier: Apache-2.0
#include "cost/owners.hpp"

namespace sluice::cost {
namespace {

/// Fills what is still missing from the labels of one object or template.
void fill(OwnersView& owners, const yaml::Document& document, const yaml::Node* holder) {
  const auto* labels = holder == nullptr ? nullptr : document.find(*holder, {"metadata", "labels"});
  if (labels == nullptr) {
    return;
  }
  const auto take = [&](std::string_view& value, std::string_view name) {
    value = value.empty() ? document.text(*labels, {name}) : value;
  };
  take(owners.team, "team");
  take(owners.owner, "owner");
  take(owners.cost_center, "cost-center");
  take(owners.cost_center, "costCenter");
}

}  // namespace

OwnersView owners_of(const k8s::Resource& resource, const Context& context) {
  OwnersView out;
  const auto& document = *resource.document;
  fill(out, document, resource.object);
  const auto complete = [&out] {
    return !out.team.empty() && !out.owner.empty() && !out.cost_center.empty();
  };
  if (!complete()) {
    fill(out, document, document.find(*resource.object, {"spec", "template"}));
  }
  if (!complete()) {
    fill(out, document, document.find(*resource.object, {"spec", "jobTemplate"}));
  }
  if (!complete()) {
    const auto place = place_of(resource);
    if (const auto* above = context.find(place, "Namespace", "", place.name_space)) {
      fill(out, *above->document, above->object);
    }
  }
  return out;
}

}  // namespace sluice::cost
