// SPDX-License-Identifier: Apache-2.0
#include "render/graph.hpp"

#include "io/files.hpp"

#include <algorithm>

namespace sluice::render {
namespace {

using Edges = std::map<std::string, std::set<std::string>>;

std::set<std::string> reach(const Edges& edges, const std::string& start) {
  std::set<std::string> seen;
  std::vector<std::string> open = {start};
  while (!open.empty()) {
    const auto node = std::move(open.back());
    open.pop_back();
    const auto next = edges.find(node);
    if (next == edges.end()) {
      continue;
    }
    for (const auto& other : next->second) {
      if (seen.insert(other).second) {
        open.push_back(other);
      }
    }
  }
  return seen;
}

bool is_component(const FileFacts& facts) {
  return std::any_of(facts.objects.begin(), facts.objects.end(), [](const auto& object) { return object.kind == "Component"; });
}

}  // namespace

Graph::Graph(const Survey& survey) {
  std::set<std::string> components;
  for (const auto& [path, facts] : survey.files) {
    if (facts.kind != FileFacts::Kind::kustomization) {
      continue;
    }
    const auto folder = folder_of(path);
    if (is_component(facts)) {
      components.insert(folder);
    }
    for (const auto& patch : facts.patches) {
      if (const auto target = patch.empty() ? Result<std::string>(Error{}) : io::normalise_inside(folder + "/" + patch)) {
        patches_.insert(*target);
      }
    }
    for (const auto& reference : facts.references) {
      const auto target = io::normalise_inside(folder + "/" + reference);
      if (target && reference.find("://") == std::string::npos) {
        down_[folder].insert(*target);
        up_[*target].insert(folder);
      }
    }
  }
  for (const auto& folder : survey.kustomizations) {
    if (!up_.contains(folder) && !components.contains(folder)) {
      roots_.push_back(folder);
    }
  }
}

std::set<std::string> Graph::roots_of(const std::string& file) const {
  std::set<std::string> found;
  for (const auto& above : reach(up_, file)) {
    if (std::binary_search(roots_.begin(), roots_.end(), above)) {
      found.insert(above);
    }
  }
  return found;
}

std::set<std::string> Graph::reached_from(const std::string& folder) const { return reach(down_, folder); }

}  // namespace sluice::render
