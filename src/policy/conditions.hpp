// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/variables.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::policy {

enum class ConditionOperator : std::uint8_t {
  equals,
  not_equals,
  in,  ///< deprecated, as is not_in
  not_in,
  any_in,
  all_in,
  any_not_in,
  all_not_in,
  greater,
  greater_or_equal,
  less,
  less_or_equal,
  duration_greater,
  duration_greater_or_equal,
  duration_less,
  duration_less_or_equal,
};

/// The operator by its exact name ("AnyIn"); "Equal" and "NotEqual" are old names.
std::optional<ConditionOperator> parse_operator(std::string_view name);
/// All names, for suggestions.
std::vector<std::string_view> operator_names();

/// Whether `key operator value` holds. Types that do not fit the operator make it false, as Kyverno
/// has it. Errors: error (a list with something else than strings under the deprecated In and
/// NotIn).
bool holds(
    ConditionOperator op, const Value& key, const Value& value, bool& result, Failure& failure);

struct Condition {
  Template key;
  Template value;
  ConditionOperator op = ConditionOperator::equals;
  std::string_view message;
  Value source;
};

/// `any` of these (when given) and `all` of those.
struct ConditionBlock {
  bool has_any = false;
  std::vector<Condition> any;
  std::vector<Condition> all;
};

/// Preconditions, or what denies. Blocks are joined by "and"; none at all holds.
struct Conditions {
  std::vector<ConditionBlock> blocks;
};

struct ConditionsResult {
  bool holds = false;
  std::string message;  ///< the messages of the conditions that decided, "; " between
};

/// False: a variable has no value. Evaluation stops at the first condition that decides.
bool evaluate(const Conditions& conditions,
              Context& context,
              ConditionsResult& result,
              Failure& failure);

}  // namespace sluice::policy
