// SPDX-License-Identifier: Apache-2.0
#include "cost/pod.hpp"

#include "base/text.hpp"
#include "yaml/canonical.hpp"

#include <algorithm>
#include <set>

namespace sluice::cost {
namespace {

using k8s::Quantity;

/// The text that the API server's decoder would see for a scalar.
std::string quantity_text(const yaml::Document& document, const yaml::Node& node) {
  if (node.kind == yaml::Kind::integer) {
    if (const auto value = yaml::as_int64(node)) {  // 0x10, 0644 and 1_000 are numbers in YAML
      return std::to_string(*value);
    }
  }
  if (node.kind == yaml::Kind::real && !k8s::parse_quantity(node.text)) {
    std::string json;
    yaml::append_canonical_json(document, node, json);
    return json;
  }
  return node.kind == yaml::Kind::null ? "0" : std::string(node.text);
}

void add_storage(const yaml::Document& document,
                 const yaml::Node& volume,
                 PodShape& pod,
                 std::vector<BadQuantity>& bad) {
  const auto* claim = document.find(volume, {"ephemeral", "volumeClaimTemplate", "spec"});
  if (claim == nullptr) {
    return;
  }
  const auto requests =
      read_resource_list(document, document.find(*claim, {"resources", "requests"}), "", bad);
  const auto size = requests.find("storage");
  if (size != requests.end()) {
    add(pod.storage,
        {{storage_name(document.text(*claim, {"storageClassName"})), size->second.quantity}});
  }
}

Container read_container(const yaml::Document& document,
                         const yaml::Node& node,
                         std::string_view from,
                         std::vector<BadQuantity>& bad) {
  Container container{.name = std::string(document.text(node, {"name"}))};
  const auto list = [&](std::string_view what) {
    return read_resource_list(document, document.find(node, {"resources", what}), from, bad);
  };
  container.requests = list("requests");
  container.limits = list("limits");
  container.sidecar = document.text(node, {"restartPolicy"}) == "Always";
  return container;
}

bool is_pod_level(std::string_view resource) {
  return resource == "cpu" || resource == "memory" || resource.starts_with("hugepages-");
}

void fill_missing(ResourceList& list, const ResourceList& defaults, std::string_view from) {
  for (const auto& [name, value] : defaults) {
    list.try_emplace(name, Sourced{value.quantity, from.empty() ? value.from : std::string(from)});
  }
}

/// A sum that remembers its parts.
struct Tally {
  Quantity quantity;
  std::set<std::string> from;

