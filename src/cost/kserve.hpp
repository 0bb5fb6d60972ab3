// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cost/workload.hpp"

#include <string>
#include <vector>

/// KServe InferenceServices (v0.20): the requests of a predictor are those of its runtime, with
/// the InferenceService's own laid over them, key by key.
namespace sluice::cost {

/// What one InferenceService runs, before defaulting.
struct InferenceParts {
  struct Component {
    std::string name;  ///< "predictor", "transformer", "explainer"
    PodShape pod;
    Pods pods;
  };
  std::vector<Component> components;
  std::vector<std::string> notes;
  std::vector<diag::Finding> findings;
  std::vector<std::string> not_counted;  ///< reasons: "the workers of a multi-node predictor"
};

/// Looks up runtimes, and the ConfigMaps inferenceservice-config (kserve) and config-deployment
/// (knative-serving) when a stream has them; what was looked at is added to `used`.
InferenceParts inference_parts(const k8s::Resource& service,
                               const Context& context,
                               std::vector<const k8s::Resource*>& used,
                               std::vector<BadQuantity>& bad);

}  // namespace sluice::cost
