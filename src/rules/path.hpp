// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "yaml/document.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace sluice::rules {

/// The way from an object's root to a value in it.
struct Path {
  struct Step {
    const yaml::Node* key = nullptr;  ///< null: an item of a list
    std::uint32_t index = 0;
  };
  std::vector<Step> steps;

  /// "/spec/containers/0/image" (RFC 6901), with `last` added when it is not empty.
  [[nodiscard]] std::string pointer(std::string_view last) const;
  /// `field "image" of containers[0]`, with `last` as the field when it is not empty.
  [[nodiscard]] std::string subject(std::string_view last) const;
};

/// The first way in document order (an alias lets a value stand at several places). Rules carry no
/// paths along, as most objects are good: this searches, and only when something is wrong. Objects
/// of more values than a search may visit get an empty path.
Path find_path(const yaml::Document& document, const yaml::Node& root, const yaml::Node& target);

}  // namespace sluice::rules
