// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cost/amounts.hpp"
#include "yaml/document.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

/// What the scheduler is asked for by one pod, as the API server, its admission and
/// k8s.io/component-helpers compute it (KEP-753 sidecars, KEP-2837 pod-level resources, KEP-688
/// overhead).
namespace sluice::cost {

/// A quantity and where it comes from: "manifest", "limit", "LimitRange defaults",
/// "ClusterServingRuntime sklearn".
struct Sourced {
  k8s::Quantity quantity;
  std::string from;
};
using ResourceList = std::map<std::string, Sourced, std::less<>>;

struct Container {
  std::string name;
  ResourceList requests, limits;
  bool injected = false;  ///< put in by KServe or Knative: nobody can give it requests here
  bool sidecar = false;   ///< an init container with restartPolicy Always (KEP-753)
};

/// The parts of a pod spec that decide its requests, apart from any one document, so that KServe
/// can lay an InferenceService over its runtime.
struct PodShape {
  std::vector<Container> init;  ///< in order: it matters which sidecar comes before which init
  std::vector<Container> app;
  ResourceList requests, limits;  ///< spec.resources, for the pod as a whole
  ResourceList overhead;
  std::string runtime_class;
  Amounts storage;  ///< generic ephemeral volumes: one claim for each pod
};

/// A quantity that the API server would not take.
struct BadQuantity {
  const yaml::Node* node = nullptr;
  std::string message;
};

/// Requests or limits: mappings of names to quantities. Each is rounded up to milli, as the API
/// server decodes every ResourceList; numbers are taken as they are written, never as doubles.
ResourceList read_resource_list(const yaml::Document& document,
                                const yaml::Node* list,
                                std::string_view from,
                                std::vector<BadQuantity>& bad);

/// Reads a pod spec; `from` is what its own numbers are ascribed to.
PodShape read_pod(const yaml::Document& document,
                  const yaml::Node& spec,
                  std::string_view from,
                  std::vector<BadQuantity>& bad);

/// Defaults of one namespace: what the LimitRanger puts where a container says nothing.
struct ContainerDefaults {
  ResourceList limits, requests;
};

/// Defaulting in the API server's order: limits become requests, pod-level requests are filled
/// in, then the LimitRange's defaults.
void apply_defaults(PodShape& pod, const ContainerDefaults& defaults);

/// A number of a finished pod with everything that it was made of, sorted.
struct Amount {
  k8s::Quantity quantity;
  std::vector<std::string> from;

  friend bool operator==(const Amount&, const Amount&) = default;
};
using PodAmounts = std::map<std::string, Amount, std::less<>>;

/// The pod formula, for each resource: max(sum of containers and sidecars, peak of the init
/// containers), replaced by a pod-level request, plus overhead. Ephemeral claims are added.
PodAmounts effective(const PodShape& pod);

/// Containers and sidecars that ask for no cpu or no memory, and the pod does not either:
/// "app: cpu, memory".
std::vector<std::string> without_requests(const PodShape& pod);

Amounts plain(const PodAmounts& amounts);

}  // namespace sluice::cost
