// SPDX-License-Identifier: Apache-2.0
#include "flux/context.hpp"

#include "base/text.hpp"

namespace sluice::flux {

const yaml::Value* present(const yaml::Value* mapping, std::string_view key) {
  const auto* value = mapping == nullptr ? nullptr : mapping->find(key);
  return value == nullptr || value->kind == yaml::Kind::null ? nullptr : value;
}

bool is_true(const yaml::Value* mapping, std::string_view key) {
  const auto* value = present(mapping, key);
  return value != nullptr && value->is_true();
}

}  // namespace sluice::flux
