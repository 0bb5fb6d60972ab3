// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/evaluate.hpp"
#include "policy/load.hpp"

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

/// Generate rules, as far as Kyverno's CLI runs them: against a stand-in for a cluster that holds
/// the object that sets the rule off and the sources to clone.
/// Source: https://kyverno.io/docs/policy-types/cluster-policy/generate/ and the behaviour of
/// Kyverno 1.19.
namespace sluice::policy {

/// One thing to make: apiVersion, kind, namespace, name and one of data, clone and cloneList.
struct GenerateLoop {
  std::string list;
  std::vector<ContextEntry> context;
  Conditions preconditions;
  Template pattern;
};

struct Generation {
  Template pattern;
  std::vector<GenerateLoop> loops;  ///< instead of the pattern
};

/// Reads the `generate` of a rule; what is wrong goes to the loader's problems.
std::shared_ptr<const Generation> load_generation(Loader& loader, const Value& rule);

/// Sources to clone, by the name of the rule; those of a rule that clones nothing do no harm.
using CloneSources = std::map<std::string, std::vector<Value>, std::less<>>;

/// One result for each generate rule that applies (pass, skip, error; fail when the object goes),
/// and for each mutate rule with targets. What a rule makes is in RuleResult::made: nothing for any
/// rule of the policy if one of them fails to make what it should.
std::vector<RuleResult> generate(Evaluator& evaluator,
                                 const Policy& policy,
                                 std::span<const Rule* const> rules,
                                 const Request& request,
                                 const CloneSources& sources);

}  // namespace sluice::policy
