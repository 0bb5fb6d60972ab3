// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "references/index.hpp"

#include <map>
#include <set>
#include <string>
#include <string_view>

namespace sluice::references {

/// In what order objects are applied, as far as annotations and `dependsOn` say.
class Order {
 public:
  explicit Order(const Index& index);

  /// Why `needed` may not be there when `object` is applied: "comes in sync wave 3, after wave 0".
  /// Empty when nothing says so.
  [[nodiscard]] std::string why_later(const k8s::Resource& object,
                                      const k8s::Resource& needed) const;
  [[nodiscard]] std::string hint(const k8s::Resource& object, const k8s::Resource& needed) const;

 private:
  /// A unit, and the object that stands for it in another unit.
  struct Unit {
    const k8s::Resource* by = nullptr;  ///< Application, Kustomization or HelmRelease
    std::set<std::string> after;        ///< units that Flux waits for
  };
  [[nodiscard]] bool waits_for(const std::string& unit, const std::string& other) const;
  void read_flux(const k8s::Resource& object);

  std::map<std::string, Unit> units_;
};

}  // namespace sluice::references
