// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cost/running.hpp"

namespace sluice::cost {

/// What an object of a row of the table runs. A Rollout with a workloadRef runs the template of
/// that Deployment; a Knative revision has a queue-proxy beside its containers.
RunningPods table_pods(const Lookup& lookup, const KindRow& row);

}  // namespace sluice::cost
