// SPDX-License-Identifier: Apache-2.0
#include "policy/object.hpp"

#include "k8s/scope.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace sluice::policy {

namespace {

bool is_map_key(std::string_view key) {
  constexpr std::array<std::string_view, 6> keys = {"annotations",  "labels", "matchLabels",
                                                    "nodeSelector", "data",   "stringData"};
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

/// Whether anything below is to be filled in: one look without an allocation, and nearly always the
/// only one.
bool has_null_map(const Value& value) {
  for (std::size_t i = 0; i < value.size(); ++i) {
    const bool mapping = value.is(Type::object);
    const Value member = mapping ? value.member_at(i) : value.at(i);
    if ((mapping && member.is_null() && is_map_key(value.key_at(i))) || has_null_map(member)) {
      return true;
    }
  }
  return false;
}

Value filled(Arena& arena, const Value& value) {
  if (value.is(Type::array)) {
    const auto elements = arena.array<Value>(value.size());
    for (std::size_t i = 0; i < elements.size(); ++i) {
      elements[i] = filled(arena, value.at(i));
    }
    return Value::array(elements).standing_at(value);
  }
  if (!value.is(Type::object)) {
    return value;
  }
  const auto members = arena.array<Member>(value.size());
  for (std::size_t i = 0; i < members.size(); ++i) {
    const auto key = value.key_at(i);
    const Value member = value.member_at(i);
    members[i] = {key,
                  member.is_null() && is_map_key(key) ? Value::object({}) : filled(arena, member)};
  }
  return Value::object(members.first(sort_members(members))).standing_at(value);
}

}  // namespace

Object normalise(Arena& arena, const Value& manifest, std::string_view name_space, Scope scope) {
  Object object;
  object.value = has_null_map(manifest) ? filled(arena, manifest) : manifest;
  object.api_version = object.value.text({"apiVersion"});
  const auto slash = object.api_version.find('/');
  object.group =
      slash == std::string_view::npos ? std::string_view() : object.api_version.substr(0, slash);
  object.version =
      slash == std::string_view::npos ? object.api_version : object.api_version.substr(slash + 1);
  object.kind = object.value.text({"kind"});
  object.name = object.value.text({"metadata", "name"});
  if (object.name.empty()) {
    object.name = object.value.text({"metadata", "generateName"});
  }
  object.name_space = object.value.text({"metadata", "namespace"});
  const bool custom =
      object.group.find('.') != std::string_view::npos && !object.group.ends_with(".k8s.io");
  const bool known = scope != Scope::kyverno_cli || !custom;
  const bool namespaced =
      scope != Scope::cluster && !(known && k8s::is_cluster_scoped(object.group, object.kind));
  if (object.name_space.empty() && namespaced) {
    object.name_space = name_space.empty() ? "default" : name_space;
    const Value metadata = object.value.get({"metadata"});
    const auto extended = [&](const Value& base, std::string_view key, const Value& value) {
      std::vector<Member> members;
      for (std::size_t i = 0; i < base.size(); ++i) {
        members.push_back({base.key_at(i), base.member_at(i)});
      }
      members.push_back({key, value});
      return make_object(arena, members).standing_at(base);
    };
    object.value = extended(object.value, "metadata",
                            extended(metadata, "namespace", Value::string(object.name_space)));
  }
  return object;
}

}  // namespace sluice::policy
