// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cost/amounts.hpp"
#include "cost/origin.hpp"
#include "yaml/document.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// What the scheduler is asked for by one pod, as the API server, its admission and
/// k8s.io/component-helpers compute it (KEP-753 sidecars, KEP-2837 pod-level resources, KEP-688
/// overhead).
namespace sluice::cost {

struct Sourced {
  k8s::Quantity quantity;
  Origin from;

  friend bool operator==(const Sourced&, const Sourced&) = default;
};
using ResourceList = FlatMap<Sourced>;

struct Container {
  std::string_view name;
  ResourceList requests, limits;
  bool injected = false;  ///< put in by KServe or Knative: nobody can give it requests here
  bool sidecar = false;   ///< an init container with restartPolicy Always (KEP-753)
};

/// A claim on devices (dynamic resource allocation, KEP-4381) of a pod.
struct DeviceClaim {
  std::string_view claim;           ///< resourceClaimName: shared by all pods that name it
  std::string_view claim_template;  ///< resourceClaimTemplateName: one for each pod
  const yaml::Node* node = nullptr;
};

/// A label that the node of a pod must have.
using NodeLabel = std::pair<std::string_view, std::string_view>;

/// The parts of a pod spec that decide its requests, apart from any one document, so that KServe
/// can lay an InferenceService over its runtime.
struct PodShape {
  std::vector<Container> init;  ///< in order: it matters which sidecar comes before which init
  std::vector<Container> app;
  ResourceList requests, limits;  ///< spec.resources, for the pod as a whole
  ResourceList overhead;
  std::string_view runtime_class;
  std::string_view priority_class;
  bool terminating = false;      ///< activeDeadlineSeconds is set: quota scopes ask
  ResourceList storage;          ///< generic ephemeral volumes: one claim for each pod
  std::int64_t claim_count = 0;  ///< of those volumes
  std::vector<DeviceClaim> devices;
  std::vector<NodeLabel> node_labels;  ///< of nodeSelector and required affinity
};

/// A quantity that the API server would not take.
struct BadQuantity {
  const k8s::Resource* object = nullptr;
  const yaml::Node* node = nullptr;
  std::string message;
};

/// What is read from where: the object that holds the nodes, and what its numbers are ascribed to.
struct Reading {
  const k8s::Resource& object;
  Origin::Basis basis = Origin::Basis::manifest;
  std::vector<BadQuantity>& bad;

  [[nodiscard]] const yaml::Document& document() const { return *object.document; }
};

/// Requests or limits: mappings of names to quantities. Each is rounded up to milli, as the API
/// server decodes every ResourceList; numbers are taken as they are written, never as doubles.
ResourceList read_resource_list(const Reading& reading, const yaml::Node* list);

/// Reads one container, apart from restartPolicy, which means something among init containers only.
Container read_container(const Reading& reading, const yaml::Node& node);

/// Reads a pod spec.
PodShape read_pod(const Reading& reading, const yaml::Node& spec);

/// The storage that a claim, or a template of one, asks for: its `spec` is given.
ResourceList read_claim(const Reading& reading, const yaml::Node* spec);

/// Defaults of one namespace: what the LimitRanger puts where a container says nothing.
struct ContainerDefaults {
  ResourceList limits, requests;
};

/// Defaulting in the API server's order: limits become requests, pod-level requests are filled
/// in, then the LimitRange's defaults.
void apply_defaults(PodShape& pod, const ContainerDefaults& defaults);

/// What one pod asks for, and what each number was made of.
struct PodAmounts {
  Amounts amounts;
  /// The name's place in `amounts`, and one of its origins; sorted by place.
  std::vector<std::pair<std::uint32_t, Origin>> origins;
};

/// The pod formula, for each resource: max(sum of containers and sidecars, peak of the init
/// containers), replaced by a pod-level request, plus overhead. Ephemeral claims are added.
PodAmounts effective(const PodShape& pod);

/// The same formula for limits (component-helpers, PodLimits): what a quota on limits.* counts.
Amounts effective_limits(const PodShape& pod);

/// Containers and sidecars that ask for no cpu or no memory, and the pod does not either:
/// "app: cpu, memory".
std::vector<std::string> without_requests(const PodShape& pod);

/// Quality of service, which decides who is evicted first.
enum class Qos : std::uint8_t { guaranteed, burstable, best_effort };
std::string_view name(Qos qos);  ///< "Guaranteed", ...
Qos qos_of(const PodShape& pod);

}  // namespace sluice::cost
