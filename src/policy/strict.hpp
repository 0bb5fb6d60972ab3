// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/suite.hpp"

#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// What a run was told and nothing answers to: names that are misspelt, entries that nothing uses.
/// The Kyverno CLI is silent about all of it, and green.
namespace sluice::policy {

/// An object of the run by its names.
struct Seen {
  std::string_view kind, name, name_space, api_version;
};

/// policy/unused-value for each entry of a values file that no policy, rule or object of the run
/// uses, or that no policy mentions. `texts` holds the JSON of every policy of the run, of kinds
/// that cannot be judged too.
std::vector<diag::Finding> unused_values(const Values& values,
                                         std::span<const Policy* const> policies,
                                         std::span<const std::string> texts,
                                         std::span<const Seen> objects);

/// policy/unknown-kind: kinds of the policy's match and exclude that no Kubernetes kind and no
/// object of the run has, but nearly.
std::vector<diag::Finding> misspelt_kinds(const Policy& policy,
                                          const std::set<std::string_view>& kinds_seen);

/// policy/never-matched; with a kind of the run that is nearly one of the policy's.
diag::Finding never_matched(const Policy& policy, const std::set<std::string_view>& kinds_seen);

/// policy/unused-exception; with what it covers when that is nothing.
diag::Finding unused_exception(const PolicyException& exception, std::span<const Policy> policies);

/// A suite after its run.
struct SuiteFacts {
  const Suite& suite;
  std::span<const Policy* const> policies;  ///< the classic ones
  std::span<const std::string> texts;       ///< JSON of all policies
  std::span<const Seen> objects;            ///< with the targets that some rule changed
  std::span<const Seen> untouched;          ///< the other targets
  const Values& values;
  std::span<const Value> duplicates;         ///< objects that another of the same name comes before
  const std::set<const Policy*>& evaluated;  ///< policies with a result for any object
};

/// All of that for a suite, and rows that name what does not exist (policy/suite-unknown-name).
std::vector<diag::Finding> strict_findings(const SuiteFacts& facts);

/// Says in the row why no rule of the policy was evaluated on the object, and what would be.
void explain_excluded(const Expectation& expectation,
                      const Policy& policy,
                      const Object& object,
                      SuiteRow& row);

/// policy/suite-missing-path for each path of the suite that is not there.
std::vector<diag::Finding> missing_paths(const Suite& suite);

/// The rule of that name, with or without autogen's prefix; nullptr when there is none.
const Rule* rule_named(const Policy& policy, std::string_view name);

/// "; did you mean "x"?", or nothing.
std::string did_you_mean(std::string_view word, std::vector<std::string_view> candidates);

}  // namespace sluice::policy
