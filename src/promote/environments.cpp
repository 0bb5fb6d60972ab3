// SPDX-License-Identifier: Apache-2.0
#include "promote/environments.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace sluice::promote {

namespace {

bool takes(std::span<const std::string> globs, std::string_view path) {
  return std::ranges::any_of(globs,
                             [&](const std::string& glob) { return text::glob_match(glob, path); });
}

}  // namespace

std::vector<std::string> conventional_globs(std::string_view environment) {
  const std::string name(environment);
  return {"**/" + name + "/**", "**/values-" + name + ".{yaml,yml}",
          "**/values." + name + ".{yaml,yml}", "**/" + name + ".{yaml,yml}",
          "**/*-" + name + ".{yaml,yml}"};
}

bool may_hold_values(std::string_view path) {
  return path.ends_with(".yaml") || path.ends_with(".yml") || path.ends_with(".json") ||
         path == "Kustomization" || path.ends_with("/Kustomization");
}

Environments::Environments(const config::Config& config) {
  for (const config::Environment& each : config.environments) {
    Entry entry{.name = each.name, .globs = {}, .after = each.after};
    if (config.promote) {
      const auto& rules = config.promote->environments;
      const auto rule = std::ranges::find(rules, each.name, &config::PromoteEnvironment::name);
      entry.globs = rule == rules.end() ? std::vector<std::string>() : rule->paths;
    }
    if (entry.globs.empty()) {
      entry.globs = each.match.path.empty() ? conventional_globs(each.name) : each.match.path;
      for (const std::string& cluster : each.match.destination) {
        if (each.match.path.empty() && cluster.find('/') == std::string::npos) {
          entry.globs.push_back("**/" + cluster + "/**");  // Flux: clusters/<name>/
        }
      }
    }
    entries_.push_back(std::move(entry));
  }
}

const Environments::Entry* Environments::find(std::string_view name) const {
  const auto found = std::ranges::find(entries_, name, &Entry::name);
  return found == entries_.end() ? nullptr : &*found;
}

std::vector<std::string> Environments::names() const {
  std::vector<std::string> names;
  for (const Entry& entry : entries_) {
    names.push_back(entry.name);
  }
  return names;
}

Result<std::vector<std::string>> Environments::before(std::string_view name) const {
  if (entries_.empty()) {
    return std::vector<std::string>();
  }
  if (const Entry* const entry = find(name)) {
    return entry->after;
  }
  const std::vector<std::string> all = names();
  const std::vector<std::string_view> words(all.begin(), all.end());
  const auto near = text::nearest(name, words);
  return Error{Error::Kind::usage, "there is no environment \"" + text::printable(name, 80) +
                                       "\" in sluice.yaml; " +
                                       (near ? "did you mean \"" + std::string(*near) + "\"?"
                                             : "there are " + text::join(all, ", "))};
}

std::vector<std::string> Environments::globs(std::string_view name) const {
  const Entry* const entry = find(name);
  return entry == nullptr ? conventional_globs(name) : entry->globs;
}

bool Environments::owns(std::string_view name, std::string_view path) const {
  if (entries_.empty()) {
    return takes(conventional_globs(name), path);
  }
  for (const Entry& entry : entries_) {
    if (takes(entry.globs, path)) {
      return entry.name == name;
    }
  }
  return false;
}

}  // namespace sluice::promote
