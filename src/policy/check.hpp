// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/evaluate.hpp"

#include <functional>
#include <optional>

namespace sluice::policy {

/// One rule that applies, on one object: context, preconditions, then the check itself. Context is
/// built only when something asks for it, so that a plain pattern costs none.
class Checker {
 public:
  using Fill = std::function<void(Context&)>;

  Checker(Arena& arena,
          ExpressionCache& cache,
          const Request& request,
          const Policy& policy,
          const Rule& rule,
          Operation operation,
          Fill fill)
      : arena_(arena),
        cache_(cache),
        request_(request),
        policy_(policy),
        rule_(rule),
        operation_(operation),
        fill_(std::move(fill)) {}

  RuleResult run();

 private:
  /// The parts that a rule and an element of foreach have in common.
  RuleResult checked(const Conditions& preconditions,
                     const Check& check,
                     const Value* element,
                     int nesting);
  RuleResult deny(const Check& check);
  RuleResult patterns(const Check& check, const Value& target);
  RuleResult any_pattern(const Check& check, const Value& target);
  RuleResult pod_security(const Check& check, std::span<const PolicyException* const> exceptions);

  /// The exceptions that cover this rule and take in the object.
  std::vector<const PolicyException*> exceptions();
  static RuleResult excepted(std::span<const PolicyException* const> by, std::string_view words);
  RuleResult foreach (const Check& check, int nesting);
  /// Nothing: no element was applied. Else the result that ends the rule, or pass.
  std::optional<RuleResult> elements(const ForEach& loop,
                                     const Value& list,
                                     int nesting,
                                     std::size_t& applied);
  bool compiled(const Check& check, std::size_t i, CompiledPattern& out, Failure& failure);

  Context& context();
  void defer(const std::vector<ContextEntry>& entries);
  bool load_variable(const ContextEntry& entry, Context& context, Value& out, Failure& failure);
  bool load_config_map(const ContextEntry& entry, Context& context, Value& out, Failure& failure);

  RuleResult failed(std::string_view extra_message, const Mismatch* why);
  static RuleResult ended(RuleStatus status, std::string message);
  static RuleResult error(std::string_view step, const Failure& failure);

  Arena& arena_;
  ExpressionCache& cache_;
  const Request& request_;
  const Policy& policy_;
  const Rule& rule_;
  Operation operation_;
  Fill fill_;
  std::optional<Context> context_;
};

}  // namespace sluice::policy
