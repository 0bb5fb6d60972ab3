// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "k8s/resource.hpp"
#include "references/externals.hpp"

#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace sluice::references {

/// The objects of a delivery, by what refers to them. Points into them.
class Index {
 public:
  explicit Index(std::span<const k8s::Resource> objects);

  [[nodiscard]] std::span<const k8s::Resource> objects() const { return objects_; }

  /// The object that `from` means by `target`; nullptr when it is not delivered with it. A target
  /// whose namespace nobody knows is found in any.
  [[nodiscard]] const k8s::Resource* find(const k8s::Resource& from, const Target& target) const;

  /// All objects of a kind in the reach of `from`; `name_space` empty: in any.
  [[nodiscard]] std::vector<const k8s::Resource*> of_kind(const k8s::Resource& from,
                                                          std::string_view group,
                                                          std::string_view kind,
                                                          std::string_view name_space) const;

  /// The name most like the target's among those of its kind and namespace, or empty.
  [[nodiscard]] std::string near(const k8s::Resource& from, const Target& target) const;

 private:
  std::span<const k8s::Resource> objects_;
  std::unordered_map<std::string, std::vector<const k8s::Resource*>> by_name_;  ///< kind and name
  std::unordered_map<std::string, std::vector<const k8s::Resource*>> by_kind_;
};

/// Whether what two objects describe ends up in one cluster: the same environment, and no two
/// destinations; or the same destination.
bool reach_one_cluster(const k8s::Resource& a, const k8s::Resource& b);

}  // namespace sluice::references
