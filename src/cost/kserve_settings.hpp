// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cost/running.hpp"

#include <cstdint>
#include <vector>

namespace sluice::cost {

/// Whether an InferenceService becomes a Knative Service or a Deployment.
enum class ServingMode : std::uint8_t { knative, standard, model_mesh };

/// What KServe adds by itself: from the ConfigMap inferenceservice-config when a stream has it,
/// else what KServe ships ("KServe's default").
struct KserveSettings {
  ServingMode mode = ServingMode::knative;
  Container storage_initializer;  ///< init container that fetches the model
  Container modelcar;             ///< sidecar for oci:// models
  Container agent;                ///< sidecar that logs and batches
  Container router;               ///< of an InferenceGraph
  std::string max_surge = "25%";  ///< of Deployments
  ContainerDefaults custom;       ///< for containers of custom predictors and transformers
};

KserveSettings kserve_settings(const Context& context,
                               const Place& place,
                               std::vector<const k8s::Resource*>& used);

/// "Serverless" and "Knative" are one mode, "RawDeployment" and "Standard" the other.
ServingMode serving_mode(std::string_view name, ServingMode otherwise);

/// The sidecar that Knative adds to every pod of a revision. It asks for 25m cpu; newer versions
/// ask for memory too, so sluice.yaml or the ConfigMap config-deployment may say how much.
Container queue_proxy(const Lookup& lookup);

}  // namespace sluice::cost
