// SPDX-License-Identifier: Apache-2.0
#include "cost/devices.hpp"

#include "base/text.hpp"
#include "yaml/canonical.hpp"

#include <algorithm>
#include <limits>

namespace sluice::cost {
namespace {

using yaml::Document;
using yaml::Kind;
using yaml::Node;

constexpr k8s::Int128 one_device = 1'000'000'000;
constexpr std::string_view class_suffix = ".deviceclass.resource.k8s.io/devices";

/// One of devices.requests[]: `exactly` since resource.k8s.io/v1, its members beside it before.
/// Of `firstAvailable` the first alternative is what the author would rather have.
void add_request(const Document& document, const Node& request, ClaimedDevices& out) {
  const auto* wanted = document.find(request, "exactly");
  if (const auto* alternatives = document.find(request, "firstAvailable");
      alternatives != nullptr && alternatives->kind == Kind::sequence &&
      alternatives->child_count != 0) {
    wanted = &document.children(*alternatives).front();
  }
  wanted = wanted == nullptr ? &request : wanted;
  const auto device_class = document.text(*wanted, {"deviceClassName"});
  if (device_class.empty() || !is_resource_name(device_class)) {
    return;
  }
  if (document.text(*wanted, {"allocationMode"}) == "All") {
    out.note = "the claim takes all devices of the class " + text::printable(device_class, 80) +
               ", whose number no manifest knows; one is counted";
  }
  const auto* count = document.find(*wanted, "count");
  constexpr std::int64_t most = std::numeric_limits<std::int32_t>::max();
  const auto devices = count == nullptr ? 1 : yaml::as_int64(*count).value_or(1);
  auto& sum = out.devices[std::string(device_class).append(class_suffix)];
  sum = plus(sum, times(k8s::Quantity(one_device), std::clamp<std::int64_t>(devices, 0, most)));
}

}  // namespace

ClaimedDevices devices_of(const Context& context, const Place& place, const DeviceClaim& claim) {
  ClaimedDevices out{.shared = !claim.claim.empty()};
  const std::string_view kind = out.shared ? "ResourceClaim" : "ResourceClaimTemplate";
  const auto name = out.shared ? claim.claim : claim.claim_template;
  out.object = context.find(place, kind, place.name_space, name);
  if (out.object == nullptr) {
    out.note = "the devices of the " + std::string(kind) + " " + text::printable(name, 80) +
               " are unknown: it is in no manifest";
    return out;
  }
  const auto& document = *out.object->document;
  const auto* spec = document.find(*out.object->object, "spec");
  if (spec != nullptr && !out.shared) {
    spec = document.find(*spec, "spec");
  }
  const auto* requests = spec == nullptr ? nullptr : document.find(*spec, {"devices", "requests"});
  if (requests != nullptr && requests->kind == Kind::sequence) {
    for (const auto& request : document.children(*requests)) {
      add_request(document, request, out);
    }
  }
  return out;
}

void add_amount(PodAmounts& to, std::string_view name, k8s::Quantity quantity, const Origin& from) {
  const auto entry = std::ranges::lower_bound(
      to.amounts, name, {}, [](const auto& e) { return std::string_view(e.first); });
  const auto place = static_cast<std::uint32_t>(entry - to.amounts.begin());
  if (to.amounts.find(name) == nullptr) {
    for (auto& [other, origin] : to.origins) {
      other += other >= place ? 1U : 0U;
    }
  }
  auto& sum = to.amounts[name];
  sum = plus(sum, quantity);
  to.origins.emplace_back(place, from);
  std::ranges::stable_sort(to.origins, {}, [](const auto& o) { return o.first; });
}

}  // namespace sluice::cost
