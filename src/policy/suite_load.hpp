// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/declared.hpp"
#include "policy/exceptions.hpp"
#include "policy/suite.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace sluice::policy {

/// A policy of the suite, of whatever sort.
struct SuitePolicy {
  std::string name;
  PolicySort sort = PolicySort::none;
  std::string kind;
  std::optional<Policy> policy;  ///< of a classic one
  Value source;
};

struct SuiteObject {
  Object object;
  std::string key;  ///< "v1/Pod/default/web"
};

/// All that a suite names, read.
struct SuiteData {
  std::vector<Manifests> owners;
  Arena arena;
  std::vector<SuitePolicy> policies;
  std::vector<SuiteObject> objects;  ///< of duplicates the first
  std::vector<Value> duplicates;     ///< the others
  std::vector<SuiteObject> targets;
  std::vector<Object> world;  ///< objects, then targets
  std::vector<PolicyException> exceptions;
  std::vector<const PolicyException*> exception_list;  ///< the same
  Declared declared;
  ConfigMaps config_maps;  ///< of the declared cluster
  Values values;
  std::optional<UserInfo> user;
};

/// Errors: a file that cannot be read or is not what it should be.
Result<SuiteData> load_suite(const Suite& suite);

/// Objects of a file, as the suite's own are read. Errors: as above.
Result<std::vector<Object>> load_objects(const std::string& path, SuiteData& data);

std::string key_of(const Object& object);

}  // namespace sluice::policy
