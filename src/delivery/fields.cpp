// SPDX-License-Identifier: Apache-2.0
#include "delivery/fields.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <vector>

namespace sluice::delivery {
namespace {

bool contains(std::span<const std::string_view> names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

std::string suggestion(std::string_view name, const FieldTable& table) {
  std::vector<std::string_view> all(table.followed.begin(), table.followed.end());
  all.insert(all.end(), table.without_effect.begin(), table.without_effect.end());
  const auto near = text::nearest(name, all);
  return near ? "did you mean \"" + std::string(*near) + "\"?" : std::string();
}

}  // namespace

bool check_fields(Recorder& recorder,
                  const Subject& subject,
                  const yaml::Value* mapping,
                  const FieldTable& table) {
  if (mapping == nullptr || mapping->kind == yaml::Kind::null) {
    return true;
  }
  if (!mapping->is_mapping()) {
    recorder.invalid(subject, mapping, std::string(table.where) + " is not a mapping");
    return false;
  }
  for (const auto& [name, value] : mapping->members) {
    if (value.kind == yaml::Kind::null || contains(table.followed, name) ||
        contains(table.without_effect, name)) {
      continue;
    }
    if (contains(table.unsupported, name)) {
      recorder.unrenderable(subject, std::string(table.where) + "." + name + " is not supported");
      return false;
    }
    recorder.wrong(subject, &value,
                   "field " + text::quoted(name) + " is not in " + std::string(table.where) +
                       " of " + std::string(recorder.system()),
                   suggestion(name, table));
  }
  return true;
}

}  // namespace sluice::delivery
