// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/policy.hpp"

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::policy {

/// Which rules of which policies can apply to objects of a kind: worked out once, so that an object
/// meets only those.
class Plan {
 public:
  struct Entry {
    std::size_t policy = 0;  ///< index into the policies
    std::vector<const Rule*> rules;
  };

  explicit Plan(std::span<const Policy> policies) : policies_(policies) {}

  /// Must be called for every kind before the objects are judged by several threads.
  void prepare(std::string_view group, std::string_view version, std::string_view kind);
  [[nodiscard]] std::span<const Entry> entries(std::string_view group,
                                               std::string_view version,
                                               std::string_view kind) const;

 private:
  std::span<const Policy> policies_;
  std::map<std::string, std::vector<Entry>, std::less<>> by_kind_;
};

}  // namespace sluice::policy
