// SPDX-License-Identifier: Apache-2.0
#include "cost/uncounted.hpp"

#include <cstdint>
#include <unordered_set>
#include <vector>

namespace sluice::cost {
namespace {

using yaml::Document;
using yaml::Kind;
using yaml::Node;

bool is_container(const Document& document, const Node& node) {
  return document.find(node, "image") != nullptr;
}

bool is_pod(const Document& document, const Node& node) {
  const auto* list = document.find(node, "containers");
  if (list != nullptr && list->kind == Kind::sequence) {
    const auto containers = document.children(*list);
    return !containers.empty() && (is_container(document, containers.front()) ||
                                   document.find(containers.front(), "name") != nullptr);
  }
  const auto* one = document.find(node, "container");
  return one != nullptr && is_container(document, *one);
}

}  // namespace

const Node* find_pod_shape(const k8s::Resource& resource) {
  const auto& document = *resource.document;
  std::vector<const Node*> open{resource.object};
  std::unordered_set<std::uint32_t> seen;  // children under aliases are shared: looked at once
  while (!open.empty()) {
    const auto* node = open.back();
    open.pop_back();
    if (node->child_count == 0 || !seen.insert(node->first_child).second) {
      continue;
    }
    if (node->kind == Kind::mapping && is_pod(document, *node)) {
      return node;
    }
    const auto children = document.children(*node);
    for (auto child = children.rbegin(); child != children.rend(); ++child) {
      open.push_back(&*child);
    }
  }
  return nullptr;
}

}  // namespace sluice::cost
