// SPDX-License-Identifier: Apache-2.0
#include "render/environments.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace sluice::render {
namespace {

std::string_view without_extension(std::string_view name) {
  for (const std::string_view end : {".yaml", ".yml", ".json"}) {
    if (name.ends_with(end)) {
      return name.substr(0, name.size() - end.size());
    }
  }
  return name;
}

/// The paths that may tell a unit's environment, the most telling first.
std::vector<std::string> telling_paths(const delivery::Unit& unit) {
  std::vector<std::string> paths = {unit.path};
  if (const auto* helm = std::get_if<delivery::HelmSource>(&unit.source)) {
    for (auto file = helm->values_files.rbegin(); file != helm->values_files.rend(); ++file) {  // the last one wins for helm too
      paths.push_back(file->path);
    }
    paths.push_back(helm->chart);
  } else if (const auto* kustomize = std::get_if<delivery::KustomizeSource>(&unit.source)) {
    paths.push_back(kustomize->path);
  } else {
    paths.push_back(std::get<delivery::DirectorySource>(unit.source).path);
  }
  std::erase(paths, "");
  return paths;
}

bool is_cluster_name(const std::string& destination) {
  return !destination.empty() && destination != "in-cluster" && destination.find('/') == std::string::npos;
}

}  // namespace

std::string environment_in_path(std::string_view path) {
  constexpr std::string_view parents[] = {"envs", "env", "environments", "overlays", "clusters"};
  const auto parts = text::split(path, '/');
  for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
    if (std::find(std::begin(parents), std::end(parents), parts[i]) != std::end(parents)) {
      return std::string(without_extension(parts[i + 1]));
    }
  }
  const auto name = without_extension(parts.empty() ? path : parts.back());
  for (const std::string_view start : {"values-", "values."}) {
    if (name.starts_with(start) && name.size() < parts.back().size()) {
      return std::string(name.substr(start.size()));
    }
  }
  return {};
}

std::string environment_of(const config::Config& config, const delivery::Unit& unit, const std::string& inherited) {
  const auto paths = telling_paths(unit);
  if (!config.environments.empty()) {
    for (const auto& path : paths) {
      if (const auto* found = config::match(config, path, unit.destination, unit.app, unit.name_space)) {
        return found->name;
      }
    }
    return unit.env;
  }
  if (!unit.env.empty()) {
    return unit.env;
  }
  for (const auto& path : paths) {
    if (auto found = environment_in_path(path); !found.empty()) {
      return found;
    }
  }
  if (auto found = environment_in_path(unit.defined_at.file); !found.empty()) {
    return found;
  }
  return is_cluster_name(unit.destination) ? unit.destination : inherited;
}

std::string environment_in_name(std::string_view name, const std::set<std::string>& known) {
  std::string best;
  for (const auto& env : known) {
    if ((name == env || name.ends_with("-" + env)) && env.size() > best.size()) {
      best = env;
    }
  }
  return best;
}

}  // namespace sluice::render
