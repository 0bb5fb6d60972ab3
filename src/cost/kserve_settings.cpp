// SPDX-License-Identifier: Apache-2.0
#include "cost/kserve_settings.hpp"

#include "yaml/parse.hpp"

#include <string>

namespace sluice::cost {
namespace {

constexpr Origin shipped{Origin::Basis::kserve, nullptr, nullptr};

/// One key of a ConfigMap whose value is JSON; no documents when it is missing or unreadable.
yaml::Stream json_setting(const k8s::Resource* map, std::string_view key) {
  if (map == nullptr) {
    return {};
  }
  const auto text = map->document->text(*map->object, {"data", key});
  auto parsed = text.empty() ? Result<yaml::Stream>(yaml::Stream{})
                             : yaml::parse(std::string(text), map->ref.name);
  return parsed ? std::move(*parsed) : yaml::Stream{};
}

/// Text settings below a node, as quantities; what is empty or unreadable is left out.
void take(ResourceList& list,
          std::string_view resource,
          std::string_view text,
          const Origin& from) {
  if (text.empty()) {
    return;
  }
  if (const auto quantity = k8s::parse_quantity(text)) {
    list.set(resource, {quantity->rounded_up_to_milli(), from});
  }
}

Container container(std::string_view name,
                    std::string_view cpu,
                    std::string_view memory,
                    const Origin& from) {
  Container out{.name = name, .injected = true};
  take(out.requests, "cpu", cpu, from);
  take(out.requests, "memory", memory, from);
  return out;
}

Origin decided_by(const k8s::Resource& map) {
  return {Origin::Basis::object, &map, map.document->find(*map.object, "data")};
}

const yaml::Node* root(const yaml::Stream& stream) {
  return stream.documents.empty() ? nullptr : &stream.documents.front().root();
}

/// What a key of the ConfigMap says of one container; what it does not say stays.
void take_setting(const k8s::Resource* map,
                  std::string_view key,
                  const Origin& from,
                  Container& container) {
  const auto setting = json_setting(map, key);
  if (const auto* node = root(setting)) {
    const auto& document = setting.documents.front();
    take(container.requests, "cpu", document.text(*node, {"cpuRequest"}), from);
    take(container.requests, "memory", document.text(*node, {"memoryRequest"}), from);
  }
}

ContainerDefaults custom_defaults(const k8s::Resource* map, const Origin& from) {
  ContainerDefaults out;
  if (map == nullptr) {
    for (auto* list : {&out.limits, &out.requests}) {
      take(*list, "cpu", "1", from);
      take(*list, "memory", "2Gi", from);
    }
    return out;
  }
  const auto setting = json_setting(map, "inferenceService");
  if (const auto* node = root(setting)) {
    const auto& document = setting.documents.front();
    const auto text = [&](std::string_view key) { return document.text(*node, {"resource", key}); };
    take(out.limits, "cpu", text("cpuLimit"), from);
    take(out.limits, "memory", text("memoryLimit"), from);
    take(out.requests, "cpu", text("cpuRequest"), from);
    take(out.requests, "memory", text("memoryRequest"), from);
  }
  return out;
}

}  // namespace

ServingMode serving_mode(std::string_view name, ServingMode otherwise) {
  if (name == "Serverless" || name == "Knative") {
    return ServingMode::knative;
  }
  if (name == "RawDeployment" || name == "Standard") {
    return ServingMode::standard;
  }
  return name == "ModelMesh" ? ServingMode::model_mesh : otherwise;
}

KserveSettings kserve_settings(const Context& context,
                               const Place& place,
                               std::vector<const k8s::Resource*>& used) {
  const auto* map = context.find(place, "ConfigMap", "", "inferenceservice-config");
  const Origin from = map == nullptr ? shipped : decided_by(*map);
  KserveSettings out;
  out.storage_initializer = container("storage-initializer", "100m", "100Mi", shipped);
  out.modelcar = container("modelcar", "10m", "15Mi", shipped);
  out.agent = container("agent", "100m", "100Mi", shipped);
  out.router = container("router", "100m", "100Mi", shipped);
  out.custom = custom_defaults(map, from);
  if (map == nullptr) {
    return out;
  }
  used.push_back(map);
  const auto deploy = json_setting(map, "deploy");
  if (const auto* node = root(deploy)) {
    const auto& document = deploy.documents.front();
    out.mode = serving_mode(document.text(*node, {"defaultDeploymentMode"}), out.mode);
    const auto surge =
        document.text(*node, {"deploymentRolloutStrategy", "defaultRollout", "maxSurge"});
    out.max_surge = surge.empty() ? out.max_surge : std::string(surge);
  }
  take_setting(map, "agent", from, out.agent);
  take_setting(map, "router", from, out.router);
  const auto storage = json_setting(map, "storageInitializer");
  if (const auto* node = root(storage)) {
    const auto& document = storage.documents.front();
    const auto text = [&](std::string_view key) { return document.text(*node, {key}); };
    out.storage_initializer =
        container("storage-initializer", text("cpuRequest"), text("memoryRequest"), from);
    out.modelcar = container("modelcar", text("cpuModelcar"), text("memoryModelcar"), from);
  }
  return out;
}

Container queue_proxy(const Lookup& lookup) {
  constexpr Origin knative{Origin::Basis::knative, nullptr, nullptr};
  constexpr Origin configured{Origin::Basis::configuration, nullptr, nullptr};
  auto out = container("queue-proxy", "25m", "", knative);
  const auto* map =
      lookup.context.find(place_of(lookup.resource), "ConfigMap", "", "config-deployment");
  if (map != nullptr) {
    lookup.used.push_back(map);
    const auto text = [&](std::string_view key) {
      return map->document->text(*map->object, {"data", key});
    };
    take(out.requests, "cpu", text("queue-sidecar-cpu-request"), decided_by(*map));
    take(out.requests, "memory", text("queue-sidecar-memory-request"), decided_by(*map));
  }
  take(out.requests, "cpu", lookup.options.queue_proxy_cpu, configured);
  take(out.requests, "memory", lookup.options.queue_proxy_memory, configured);
  return out;
}

}  // namespace sluice::cost
