// SPDX-License-Identifier: Apache-2.0
#include "cost/context.hpp"

#include <algorithm>
#include <array>
#include <tuple>

namespace sluice::cost {
namespace {

using k8s::Resource;

/// Kinds that are looked up by name; nothing else is kept, so that large streams stay cheap.
constexpr std::array<std::string_view, 16> context_kinds{
    "ClusterServingRuntime",
    "ClusterWorkflowTemplate",
    "ConfigMap",
    "LLMInferenceServiceConfig",
    "LimitRange",
    "Namespace",
    "PersistentVolumeClaim",
    "PriorityClass",
    "ResourceClaim",
    "ResourceClaimTemplate",
    "ResourceQuota",
    "Rollout",
    "RuntimeClass",
    "ServingRuntime",
    "StorageClass",
    "WorkflowTemplate",
};
static_assert(std::ranges::is_sorted(context_kinds));

constexpr std::array<std::string_view, 6> cluster_kinds{"ClusterServingRuntime",
                                                        "ClusterWorkflowTemplate",
                                                        "Namespace",
                                                        "PriorityClass",
                                                        "RuntimeClass",
                                                        "StorageClass"};

/// The ConfigMaps of KServe and Knative are found wherever they are installed.
bool is_settings(const Resource& resource) {
  return resource.ref.name == "inferenceservice-config" || resource.ref.name == "config-deployment";
}

std::string_view namespace_of(const Resource& resource) {
  const std::string_view kind = resource.ref.kind;
  if (std::ranges::find(cluster_kinds, kind) != cluster_kinds.end() || kind == "ConfigMap") {
    return "";
  }
  return resource.ref.name_space.empty() ? "default" : std::string_view(resource.ref.name_space);
}

bool scales(std::string_view kind) {
  return kind == "HorizontalPodAutoscaler" || kind == "ScaledObject" ||
         kind == "VerticalPodAutoscaler";
}

int nearness(const Resource& resource, const Place& place) {
  const auto env = resource.env();
  const auto& destination = resource.document->origin().destination;
  const bool same_env = env == place.env;
  // Two environments whose cluster nobody names are not one cluster.
  const bool known = !destination.empty() || env.empty() || env == "default";
  const bool same_destination = destination == place.destination && (same_env || known);
  return (same_env ? 2 : 0) + (same_destination ? 1 : 0);
}

void default_item(ContainerDefaults& out,
                  const Resource& range,
                  const yaml::Node& item,
                  std::vector<BadQuantity>& bad) {
  const Reading reading{range, Origin::Basis::object, bad};
  const auto list = [&](std::string_view key) {
    return read_resource_list(reading, range.document->find(item, key));
  };
  auto limits = list("default");
  limits.fill_from(list("max"));
  auto requests = list("defaultRequest");
  requests.fill_from(limits);
  requests.fill_from(list("min"));
  out.limits.fill_from(limits);
  out.requests.fill_from(requests);
}

}  // namespace

Place place_of(const Resource& resource) {
  return {resource.env(), resource.document->origin().destination,
          resource.ref.name_space.empty() ? std::string_view("default")
                                          : std::string_view(resource.ref.name_space)};
}

void Context::put(const Resource& resource) {
  const std::string_view kind = resource.ref.kind;
  const auto& document = *resource.document;
  const auto& object = *resource.object;
  const auto name_space = namespace_of(resource);
  if (scales(kind)) {
    const auto* target = document.find(
        object, {"spec", kind == "VerticalPodAutoscaler" ? "targetRef" : "scaleTargetRef"});
    if (target != nullptr) {
      const auto scaled = document.text(*target, {"kind"});
      // KEDA's default is a Deployment; the others must say it.
      by_target_.push_back(
          {{scaled.empty() ? "Deployment" : scaled, name_space, document.text(*target, {"name"})},
           &resource,
           layers_});
    }
    return;
  }
  if (kind == "Rollout") {
    const auto lender = document.text(object, {"spec", "workloadRef", "name"});
    if (!lender.empty()) {
      rollouts_.push_back({{"Deployment", name_space, lender}, &resource, layers_});
    }
    return;
  }
  if (kind == "CronWorkflow" || kind == "Workflow") {
    put_call(resource, name_space);
    return;
  }
  if (kind == "ConfigMap" ? is_settings(resource)
                          : std::ranges::binary_search(context_kinds, kind)) {
    by_name_.push_back({{kind, name_space, resource.ref.name}, &resource, layers_});
  }
}

void Context::put_call(const Resource& resource, std::string_view name_space) {
  const auto& document = *resource.document;
  const bool cron = resource.ref.kind == "CronWorkflow";
  const auto* spec = cron ? document.find(*resource.object, {"spec", "workflowSpec"})
                          : document.find(*resource.object, "spec");
  const auto* called = spec == nullptr ? nullptr : document.find(*spec, "workflowTemplateRef");
  if (called == nullptr) {
    return;
  }
  const auto* scope = document.find(*called, "clusterScope");
  const bool cluster =
      scope != nullptr && scope->kind == yaml::Kind::boolean && yaml::as_bool(*scope);
  by_target_.push_back(
      {{cluster ? "ClusterWorkflowTemplate" : "WorkflowTemplate",
        cluster ? std::string_view{} : name_space, document.text(*called, {"name"})},
       &resource,
       layers_});
}

void Context::add(std::span<const Resource> resources) {
  for (const auto& resource : resources) {
    put(resource);
  }
  // Deployments are many, and only Rollouts ask for them.
  if (!rollouts_.empty()) {
    for (const auto& resource : resources) {
      if (resource.ref.kind == "Deployment") {
        by_name_.push_back(
            {{"Deployment", namespace_of(resource), resource.ref.name}, &resource, layers_});
      }
    }
  }
  for (auto* entries : {&by_name_, &by_target_, &rollouts_}) {
    std::ranges::stable_sort(*entries, {}, &Entry::address);
  }
  ++layers_;
}

std::span<const Context::Entry> Context::equal(const Entries& entries, const Address& address) {
  const auto found = std::ranges::equal_range(entries, address, {}, &Entry::address);
  return {found.begin(), found.end()};
}

std::vector<const Resource*> Context::nearest(std::span<const Entry> entries, const Place& place) {
  std::vector<const Resource*> out;
  int best = 0;
  for (const auto& [address, resource, layer] : entries) {
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

std::vector<const Resource*> Context::find(const Place& place,
                                           std::string_view kind,
                                           std::string_view name_space) const {
  const auto entries = std::ranges::equal_range(
      by_name_, std::pair(kind, name_space), {},
      [](const Entry& entry) { return std::pair(entry.address.kind, entry.address.name_space); });
  auto found = nearest({entries.begin(), entries.end()}, place);
  std::ranges::sort(found);  // those of one layer lie in one array, in the order of the stream
  return found;
}

const Resource* Context::find(const Place& place,
                              std::string_view kind,
                              std::string_view name_space,
                              std::string_view name) const {
  const auto found = nearest(equal(by_name_, {kind, name_space, name}), place);
  return found.empty() ? nullptr : found.front();
}

const Resource* Context::scaler_of(const Place& place,
                                   std::string_view kind,
                                   std::string_view name) const {
  auto found = nearest(equal(by_target_, {kind, place.name_space, name}), place);
  std::erase_if(found, [](const auto* r) { return r->ref.kind == "VerticalPodAutoscaler"; });
  // KEDA makes an autoscaler of its own: where both are written, its object decides.
  const auto keda =
      std::ranges::find_if(found, [](const auto* r) { return r->ref.kind == "ScaledObject"; });
  return keda != found.end() ? *keda : found.empty() ? nullptr : found.front();
}

const Resource* Context::rewriter_of(const Place& place,
                                     std::string_view kind,
                                     std::string_view name) const {
  const auto found = nearest(equal(by_target_, {kind, place.name_space, name}), place);
  const auto vertical = std::ranges::find_if(found, [](const auto* r) {
    const auto mode = r->document->text(*r->object, {"spec", "updatePolicy", "updateMode"});
    return r->ref.kind == "VerticalPodAutoscaler" && mode != "Off" && mode != "Initial";
  });
  return vertical == found.end() ? nullptr : *vertical;
}

const Resource* Context::caller_of(const Place& place,
                                   std::string_view kind,
                                   std::string_view name) const {
  const auto name_space = kind == "WorkflowTemplate" ? place.name_space : std::string_view{};
  const auto found = nearest(equal(by_target_, {kind, name_space, name}), place);
  return found.empty() ? nullptr : found.front();
}

const Resource* Context::rollout_of(const Place& place, std::string_view name) const {
  const auto found = nearest(equal(rollouts_, {"Deployment", place.name_space, name}), place);
  return found.empty() ? nullptr : found.front();
}

Differences::Differences(const Context& a, const Context& b) {
  compare(a.by_name_, b.by_name_);
  compare(a.by_target_, b.by_target_);
  compare(a.rollouts_, b.rollouts_);
}

/// What lies in one namespace must be the same objects in the same order: of several the first
/// counts. Cluster-scoped objects and settings (without a namespace) are found from everywhere,
/// and so are the configurations in KServe's own namespace.
void Differences::compare(Context::Entries a, Context::Entries b) {
  const auto name_space = [](const Context::Entry& entry) {
    const auto& address = entry.address;
    return address.kind == "Namespace" ? address.name : address.name_space;
  };
  const auto in_stream = [&](const Context::Entry& entry) {
    return std::tuple(name_space(entry), entry.layer, entry.resource);
  };
  for (auto* entries : {&a, &b}) {
    std::ranges::sort(*entries, {}, in_stream);
  }
  const auto same = [](const Context::Entry& left, const Context::Entry& right) {
    return left.address == right.address && left.layer == right.layer &&
           left.resource->object == right.resource->object;
  };
  for (auto left = a.begin(), right = b.begin(); left != a.end() || right != b.end();) {
    const bool from_left =
        right == b.end() || (left != a.end() && name_space(*left) <= name_space(*right));
    const auto space = name_space(from_left ? *left : *right);
    const auto beyond = [&](const Context::Entry& entry) { return name_space(entry) != space; };
    const auto left_end = std::find_if(left, a.end(), beyond);
    const auto right_end = std::find_if(right, b.end(), beyond);
    if (!std::equal(left, left_end, right, right_end, same)) {
      const auto reaches_out = [](const Context::Entry& entry) {
        return entry.address.kind == "LLMInferenceServiceConfig";
      };
      everywhere_ = everywhere_ || space.empty() || std::any_of(left, left_end, reaches_out) ||
                    std::any_of(right, right_end, reaches_out);
      name_spaces_.insert(space);
    }
    left = left_end;
    right = right_end;
  }
}

ContainerDefaults container_defaults(std::span<const Resource* const> ranges,
                                     std::vector<BadQuantity>& bad) {
  ContainerDefaults out;
  for (const auto* range : ranges) {
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
  }
  return out;
}

}  // namespace sluice::cost
