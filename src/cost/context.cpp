// SPDX-License-Identifier: Apache-2.0
#include "cost/context.hpp"

#include <algorithm>
#include <array>

namespace sluice::cost {
namespace {

/// Kinds that are looked up; nothing else is indexed, so that large streams stay cheap.
constexpr std::array<std::string_view, 10> context_kinds{
    "ClusterServingRuntime",
    "ConfigMap",
    "Deployment",
    "HorizontalPodAutoscaler",
    "LimitRange",
    "Namespace",
    "Rollout",
    "RuntimeClass",
    "ScaledObject",
    "ServingRuntime",
};

std::string key_of(std::initializer_list<std::string_view> parts) {
  std::string key;
  for (const auto part : parts) {
    key.append(part).push_back('\n');
  }
  return key;
}

bool is_cluster_scoped(std::string_view kind) {
  return kind == "ClusterServingRuntime" || kind == "Namespace" || kind == "RuntimeClass";
}

/// The ConfigMaps of KServe and Knative are found wherever they are installed.
bool is_settings(const k8s::Resource& resource) {
  return resource.ref.name == "inferenceservice-config" || resource.ref.name == "config-deployment";
}

std::string_view namespace_of(const k8s::Resource& resource) {
  if (is_cluster_scoped(resource.ref.kind) || resource.ref.kind == "ConfigMap") {
    return "";
  }
  return resource.ref.name_space.empty() ? "default" : std::string_view(resource.ref.name_space);
}

/// "Deployment\nname" of the workload that an autoscaler or Rollout points at; empty for none.
std::string target_of(const k8s::Resource& resource) {
  const auto& document = *resource.document;
  const bool rollout = resource.ref.kind == "Rollout";
  const auto* target = rollout ? document.find(*resource.object, {"spec", "workloadRef"})
                               : document.find(*resource.object, {"spec", "scaleTargetRef"});
  if (target == nullptr) {
    return "";
  }
  auto kind = document.text(*target, {"kind"});
  if (kind.empty()) {
    kind = "Deployment";  // KEDA's default; the others must say it
  }
  return key_of({rollout ? "workloadRef" : "", kind, document.text(*target, {"name"})});
}

int nearness(const k8s::Resource& resource, const Place& place) {
  const auto env = resource.env();
  const auto& destination = resource.document->origin().destination;
  const bool same_env = env == place.env;
  // Two environments whose cluster nobody names are not one cluster.
  const bool known = !destination.empty() || env.empty() || env == "default";
  const bool same_destination = destination == place.destination && (same_env || known);
  return (same_env ? 2 : 0) + (same_destination ? 1 : 0);
}

void default_item(ContainerDefaults& out,
                  const k8s::Resource& range,
                  const yaml::Node& item,
                  std::vector<BadQuantity>& bad) {
  const auto& document = *range.document;
  const std::string from = "LimitRange " + range.ref.name;
  const auto list = [&](std::string_view key) {
    return read_resource_list(document, document.find(item, key), from, bad);
  };
  auto limits = list("default");
  limits.merge(list("max"));  // merge keeps what is there
  auto requests = list("defaultRequest");
  requests.merge(ResourceList(limits));
  requests.merge(list("min"));
  out.limits.merge(std::move(limits));
  out.requests.merge(std::move(requests));
}

}  // namespace

Place place_of(const k8s::Resource& resource) {
  return {resource.env(), resource.document->origin().destination,
          resource.ref.name_space.empty() ? std::string_view("default")
                                          : std::string_view(resource.ref.name_space)};
}

void Context::put(Index& index, std::string key, const k8s::Resource& resource) {
  index[std::move(key)].push_back({&resource, layers_});
}

void Context::add(std::span<const k8s::Resource> resources) {
  for (const auto& resource : resources) {
    const std::string_view kind = resource.ref.kind;
    if (!std::binary_search(context_kinds.begin(), context_kinds.end(), kind) ||
        (kind == "ConfigMap" && !is_settings(resource))) {
      continue;
    }
    const auto name_space = namespace_of(resource);
    put(by_kind_, key_of({kind, name_space}), resource);
    put(by_name_, key_of({kind, name_space, resource.ref.name}), resource);
    if (kind == "HorizontalPodAutoscaler" || kind == "ScaledObject" || kind == "Rollout") {
      const auto target = target_of(resource);
      if (!target.empty()) {
        put(by_target_, key_of({name_space}) + target, resource);
      }
    }
  }
  ++layers_;
}

std::vector<const k8s::Resource*> Context::nearest(const Index& index,
                                                   const std::string& key,
                                                   const Place& place) const {
  std::vector<const k8s::Resource*> out;
  const auto found = index.find(key);
  if (found == index.end()) {
    return out;
  }
  int best = 0;
  for (const auto& [resource, layer] : found->second) {
    // What was given as context only has no environment, and holds everywhere.
    const int rank = layer == 0 ? nearness(*resource, place) + 1 : 1;
    if (rank < best || (rank == 1 && layer == 0)) {
      continue;
    }
    if (rank > best) {
      out.clear();
      best = rank;
    }
    out.push_back(resource);
  }
  return out;
}

std::vector<const k8s::Resource*> Context::find(const Place& place,
                                                std::string_view kind,
                                                std::string_view name_space) const {
  return nearest(by_kind_, key_of({kind, name_space}), place);
}

const k8s::Resource* Context::find(const Place& place,
                                   std::string_view kind,
                                   std::string_view name_space,
                                   std::string_view name) const {
  const auto found = nearest(by_name_, key_of({kind, name_space, name}), place);
  return found.empty() ? nullptr : found.front();
}

const k8s::Resource* Context::scaler_of(const Place& place,
                                        std::string_view kind,
                                        std::string_view name) const {
  const auto found =
      nearest(by_target_, key_of({place.name_space}) + key_of({"", kind, name}), place);
  // KEDA makes an autoscaler of its own: where both are written, its object decides.
  const auto keda = std::find_if(found.begin(), found.end(),
                                 [](const auto* r) { return r->ref.kind == "ScaledObject"; });
  return keda != found.end() ? *keda : found.empty() ? nullptr : found.front();
}

const k8s::Resource* Context::rollout_of(const Place& place, std::string_view name) const {
  const auto found = nearest(
      by_target_, key_of({place.name_space}) + key_of({"workloadRef", "Deployment", name}), place);
  return found.empty() ? nullptr : found.front();
}

ContainerDefaults container_defaults(const Context& context,
                                     const Place& place,
                                     std::vector<const k8s::Resource*>& used,
                                     std::vector<BadQuantity>& bad) {
  ContainerDefaults out;
  for (const auto* range : context.find(place, "LimitRange", place.name_space)) {
    const auto& document = *range->document;
    const auto* items = document.find(*range->object, {"spec", "limits"});
    if (items == nullptr || items->kind != yaml::Kind::sequence) {
      continue;
    }
    for (const auto& item : document.children(*items)) {
      if (document.text(item, {"type"}) == "Container") {
        default_item(out, *range, item, bad);
      }
    }
    used.push_back(range);
  }
  return out;
}

}  // namespace sluice::cost
