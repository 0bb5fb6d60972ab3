// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/conditions.hpp"
#include "policy/images.hpp"
#include "policy/match.hpp"
#include "policy/pattern.hpp"
#include "policy/pod_security.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

/// Kyverno's classic policies (kyverno.io/v1 ClusterPolicy and Policy), read strictly and compiled
/// once.
///
/// Nothing of a policy is passed over in silence: what Kyverno itself would refuse is a Problem
/// `invalid`, what Kyverno can do and this engine cannot is a Problem `unsupported`, and neither
/// kind of rule ever counts as passed.
namespace sluice::policy {

/// The version of Kyverno that the engine answers for.
inline constexpr std::string_view kyverno_version = "1.19";

enum class Action : std::uint8_t { audit, enforce };

/// The action for some namespaces.
struct ActionOverride {
  Action action = Action::audit;
  std::vector<std::string> namespaces;
  std::optional<LabelSelector> namespace_selector;
};

struct ContextEntry {
  enum class Kind : std::uint8_t { variable, config_map, api_call, global, external };
  Kind kind = Kind::variable;
  std::string name;
  std::optional<Template> value, jmespath, fallback;
  Template config_map_name, config_map_namespace;
  std::string feature;  ///< of the last three: "apiCall", "globalReference", "imageRegistry"
  Template reference;   ///< the URL, the name or the image that they ask for
  std::string method;   ///< of an apiCall; empty: GET
};

/// Of verifyImages: what is asked of images that fit a wildcard.
struct ImageCheck {
  std::vector<std::string> references;
  bool verify_digest = true;
  bool required = true;  ///< somebody must have verified it
};

struct ForEach;
struct SignedManifest;  // signed_manifest.hpp

/// What a rule demands, of the whole object or of an element.
struct Check {
  enum class Kind : std::uint8_t {
    none,
    pattern,
    any_pattern,
    deny,
    foreach,
    pod_security,
    images,
    manifests
  };
  Kind kind = Kind::none;
  std::vector<Template> patterns;  ///< one for pattern, several for anyPattern
  std::vector<std::optional<CompiledPattern>> compiled;  ///< of those without variables
  Conditions deny;
  std::vector<ForEach> loops;
  std::optional<PodSecurity> pod_security;
  std::vector<ImageCheck> images;
  std::shared_ptr<const SignedManifest> manifests;  ///< of validate.manifests
};

struct ForEach {
  std::string list;
  std::optional<bool> element_scope;
  std::vector<ContextEntry> context;
  Conditions preconditions;
  Check check;
};

struct Mutation;    // mutate.hpp
struct Generation;  // generate.hpp

struct Rule {
  std::string name;       ///< "autogen-..." for rules that autogen made
  std::string base_name;  ///< as it is written in the policy
  FilterBlock match, exclude;
  std::vector<ContextEntry> context;
  Conditions preconditions;
  Check check;
  std::optional<Template> message;
  std::map<std::string, std::vector<ImageExtractor>, std::less<>> extractors;  ///< by kind
  Action action = Action::audit;
  std::vector<ActionOverride> overrides;
  Value source;                                  ///< the rule as written
  bool supported = false;                        ///< it has a check that can be evaluated
  std::shared_ptr<const Mutation> mutation;      ///< of a mutate rule
  std::shared_ptr<const Generation> generation;  ///< of a generate rule

  /// The rule makes or changes objects; it gives no verdict on any.
  [[nodiscard]] bool changes() const { return mutation != nullptr || generation != nullptr; }
};

/// Something that keeps a policy, or one rule of it, from being judged.
struct Problem {
  enum class Kind : std::uint8_t { invalid, unsupported };
  Kind kind = Kind::invalid;
  std::string rule;  ///< empty: the policy as a whole
  std::string
      message;  ///< invalid: what is wrong; unsupported: the feature ("validate.cel"). Printable.
  std::string hint;
  Value at;
};

struct Policy {
  std::string name;
  std::string name_space;   ///< of a Policy; empty for a ClusterPolicy
  std::string environment;  ///< a policy from the stream judges objects of its own environment only
  bool cluster_wide = true;
  bool from_pack = false;
  bool from_stream = false;
  bool first_rule_only = false;  ///< applyRules: One
  bool scored = true;
  std::vector<Rule> rules;               ///< as written
  std::vector<Rule> generated;           ///< by autogen, for `controllers`
  std::vector<std::string> controllers;  ///< kinds that autogen is on for
  std::vector<Problem> problems;
  Value source;

  std::shared_ptr<const void> document_owner;  ///< keeps the manifest alive
  std::shared_ptr<Arena> arena;
  std::shared_ptr<ExpressionStore> expressions;

  [[nodiscard]] bool is_invalid() const;
  /// It has rules that change or make objects.
  [[nodiscard]] bool changes() const;
  /// Rules for an object of this kind, in the order of evaluation.
  [[nodiscard]] std::vector<const Rule*> rules_for(std::string_view kind) const;
};

/// Whether this is a policy at all, and of which sort.
enum class PolicySort : std::uint8_t {
  none,
  classic,  ///< ClusterPolicy, Policy
  other,  ///< of Kyverno or Kubernetes, and decides over objects, but not built: ValidatingPolicy,
          ///< CEL policies ...
};
PolicySort sort_of(const Value& object);

/// Reads and compiles one classic policy. Never fails: what is wrong is in `problems`.
Policy compile_policy(const Value& object, std::shared_ptr<const void> document_owner);

}  // namespace sluice::policy
