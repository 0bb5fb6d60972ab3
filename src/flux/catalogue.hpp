// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "delivery/unit.hpp"
#include "k8s/resource.hpp"
#include "yaml/value.hpp"

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace sluice::flux {

/// An object that others refer to: a source, a ConfigMap, a Secret.
struct Referenced {
  std::string file;                         ///< that defines it; empty when it was rendered
  yaml::Value spec;                         ///< of a source; null otherwise
  std::map<std::string, std::string> data;  ///< of a ConfigMap or Secret
  bool encrypted = false;                   ///< by SOPS: `data` is not what the cluster sees
};

/// The objects that Flux's references may name, over the calls of expand() of one run: what was
/// rendered for a cluster, else what stands in the cluster's own folder (clusters/NAME), else what
/// stands in exactly one place of the repository. Not safe from several threads.
class Catalogue {
 public:
  explicit Catalogue(const delivery::Repository& repository) : repository_(repository) {}

  /// Keeps those of `objects` that may be referred to.
  void learn(std::span<const k8s::Resource> objects, const std::string& cluster);

  /// nullptr when there is none, or when several files of the repository define it.
  const Referenced* find(const std::string& cluster,
                         std::string_view kind,
                         std::string_view name_space,
                         std::string_view name);

  /// All of a kind in a namespace, of this cluster alone.
  std::vector<const Referenced*> all(const std::string& cluster,
                                     std::string_view kind,
                                     std::string_view name_space);

 private:
  using Key = std::tuple<std::string, std::string, std::string>;  ///< kind, namespace, name

  void read_files();
  const Referenced* rendered(const std::string& cluster, const Key& key) const;
  const Referenced* written(const std::string& cluster, const Key& key) const;

  const delivery::Repository& repository_;
  std::map<std::pair<std::string, Key>, Referenced> rendered_;  ///< by cluster
  std::multimap<Key, Referenced> written_;
  bool files_read_ = false;
};

}  // namespace sluice::flux
