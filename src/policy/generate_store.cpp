// SPDX-License-Identifier: Apache-2.0
#include "policy/generate_store.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>

namespace sluice::policy {

namespace {

ResourceName named(std::string_view api_version, std::string_view kind) {
  const auto slash = api_version.find('/');
  const bool core = slash == std::string_view::npos;
  return {std::string(core ? std::string_view() : api_version.substr(0, slash)),
          std::string(core ? api_version : api_version.substr(slash + 1)),
          text::to_lower(kind) + "s"};
}

}  // namespace

GenerateStore::GenerateStore(const std::vector<Value>& objects) {
  for (const Value& object : objects) {
    const ResourceName resource = named(object.text({"apiVersion"}), object.text({"kind"}));
    known_.push_back(resource);
    create(resource, object);
  }
  constexpr std::array<std::string_view, 6> core = {
      "configmaps", "endpoints", "namespaces", "resourcequotas", "secrets", "serviceaccounts"};
  constexpr std::array<std::string_view, 3> apps = {"daemonsets", "deployments", "statefulsets"};
  for (const auto plural : core) {
    known_.push_back({"", "v1", std::string(plural)});
  }
  for (const auto plural : apps) {
    known_.push_back({"apps", "v1", std::string(plural)});
  }
}

ResourceName GenerateStore::resource_of(std::string_view kind) const {
  const std::string plural = text::to_lower(kind) + "s";
  const auto found = std::find_if(known_.begin(), known_.end(),
                                  [&](const ResourceName& r) { return r.plural == plural; });
  return found == known_.end() ? ResourceName() : *found;
}

const Value* GenerateStore::find(const ResourceName& resource,
                                 std::string_view name_space,
                                 std::string_view name) const {
  const auto found = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& entry) {
    return entry.resource == resource && entry.name_space == name_space && entry.name == name;
  });
  return found == entries_.end() ? nullptr : &found->object;
}

std::vector<Value> GenerateStore::list(const ResourceName& resource,
                                       std::string_view name_space) const {
  std::vector<const Entry*> found;
  for (const auto& entry : entries_) {
    if (entry.resource == resource && (name_space.empty() || entry.name_space == name_space)) {
      found.push_back(&entry);
    }
  }
  std::sort(found.begin(), found.end(),
            [](const Entry* a, const Entry* b) { return a->name < b->name; });
  std::vector<Value> objects;
  for (const Entry* entry : found) {
    objects.push_back(entry->object);
  }
  return objects;
}

void GenerateStore::create(const ResourceName& resource, const Value& object) {
  const auto name_space = object.text({"metadata", "namespace"});
  const auto name = object.text({"metadata", "name"});
  if (find(resource, name_space, name) == nullptr) {
    entries_.push_back({resource, std::string(name_space), std::string(name), object});
  }
}

}  // namespace sluice::policy
