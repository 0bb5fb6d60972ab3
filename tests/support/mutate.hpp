// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>

#include <map>
#include <random>
#include <string>
#include <vector>

namespace sluice::test {

/// Random changes to Kubernetes objects, the same for the same seed on every machine.
class Mutator {
 public:
  explicit Mutator(unsigned seed) : random_(seed) {}

  /// Takes the members of the object for grafting into others: what stands below the same key.
  void learn(const nlohmann::json& object);

  /// A copy with one to four changes below spec, data, labels and the like: members removed,
  /// replaced or grafted, elements doubled or dropped. apiVersion, kind, name and namespace stay.
  nlohmann::json changed(nlohmann::json object);

 private:
  std::size_t below(std::size_t end);  ///< 0 .. end-1; std distributions differ between libraries
  void learn_below(const std::string& key, const nlohmann::json& value, int depth);
  void change(nlohmann::json& object);
  void change_mapping(const std::string& key, nlohmann::json& mapping);
  void change_list(nlohmann::json& list);
  nlohmann::json other_than(const nlohmann::json& scalar);

  std::mt19937 random_;
  std::map<std::string, std::map<std::string, std::vector<nlohmann::json>>> seen_;
};

}  // namespace sluice::test