  void add(const Sourced& part) {
    quantity = plus(quantity, part.quantity);
    from.insert(part.from);
  }
  void add(const Tally& other) {
    quantity = plus(quantity, other.quantity);
    from.insert(other.from.begin(), other.from.end());
  }
};

const Sourced* find(const ResourceList& list, std::string_view name) {
  const auto found = list.find(name);
  return found == list.end() ? nullptr : &found->second;
}

/// The containers' part of the formula (component-helpers, AggregateContainerRequests).
Tally containers_need(const PodShape& pod, std::string_view name) {
  Tally sum;
  for (const auto& container : pod.app) {
    if (const auto* request = find(container.requests, name)) {
      sum.add(*request);
    }
  }
  Tally sidecars;
  Tally peak;
  for (const auto& container : pod.init) {
    const auto* request = find(container.requests, name);
    Tally need = sidecars;  // those declared before this one run beside it
    if (request != nullptr) {
      need.add(*request);
      if (container.sidecar) {
        sum.add(*request);
        sidecars.add(*request);
      }
    }
    if (need.quantity > peak.quantity) {
      peak = need;
    }
  }
  return peak.quantity > sum.quantity ? peak : sum;
}

std::set<std::string, std::less<>> names(const PodShape& pod) {
  std::set<std::string, std::less<>> all;
  const auto take = [&all](const ResourceList& list) {
    for (const auto& entry : list) {
      all.insert(entry.first);
    }
  };
  for (const auto* containers : {&pod.init, &pod.app}) {
    for (const auto& container : *containers) {
      take(container.requests);
    }
  }
  take(pod.requests);
  take(pod.overhead);
  return all;
}

/// Only when pod-level limits are there (SetDefaults_PodResources): the containers' requests
/// become the pod's, else the pod's limit does.
void default_pod_level(PodShape& pod) {
  if (pod.limits.empty()) {
    return;
  }
  for (const std::string name : {"cpu", "memory"}) {
    const Tally need = containers_need(pod, name);
    if (!need.from.empty()) {
      pod.requests.try_emplace(name, Sourced{need.quantity, *need.from.begin()});
    }
  }
  for (const auto& [name, limit] : pod.limits) {
    if (is_pod_level(name)) {
      pod.requests.try_emplace(name, Sourced{limit.quantity, "limit"});
    }
  }
}

}  // namespace

ResourceList read_resource_list(const yaml::Document& document,
                                const yaml::Node* list,
                                std::string_view from,
                                std::vector<BadQuantity>& bad) {
  ResourceList out;
  if (list == nullptr || list->kind != yaml::Kind::mapping) {
    return out;
  }
  const auto children = document.children(*list);
  for (std::size_t i = 0; i + 1 < children.size(); i += 2) {
    const auto& value = children[i + 1];
    const std::string name(children[i].text);
    if (!is_resource_name(name)) {
      bad.push_back({&value, "\"" + text::printable(name, 80) + "\" is no resource name"});
      continue;
    }
    if (!value.is_scalar() || value.kind == yaml::Kind::boolean) {
      bad.push_back({&value, "the quantity of " + text::printable(name, 80) + " is no number"});
      continue;
    }
    const auto quantity = k8s::parse_quantity(quantity_text(document, value));
    if (!quantity) {
      bad.push_back({&value, text::printable(name, 80) + ": " + quantity.error().message});
    } else if (quantity->nano() < 0) {
      bad.push_back({&value, text::printable(name, 80) + ": \"" + quantity->text() +
                                 "\" is less than nothing"});
    } else {
      out.insert_or_assign(name, Sourced{quantity->rounded_up_to_milli(), std::string(from)});
    }
  }
  return out;
}

PodShape read_pod(const yaml::Document& document,
                  const yaml::Node& spec,
                  std::string_view from,
                  std::vector<BadQuantity>& bad) {
  PodShape pod;
  const auto items = [&](std::string_view key) {
    const auto* list = document.find(spec, key);
    return list != nullptr && list->kind == yaml::Kind::sequence ? document.children(*list)
                                                                 : std::span<const yaml::Node>{};
  };
  for (const auto& node : items("containers")) {
    pod.app.push_back(read_container(document, node, from, bad));
    pod.app.back().sidecar = false;  // restartPolicy means something else there
  }
  for (const auto& node : items("initContainers")) {
    pod.init.push_back(read_container(document, node, from, bad));
  }
  for (const auto& volume : items("volumes")) {
    add_storage(document, volume, pod, bad);
  }
  const auto list = [&](std::initializer_list<std::string_view> path) {
    return read_resource_list(document, document.find(spec, path), from, bad);
  };
  pod.requests = list({"resources", "requests"});
  pod.limits = list({"resources", "limits"});
  pod.overhead = list({"overhead"});
  pod.runtime_class = document.text(spec, {"runtimeClassName"});
  return pod;
}

void apply_defaults(PodShape& pod, const ContainerDefaults& defaults) {
  for (auto* containers : {&pod.init, &pod.app}) {
    for (auto& container : *containers) {
      fill_missing(container.requests, container.limits, "limit");
    }
  }
  default_pod_level(pod);
  for (auto* containers : {&pod.init, &pod.app}) {
    for (auto& container : *containers) {
      fill_missing(container.limits, defaults.limits, "");
      fill_missing(container.requests, defaults.requests, "");
    }
  }
}

PodAmounts effective(const PodShape& pod) {
  PodAmounts out;
  for (const auto& name : names(pod)) {
    Tally need = containers_need(pod, name);
    const auto* whole = find(pod.requests, name);
    if (whole != nullptr && is_pod_level(name)) {
      need = Tally{.quantity = whole->quantity, .from = {whole->from}};
    }
    if (const auto* overhead = find(pod.overhead, name)) {
      need.add(*overhead);
    }
    out.emplace(name, Amount{need.quantity, {need.from.begin(), need.from.end()}});
  }
  for (const auto& [name, quantity] : pod.storage) {
    out.emplace(name, Amount{quantity, {"ephemeral volume"}});
  }
  return out;
}

std::vector<std::string> without_requests(const PodShape& pod) {
  std::vector<std::string> out;
  const auto look = [&](const Container& container) {
    if (container.injected) {
      return;
    }
    std::string missing;
    for (const std::string_view name : {"cpu", "memory"}) {
      if (find(container.requests, name) == nullptr && find(pod.requests, name) == nullptr) {
        missing.append(missing.empty() ? "" : ", ").append(name);
      }
    }
    if (!missing.empty()) {
      out.push_back(text::printable(container.name, 80) + ": " + missing);
    }
  };
  for (const auto& container : pod.init) {
    if (container.sidecar) {
      look(container);
    }
  }
  std::for_each(pod.app.begin(), pod.app.end(), look);
  std::sort(out.begin(), out.end());
  return out;
}

Amounts plain(const PodAmounts& amounts) {
  Amounts out;
  for (const auto& [name, amount] : amounts) {
    out.emplace(name, amount.quantity);
  }
  return out;
}

}  // namespace sluice::cost
