// SPDX-License-Identifier: Apache-2.0
#include "policy-test/changes.hpp"

#include "policy/generate.hpp"
#include "policy/mutate.hpp"

#include <algorithm>

namespace sluice::policy_test {

namespace {

using Rules = std::vector<const policy::Rule*>;

template <class Fits>
Rules those(std::span<const policy::Rule* const> rules, const Fits& fits) {
  Rules found;
  std::copy_if(rules.begin(), rules.end(), std::back_inserter(found),
               [&](const policy::Rule* rule) { return fits(*rule); });
  return found;
}

}  // namespace

ChangeResults change_object(policy::Evaluator& evaluator,
                            std::span<const Concerned> policies,
                            policy::Request& request) {
  ChangeResults all;
  for (const auto& concerned : policies) {
    const Rules rules = those(concerned.rules, [](const policy::Rule& rule) {
      return rule.mutation != nullptr && rule.mutation->targets.empty();
    });
    if (rules.empty()) {
      continue;
    }
    auto mutated = policy::mutate(evaluator, *concerned.policy, rules, request, {});
    const bool passed =
        std::any_of(mutated.results.begin(), mutated.results.end(),
                    [](const auto& result) { return result.status == policy::RuleStatus::pass; });
    if (passed && !mutated.object.value.is_null()) {
      request.object = mutated.object;
      all.changed = true;
    }
    std::move(mutated.results.begin(), mutated.results.end(), std::back_inserter(all.results));
  }
  return all;
}

ChangeResults try_generating(policy::Evaluator& evaluator,
                             std::span<const Concerned> policies,
                             const policy::Request& request) {
  ChangeResults all;
  for (const auto& concerned : policies) {
    const Rules rules =
        those(concerned.rules, [](const policy::Rule& rule) { return rule.generation != nullptr; });
    if (!rules.empty()) {
      auto results = policy::generate(evaluator, *concerned.policy, rules, request, {});
      std::move(results.begin(), results.end(), std::back_inserter(all.results));
    }
  }
  return all;
}

}  // namespace sluice::policy_test
