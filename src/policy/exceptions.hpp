// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/policy.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::policy {

/// A PolicyException (kyverno.io/v2, v2beta1): objects that rules of policies let pass.
struct PolicyException {
  struct Covered {
    std::string policy;              ///< its name, or namespace/name of a Policy
    std::vector<std::string> rules;  ///< wildcards; a rule of autogen must be named as such
  };

  std::string name, name_space;
  std::string environment;  ///< one from the stream concerns objects of its own environment only
  bool from_stream = false;
  std::vector<Covered> covered;
  FilterBlock match;
  Conditions conditions;
  std::vector<PodExclusion> pod_security;  ///< controls, for rules with podSecurity
  std::vector<Problem> problems;           ///< with any of them it excepts nothing
  Value source;

  std::shared_ptr<const void> document_owner;  ///< keeps the manifest alive
  std::shared_ptr<Arena> arena;
  std::shared_ptr<ExpressionStore> expressions;

  [[nodiscard]] bool covers(const Policy& policy, const Rule& rule) const;
  /// "namespace/name", or the name.
  [[nodiscard]] std::string key() const;
};

bool is_exception(const Value& object);

/// Reads and compiles one. Never fails: what is wrong is in `problems`.
PolicyException compile_exception(const Value& object, std::shared_ptr<const void> document_owner);

}  // namespace sluice::policy
