// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cost/context.hpp"
#include "cost/pod.hpp"

#include <string>

namespace sluice::cost {

/// Devices of one claim (dynamic resource allocation), under the names that ResourceQuota gives
/// them: "gpu.example.com.deviceclass.resource.k8s.io/devices".
struct ClaimedDevices {
  Amounts devices;
  bool shared = false;  ///< a ResourceClaim, which all its pods share
  const k8s::Resource* object = nullptr;
  std::string note;  ///< what is not known: "the ResourceClaimTemplate gpu is in no manifest"
};

ClaimedDevices devices_of(const Context& context, const Place& place, const DeviceClaim& claim);

/// Adds to one amount of a pod, and says where that comes from.
void add_amount(PodAmounts& to, std::string_view name, k8s::Quantity quantity, const Origin& from);

}  // namespace sluice::cost
