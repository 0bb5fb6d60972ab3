// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "yaml/value.hpp"

#include <cstdint>
#include <random>
#include <string>
#include <vector>

/// Good manifests with one or two things changed: what people and templates get wrong, and harmless
/// changes, so that accepting and refusing are both asked for.
namespace sluice::test {

/// Same numbers on every machine: the standard's distributions are not portable, its engines are.
class Random {
 public:
  explicit Random(std::uint32_t seed) : engine_(seed) {}
  std::size_t below(std::size_t n) { return engine_() % n; }
  template <class T>
  const T& one_of(const std::vector<T>& values) {
    return values[below(values.size())];
  }

 private:
  std::mt19937 engine_;
};

struct Mutant {
  std::string kind;   ///< "Deployment"
  std::string what;   ///< "retype /spec/replicas"
  std::string bytes;  ///< one YAML document, without "---"
};

/// Values that stand under a key somewhere in the seeds: what may be put in a place of that name.
class Donors {
 public:
  void collect(const yaml::Value& value);
  /// Mappings that stand under `key`, or in a list under it.
  [[nodiscard]] const std::vector<yaml::Value>* under(const std::string& key) const;

 private:
  void collect(const std::string& key, const yaml::Value& value);
  std::vector<std::pair<std::string, std::vector<yaml::Value>>> by_key_;
};

/// One mutant of `seed`. The same state of `random` gives the same bytes.
Mutant mutate(const yaml::Value& seed, const Donors& donors, Random& random);

}  // namespace sluice::test
