// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/evaluate.hpp"
#include "policy/load.hpp"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

/// Mutate rules: what an object becomes before it is judged.
/// Source: https://kyverno.io/docs/policy-types/cluster-policy/mutate/ and the behaviour of Kyverno
/// 1.19.
namespace sluice::policy {

/// patchStrategicMerge or, without one, patchesJson6902.
struct Patch {
  std::optional<Template> strategic, json;
};

struct MutateLoop {
  enum class Order : std::uint8_t { ascending, descending };
  std::string list;
  Order order = Order::ascending;
  std::vector<ContextEntry> context;
  Conditions preconditions;
  Patch patch;
  std::vector<MutateLoop> loops;  ///< instead of a patch
};

/// Other objects that a rule changes, instead of the one that sets it off.
struct MutateTarget {
  Template selector;  ///< apiVersion, kind, namespace, name, selector
  std::vector<ContextEntry> context;
  Conditions preconditions;
};

struct Mutation {
  Template rule;  ///< the whole rule: a variable without a value anywhere in it is an error
  bool has_patch = false;
  std::vector<MutateLoop> loops;
  std::vector<MutateTarget> targets;
};

/// Reads the `mutate` of a rule; what is wrong goes to the loader's problems.
std::shared_ptr<const Mutation> load_mutation(Loader& loader, const Value& rule);

/// Objects that a rule may look for, as Kyverno's CLI has them: those of the run.
using World = std::span<const Object>;

/// What became of an object when a policy's mutate rules had seen it, each what the one before
/// made.
struct Mutated {
  Object object;      ///< its value is null where Kyverno loses it: after an error, on DELETE
  bool known = true;  ///< false: some rule could not be evaluated, so that `object` is a guess
  std::vector<RuleResult> results;  ///< targets that were changed are in RuleResult::made
};
Mutated mutate(Evaluator& evaluator,
               const Policy& policy,
               std::span<const Rule* const> rules,
               const Request& request,
               World world);

/// Merges or patches one value. The result says pass, skip (nothing changed) or error.
struct PatchResult {
  RuleStatus status = RuleStatus::skip;
  std::string message;
  Value object;
};
PatchResult apply_strategic(Arena& arena, const Value& object, const Value& patch);
PatchResult apply_json(Arena& arena, const Value& object, std::string_view patch);

/// The plural that Kyverno's CLI guesses for a kind: "networkpolicies".
std::string guessed_plural(std::string_view kind);

}  // namespace sluice::policy
