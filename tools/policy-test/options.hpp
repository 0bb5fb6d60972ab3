// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/baseline.hpp"
#include "yaml/parse.hpp"

#include <string>
#include <vector>

namespace sluice::policy_test {

/// What the command line says.
struct Options {
  std::vector<std::string>
      policies;  ///< files, or folders of policies; with a kustomization they are built
  std::vector<std::string> packs;  ///< as policies.pack; empty: as sluice.yaml says
  std::string values;              ///< a file of kind Values
  std::string user_info;           ///< a file of kind UserInfo
  std::string answers;             ///< a file with apiCallResponses and globalContextEntries
  std::vector<std::string> exceptions;
  std::vector<std::string> suites;  ///< folders to search for kyverno-test.yaml
  std::string engine = "native";
  bool kyverno_compat = false;  ///< suites: count rows as the Kyverno CLI does
  bool stream_policies = true;  ///< policies among the objects are applied to the others
  bool allow_empty = false;
  cli::LivingWith living_with;
  yaml::Limits limits;  ///< of the objects
};

}  // namespace sluice::policy_test
