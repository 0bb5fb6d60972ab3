// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "references/check.hpp"
#include "references/index.hpp"
#include "references/order.hpp"
#include "references/wants.hpp"

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace sluice::references {

/// One run of check(). Names in check.cpp, selectors in selectors.cpp, kinds and namespaces in
/// homes.cpp.
class Checker {
 public:
  Checker(std::span<const k8s::Resource> objects,
          const Scope& scope,
          std::vector<diag::Finding>& findings)
      : index_(objects), order_(index_), scope_(scope), findings_(findings) {}

  void run();

 private:
  using Resource = k8s::Resource;

  void names(const Resource& object, const std::vector<Pods>& pods);
  void name(const Resource& object, const Want& want, std::string_view code);
  void missing(const Resource& object, const Want& want, std::string_view code);
  void found(const Resource& object, const Want& want, const Resource& target);
  void key(const Resource& object, const Want& want, const Resource& target);
  void port(const Resource& object, const Want& want, const Resource& service);
  [[nodiscard]] bool is_made_by_another(const Resource& object, const Want& want) const;

  // selectors.cpp
  void service(const Resource& service);
  void target_ports(const Resource& service, const std::vector<const Pods*>& pods);
  void disruption_budget(const Resource& budget);
  [[nodiscard]] std::vector<const Pods*> selected(const Resource& from,
                                                  const Selector& selector) const;
  [[nodiscard]] bool may_be_selected_elsewhere(const Resource& from) const;

  // homes.cpp
  void kind_of(const Resource& object);
  void namespace_of(const Resource& object);
  void read_created_namespaces();
  void later(const Resource& object,
             const Resource& needed,
             const yaml::Node& at,
             std::string path);
  void say_homes();

  [[nodiscard]] bool whole() const { return scope_.knowledge == Knowledge::whole; }
  struct Words {
    std::string_view code;
    std::string message;
    std::string hint;
    std::string path;
  };
  void say(const Resource& object, const yaml::Node& at, Words words);

  /// A kind or a namespace that is missing is said once for each environment.
  struct Homeless {
    const Resource* first = nullptr;
    std::size_t objects = 0;
    std::string code, what, hint;
  };

  Index index_;
  Order order_;
  const Scope& scope_;
  std::vector<diag::Finding>& findings_;
  std::map<const Resource*, std::vector<Pods>> pods_;
  std::map<std::pair<std::string, std::string>, Homeless> homeless_;  ///< by environment and what
  std::vector<std::string> created_namespaces_;                       ///< globs
};

}  // namespace sluice::references
