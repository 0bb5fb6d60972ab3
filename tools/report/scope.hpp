// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "k8s/resource.hpp"

#include <initializer_list>
#include <set>
#include <string>
#include <utility>

namespace sluice::report {

struct Side;

/// Which kinds have no namespace: the built-in ones, and those that a definition of either stream
/// says so of.
class ClusterScope {
 public:
  explicit ClusterScope(std::initializer_list<const Side*> sides);
  [[nodiscard]] bool has(const k8s::Resource& resource) const;

 private:
  std::set<std::pair<std::string, std::string>> customs_;  ///< group, kind
};

}  // namespace sluice::report
