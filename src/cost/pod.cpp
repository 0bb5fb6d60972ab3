// SPDX-License-Identifier: Apache-2.0
#include "cost/pod.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>

namespace sluice::cost {
namespace {

using k8s::Quantity;
using Lists = ResourceList Container::*;

bool is_pod_level(std::string_view resource) {
  return resource == "cpu" || resource == "memory" || resource.starts_with("hugepages-");
}

/// A sum that remembers its parts.
struct Tally {
  Quantity quantity;
  std::vector<Origin> from;

  void add(const Sourced& part) {
    quantity = plus(quantity, part.quantity);
    from.push_back(part.from);
  }
};

/// The containers' part of the formula (component-helpers, AggregateContainerRequests).
Tally containers_need(const PodShape& pod, std::string_view name, Lists list) {
  Tally sum;
  for (const auto& container : pod.app) {
    if (const auto* wanted = (container.*list).find(name)) {
      sum.add(*wanted);
    }
  }
  Tally sidecars;
  Tally peak;
  for (const auto& container : pod.init) {
    const auto* wanted = (container.*list).find(name);
    Tally need = sidecars;  // those declared before this one run beside it
    if (wanted != nullptr) {
      need.add(*wanted);
      if (container.sidecar) {
        sum.add(*wanted);
        sidecars.add(*wanted);
      }
    }
    if (need.quantity > peak.quantity) {
      peak = std::move(need);
    }
  }
  return peak.quantity > sum.quantity ? peak : sum;
}

/// Every resource that some container or the pod names, sorted.
std::vector<std::string_view> names(const PodShape& pod, Lists list, const ResourceList& whole) {
  std::vector<std::string_view> all;
  const auto take = [&all](const ResourceList& from) {
    for (const auto& entry : from) {
      all.push_back(entry.first);
    }
  };
  for (const auto* containers : {&pod.init, &pod.app}) {
    for (const auto& container : *containers) {
      take(container.*list);
    }
  }
  take(whole);
  take(pod.overhead);
  std::ranges::sort(all);
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

/// Only when pod-level limits are there (SetDefaults_PodResources): the containers' requests
/// become the pod's, else the pod's limit does.
void default_pod_level(PodShape& pod) {
  if (pod.limits.empty()) {
    return;
  }
  for (const std::string_view name : {"cpu", "memory"}) {
    const Tally need = containers_need(pod, name, &Container::requests);
    if (!need.from.empty() && pod.requests.find(name) == nullptr) {
      pod.requests.set(name, {need.quantity, need.from.front()});
    }
  }
  for (const auto& [name, limit] : pod.limits) {
    if (is_pod_level(name) && pod.requests.find(name) == nullptr) {
      auto from = limit.from;
      from.basis = Origin::Basis::limit;
      pod.requests.set(name, {limit.quantity, from});
    }
  }
}

void limits_become_requests(Container& container) {
  for (const auto& [name, limit] : container.limits) {
    if (container.requests.find(name) == nullptr) {
      auto from = limit.from;
      from.basis = Origin::Basis::limit;
      container.requests.set(name, {limit.quantity, from});
    }
  }
}

}  // namespace

void apply_defaults(PodShape& pod, const ContainerDefaults& defaults) {
  for (auto* containers : {&pod.init, &pod.app}) {
    for (auto& container : *containers) {
      limits_become_requests(container);
    }
  }
  default_pod_level(pod);
  for (auto* containers : {&pod.init, &pod.app}) {
    for (auto& container : *containers) {
      container.limits.fill_from(defaults.limits);
      container.requests.fill_from(defaults.requests);
    }
  }
}

PodAmounts effective(const PodShape& pod) {
  PodAmounts out;
  const auto put = [&out](std::string_view name, Quantity quantity, std::span<const Origin> from) {
    const auto place = static_cast<std::uint32_t>(out.amounts.size());
    out.amounts.set(name, quantity);
    for (const auto& origin : from) {
      out.origins.emplace_back(place, origin);
    }
  };
  auto all = names(pod, &Container::requests, pod.requests);
  for (const auto& entry : pod.storage) {
    all.insert(std::ranges::upper_bound(all, std::string_view(entry.first)), entry.first);
  }
  for (const auto name : all) {
    if (const auto* claim = pod.storage.find(name)) {
      put(name, claim->quantity, {&claim->from, 1});
      continue;
    }
    Tally need = containers_need(pod, name, &Container::requests);
    const auto* whole = pod.requests.find(name);
    if (whole != nullptr && is_pod_level(name)) {
      need = Tally{.quantity = whole->quantity, .from = {whole->from}};
    }
    if (const auto* overhead = pod.overhead.find(name)) {
      need.add(*overhead);
    }
    put(name, need.quantity, need.from);
  }
  return out;
}

Amounts effective_limits(const PodShape& pod) {
  Amounts out;
  for (const auto name : names(pod, &Container::limits, pod.limits)) {
    auto limit = containers_need(pod, name, &Container::limits).quantity;
    const auto* whole = pod.limits.find(name);
    if (whole != nullptr && is_pod_level(name)) {
      limit = whole->quantity;
    }
    const auto* overhead = pod.overhead.find(name);
    if (limit.nano() != 0) {
      out.set(name, overhead == nullptr ? limit : plus(limit, overhead->quantity));
    }
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
      if (container.requests.find(name) == nullptr && pod.requests.find(name) == nullptr) {
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
  std::ranges::sort(out);
  return out;
}

std::string_view name(Qos qos) {
  constexpr std::array<std::string_view, 3> names{"Guaranteed", "Burstable", "BestEffort"};
  return names[static_cast<std::size_t>(qos)];
}

Qos qos_of(const PodShape& pod) {
  bool asks = false;
  bool guaranteed = true;
  const auto look = [&](const ResourceList& requests, const ResourceList& limits) {
    for (const std::string_view name : {"cpu", "memory"}) {
      const auto* request = requests.find(name);
      const auto* limit = limits.find(name);
      asks = asks || (request != nullptr && request->quantity.nano() != 0) ||
             (limit != nullptr && limit->quantity.nano() != 0);
      guaranteed = guaranteed && request != nullptr && limit != nullptr &&
                   request->quantity == limit->quantity && limit->quantity.nano() != 0;
    }
  };
  if (!pod.requests.empty() || !pod.limits.empty()) {
    look(pod.requests, pod.limits);  // pod-level resources decide alone
  } else {
    for (const auto* containers : {&pod.init, &pod.app}) {
      for (const auto& container : *containers) {
        look(container.requests, container.limits);
      }
    }
  }
  return !asks ? Qos::best_effort : guaranteed ? Qos::guaranteed : Qos::burstable;
}

}  // namespace sluice::cost
