// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "yaml/document.hpp"

#include <array>
#include <string_view>
#include <unordered_map>

namespace sluice::rules {

/// Names of the items of a list, each with what it names. The first 16 cost no allocation, which is
/// all that most lists have.
class Names {
 public:
  /// False when the name is there already; the first item keeps it.
  bool add(std::string_view name, const yaml::Node* item = nullptr) {
    if (find(name) != nullptr) {
      return false;
    }
    if (count_ < few_.size()) {
      few_[count_++] = {name, item};
    } else {
      many_.emplace(name, item);
    }
    return true;
  }

  struct Entry {
    std::string_view name;
    const yaml::Node* item = nullptr;
  };

  [[nodiscard]] const Entry* find(std::string_view name) const {
    for (std::size_t i = 0; i < count_; ++i) {
      if (few_[i].name == name) {
        return &few_[i];
      }
    }
    if (many_.empty()) {
      return nullptr;
    }
    const auto found = many_.find(name);
    if (found == many_.end()) {
      return nullptr;
    }
    last_ = {found->first, found->second};
    return &last_;
  }
  [[nodiscard]] bool has(std::string_view name) const { return find(name) != nullptr; }
  [[nodiscard]] bool empty() const { return count_ == 0; }

 private:
  std::array<Entry, 16> few_{};
  std::size_t count_ = 0;
  std::unordered_map<std::string_view, const yaml::Node*> many_;
  mutable Entry last_;
};

}  // namespace sluice::rules
