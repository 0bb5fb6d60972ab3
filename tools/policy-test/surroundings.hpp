// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy-test/judge.hpp"

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sluice::policy_test {

/// What the objects of an environment tell the policies: labels of namespaces, ConfigMaps, kinds
/// without a namespace.
struct Surroundings {
  std::set<std::pair<std::string_view, std::string_view>>
      cluster_scoped;  ///< group and kind, of CRDs
  std::map<std::string, policy::Labels, std::less<>> namespaces;
  policy::ConfigMaps config_maps;
  policy::Declared cluster;  ///< what apiCall entries ask; empty when no policy asks
  std::vector<const policy::PolicyException*> exceptions;  ///< of the stream, and those given
};
using ByEnvironment = std::map<std::string, Surroundings, std::less<>>;

/// By the name of the environment; empty for streams of other tools. What it gives points into the
/// job's input.
ByEnvironment surroundings(const Job& job);

}  // namespace sluice::policy_test
