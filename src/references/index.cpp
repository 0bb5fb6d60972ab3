// SPDX-License-Identifier: Apache-2.0
#include "references/index.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace sluice::references {
namespace {

std::string kind_key(std::string_view group, std::string_view kind) {
  return std::string(group) + '/' + std::string(kind);
}

std::string name_key(std::string_view group, std::string_view kind, std::string_view name) {
  return kind_key(group, kind) + '/' + std::string(name);
}

bool in_namespace(const k8s::Resource& object, std::string_view name_space) {
  return name_space.empty() || object.ref.name_space.empty() || object.ref.name_space == name_space;
}

}  // namespace

bool reach_one_cluster(const k8s::Resource& a, const k8s::Resource& b) {
  const std::string& to_a = a.document->origin().destination;
  const std::string& to_b = b.document->origin().destination;
  return !to_a.empty() && !to_b.empty() ? to_a == to_b : a.env() == b.env();
}

Index::Index(std::span<const k8s::Resource> objects) : objects_(objects) {
  by_name_.reserve(objects.size());
  for (const k8s::Resource& object : objects) {
    by_name_[name_key(object.group(), object.ref.kind, object.ref.name)].push_back(&object);
    by_kind_[kind_key(object.group(), object.ref.kind)].push_back(&object);
  }
}

const k8s::Resource* Index::find(const k8s::Resource& from, const Target& target) const {
  const auto found = by_name_.find(name_key(target.group, target.kind, target.name));
  if (found == by_name_.end()) {
    return nullptr;
  }
  const auto hit =
      std::find_if(found->second.begin(), found->second.end(), [&](const k8s::Resource* object) {
        return reach_one_cluster(from, *object) && in_namespace(*object, target.name_space);
      });
  return hit == found->second.end() ? nullptr : *hit;
}

std::vector<const k8s::Resource*> Index::of_kind(const k8s::Resource& from,
                                                 std::string_view group,
                                                 std::string_view kind,
                                                 std::string_view name_space) const {
  std::vector<const k8s::Resource*> out;
  if (const auto found = by_kind_.find(kind_key(group, kind)); found != by_kind_.end()) {
    std::copy_if(found->second.begin(), found->second.end(), std::back_inserter(out),
                 [&](const k8s::Resource* object) {
                   return reach_one_cluster(from, *object) && in_namespace(*object, name_space);
                 });
  }
  return out;
}

std::string Index::near(const k8s::Resource& from, const Target& target) const {
  const auto others = of_kind(from, target.group, target.kind, target.name_space);
  std::vector<std::string_view> names;
  for (const k8s::Resource* other : others) {
    names.push_back(other->ref.name);
  }
  std::sort(names.begin(), names.end());
  const auto near = text::nearest(target.name, names);
  return near ? std::string(*near) : std::string{};
}

}  // namespace sluice::references
