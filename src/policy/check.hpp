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

  /// What expressions see; made when first asked for.
  Context& context();
  /// Entries that are loaded when an expression first mentions them.
  void defer(const std::vector<ContextEntry>& entries);
  /// Nothing when the conditions hold, else skip or error.
  std::optional<RuleResult> stopped_by(const Conditions& preconditions);
  /// Skip, when PolicyExceptions let the object pass.
  std::optional<RuleResult> exempted();
  static RuleResult ended(RuleStatus status, std::string message);
  static RuleResult error(std::string_view step, const Failure& failure);

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

  RuleResult manifests(const Check& check);
  RuleResult images(const Check& check);
  /// The images that the rule is about; a result when there is nothing to ask of them.
  std::optional<RuleResult> find_rule_images(std::vector<FoundImage>& found);

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

  bool load_variable(const ContextEntry& entry, Context& context, Value& out, Failure& failure);
  bool load_api_call(const ContextEntry& entry, Context& context, Value& out, Failure& failure);
  bool load_global(const ContextEntry& entry, Context& context, Value& out, Failure& failure);
  /// The entry's jmesPath applied to what was fetched.
  bool through_path(
      const ContextEntry& entry, Context& context, const Value& data, Value& out, Failure& failure);
  /// Kyverno's CLI asks for declared answers at once: one that is a failure ends the rule.
  std::optional<RuleResult> load_answers();
  std::optional<RuleResult> without_images();
  bool load_config_map(const ContextEntry& entry, Context& context, Value& out, Failure& failure);

  RuleResult failed(std::string_view extra_message, const Mismatch* why);

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
