// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/object.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::policy {

/// Group, version, plural; all empty for a kind that the stand-in does not know: such objects are
/// told apart by namespace and name only.
struct ResourceName {
  std::string group, version, plural;
  bool operator==(const ResourceName&) const = default;
};

/// What Kyverno's CLI puts in the place of a cluster while it generates. A kind is known when an
/// object of it is there from the start, by its plural alone.
class GenerateStore {
 public:
  explicit GenerateStore(const std::vector<Value>& objects);

  [[nodiscard]] ResourceName resource_of(std::string_view kind) const;
  [[nodiscard]] const Value* find(const ResourceName& resource,
                                  std::string_view name_space,
                                  std::string_view name) const;
  /// Objects of a namespace (empty: of all), by name.
  [[nodiscard]] std::vector<Value> list(const ResourceName& resource,
                                        std::string_view name_space) const;
  /// Adds an object; one that is there already stays as it is.
  void create(const ResourceName& resource, const Value& object);

 private:
  struct Entry {
    ResourceName resource;
    std::string name_space, name;
    Value object;
  };
  std::vector<Entry> entries_;
  std::vector<ResourceName> known_;
};

}  // namespace sluice::policy
