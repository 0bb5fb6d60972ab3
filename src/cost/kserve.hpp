// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cost/kserve_settings.hpp"
#include "cost/running.hpp"

/// KServe InferenceServices (v0.20): the requests of a predictor are those of its runtime, with
/// the InferenceService's own laid over them, key by key.
namespace sluice::cost {

/// Looks up runtimes, and the ConfigMaps inferenceservice-config (kserve) and config-deployment
/// (knative-serving) when a stream has them; what was looked at is added to `used`.
RunningPods inference_pods(const Lookup& lookup);

/// The router of an InferenceGraph.
RunningPods graph_pods(const Lookup& lookup);

}  // namespace sluice::cost
