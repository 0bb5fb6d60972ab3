// SPDX-License-Identifier: Apache-2.0
#include "helm/value_reads.hpp"

namespace sluice::helm {
namespace {

/// Adds what `key` leads to from each of the nodes, its own name and the wildcard alike.
template <typename Node>
std::vector<const Node*> step(const std::vector<const Node*>& from, std::string_view key) {
  std::vector<const Node*> to;
  for (const auto* node : from) {
    for (const auto name : {key, any_key}) {
      const auto found = node->below.find(name);
      if (found != node->below.end() && (to.empty() || to.back() != found->second.get())) {
        to.push_back(found->second.get());
      }
    }
  }
  return to;
}

}  // namespace

ValueReads::Node& ValueReads::node(const ValuePath& path) {
  Node* at = &root_;
  for (const auto& key : path) {
    auto& next = at->below[key];
    if (next == nullptr) {
      next = std::make_unique<Node>();
    }
    at = next.get();
  }
  return *at;
}

bool ValueReads::names(std::span<const std::string> path) const {
  std::vector<const Node*> at{&root_};
  for (const auto& key : path) {
    at = step(at, key);
  }
  return !at.empty();
}

bool ValueReads::takes_whole(std::span<const std::string> path) const {
  std::vector<const Node*> at{&root_};
  for (std::size_t i = 0;; ++i) {
    for (const auto* node : at) {
      if (node->whole) {
        return true;
      }
    }
    if (i == path.size() || at.empty()) {
      return false;
    }
    at = step(at, path[i]);
  }
}

std::vector<ValuePath> ValueReads::paths() const {
  std::vector<ValuePath> found;
  std::vector<std::pair<const Node*, ValuePath>> open;
  open.emplace_back(&root_, ValuePath{});
  while (!open.empty()) {
    auto [node, path] = std::move(open.back());
    open.pop_back();
    for (const auto& [key, next] : node->below) {
      if (key != any_key) {
        auto longer = path;
        longer.push_back(key);
        found.push_back(longer);
        open.emplace_back(next.get(), std::move(longer));
      }
    }
  }
  return found;
}

}  // namespace sluice::helm
