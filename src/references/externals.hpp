// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::references {

/// An object that is referred to. Empty `name_space`: it has none, or it is not known.
struct Target {
  std::string_view group;
  std::string_view kind;
  std::string_view name_space;
  std::string_view name;
};

/// Objects that are there although no render delivers them.
struct External {
  std::string kind, name_space, name;     ///< globs; an empty name_space takes any
  std::vector<std::string> environments;  ///< empty: in all of them
};

/// Those of sluice.yaml, and what every cluster has: the default ServiceAccount and
/// kube-root-ca.crt of each namespace, default and kube-*, the system's PriorityClasses and roles,
/// the Service default/kubernetes, and the definitions of the kinds that Argo CD and Flux are made
/// of, without which nothing of a repository would be applied.
class Externals {
 public:
  explicit Externals(std::vector<External> declared = {});

  /// Safe from several threads.
  [[nodiscard]] bool cover(const Target& target, std::string_view env) const;
  /// The numbers of those that covered nothing so far, in the order given.
  [[nodiscard]] std::vector<std::size_t> unused() const;

 private:
  struct Declared {
    External row;
    mutable std::atomic<bool> used = false;
  };
  std::deque<Declared> declared_;  ///< which never moves
};

}  // namespace sluice::references
