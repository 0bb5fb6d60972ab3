// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "schema/builtin.hpp"
#include "schema/catalogue.hpp"
#include "schema/compile.hpp"
#include "schema/unknown_kind.hpp"
#include "yaml/document.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace sluice::schema {

/// Where a schema came from.
enum class Origin : std::uint8_t { none, kubernetes, crd, catalogue, shipped };

/// The schema of a kind. Without a place when nobody has one.
struct Found {
  Place place;
  Origin origin = Origin::none;
  const Schema* custom = nullptr;  ///< of a custom resource
  /// What the CustomResourceDefinition says of its own version, when it says deprecated: true.
  const std::string* deprecation = nullptr;
};

/// The schemas of custom resources, in this order: CustomResourceDefinitions of the input (the
/// object's own environment first), then --schema-location, then those that Sluice ships.
///
/// First everything is added, then find() may be called from several threads; a schema is compiled
/// when it is first asked for.
class Registry {
 public:
  Registry();
  ~Registry();
  Registry(const Registry&) = delete;
  Registry& operator=(const Registry&) = delete;

  /// Takes the versions of a CustomResourceDefinition (apiextensions.k8s.io/v1) in `crd`, the root
  /// or an item of `document`, which must live as long as the registry. `env` is empty for those of
  /// every environment. The first definition of a kind in an environment counts; a second one that
  /// differs is a finding (schema/ambiguous).
  void add(const yaml::Document& document,
           const yaml::Node& crd,
           std::string_view env,
           std::vector<diag::Finding>& findings);
  void add(Location location) { catalogue_.add(std::move(location)); }
  void set_fetch(Fetch fetch) { catalogue_.set_fetch(std::move(fetch)); }
  /// Files of locations that are there and cannot be used.
  [[nodiscard]] std::vector<std::string> problems() const { return catalogue_.problems(); }

  /// Whether a CustomResourceDefinition that was added has this version of the kind.
  [[nodiscard]] bool defines(const GroupVersionKind& name) const;

  [[nodiscard]] Found find(const GroupVersionKind& name,
                           KubeVersion version,
                           std::string_view env) const;

  /// Why find() has no schema for the name. Found out once: a folder may hold a thousand objects of
  /// one kind.
  [[nodiscard]] UnknownKind explain(const GroupVersionKind& name, KubeVersion version) const;

 private:
  struct Entry;
  using Key = std::tuple<std::string, std::string, std::string>;  ///< group, version, kind
  void add_version(std::unique_ptr<Entry> entry, std::vector<diag::Finding>& findings);
  /// Kinds that CustomResourceDefinitions or Sluice's own schemas define, sorted.
  [[nodiscard]] std::vector<GroupVersionKind> custom_kinds() const;
  [[nodiscard]] Found from_catalogue(const GroupVersionKind& name, KubeVersion version) const;

  std::map<Key, std::vector<std::unique_ptr<Entry>>> crds_;
  std::map<Key, std::unique_ptr<Entry>> shipped_;
  Catalogue catalogue_;
  mutable std::mutex catalogue_mutex_;
  mutable std::map<const yaml::Document*, std::unique_ptr<Entry>> from_catalogue_;
  mutable std::mutex unknown_mutex_;
  mutable std::map<std::pair<Key, std::uint32_t>, UnknownKind> unknown_;  ///< by minor version
};

}  // namespace sluice::schema
