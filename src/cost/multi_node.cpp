// SPDX-License-Identifier: Apache-2.0
#include "cost/multi_node.hpp"

#include <algorithm>
#include <limits>
#include <string>

namespace sluice::cost {
namespace {

constexpr k8s::Int128 one_device = 1'000'000'000;

std::int64_t nodes_for(std::int64_t total, std::int64_t each) {
  return each == 0 ? 1 : (total + each - 1) / each;
}

std::string accelerator_of(const Container& container) {
  for (const auto* list : {&container.requests, &container.limits}) {
    for (const auto& entry : *list) {
      if (is_accelerator(entry.first)) {
        return entry.first;
      }
    }
  }
  return "nvidia.com/gpu";
}

}  // namespace

Nodes ray_nodes(std::int64_t total, std::int64_t head, std::int64_t worker) {
  Nodes out{.nodes = total, .head = 1, .worker = 1};
  if (worker > 0) {
    out.nodes = nodes_for(total, worker);
    out.worker = worker;
    out.head = head > 0 ? head : total - worker * (out.nodes - 1);
    if (head > 0 && nodes_for(total, head) == 1) {
      out.nodes = 1;
    }
    if (out.nodes == 1) {
      out.head = total;
      out.worker = 0;
    }
  } else if (head > 0) {
    out.head = head;
    out.nodes = 1 + std::max<std::int64_t>(0, total - head);
  }
  out.enough = total <= out.head + out.worker * (out.nodes - 1);
  return out;
}

Nodes process_nodes(std::int64_t tensor, std::int64_t pipeline) {
  return {.nodes = pipeline, .head = tensor, .worker = tensor};
}

std::int64_t requested_accelerators(const Container& container) {
  for (const auto& [name, value] : container.requests) {
    if (is_accelerator(name)) {
      constexpr k8s::Int128 most = std::numeric_limits<std::int32_t>::max();
      return static_cast<std::int64_t>(std::min(value.quantity.value(), most));
    }
  }
  return 0;
}

void set_accelerators(Container& container, std::int64_t count, const Origin& from) {
  const auto name = accelerator_of(container);
  const Sourced devices{times(k8s::Quantity(one_device), count), from};
  container.requests.set(name, devices);
  container.limits.set(name, devices);
}

}  // namespace sluice::cost
