// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "policy/pattern.hpp"

#include <algorithm>
#include <compare>

namespace sluice::policy {

namespace {

bool holds(Compare compare, std::strong_ordering order) {
  switch (compare) {
    case Compare::equal:
      return order == 0;
    case Compare::not_equal:
      return order != 0;
    case Compare::less:
      return order < 0;
    case Compare::less_or_equal:
      return order <= 0;
    case Compare::greater:
      return order > 0;
    case Compare::greater_or_equal:
      return order >= 0;
  }
  return false;
}

/// A value as durations and quantities see it: nothing for booleans, mappings and lists; "0" for
/// null.
std::optional<std::string> operand_text(const Value& value) {
  switch (value.type()) {
    case Type::null:
      return "0";
    case Type::string:
      return std::string(value.as_string());
    case Type::number:
      return float_f(value.as_number());
    default:
      return std::nullopt;
  }
}

bool matches_as_string(const Value& value, const Operand& operand) {
  if (operand.compare != Compare::equal && operand.compare != Compare::not_equal) {
    return false;
  }
  std::string text;
  switch (value.type()) {
    case Type::string:
      break;
    case Type::number:
      text = float_e(value.as_number());
      break;
    case Type::boolean:
      text = value.as_boolean() ? "true" : "false";
      break;
    default:
      return false;  // null never fits a string, not even "!x"
  }
  const bool fits =
      text::wildcard_match(operand.text, value.is(Type::string) ? value.as_string() : text);
  return fits == (operand.compare == Compare::equal);
}

bool matches_operand(const Value& value, const Operand& operand) {
  if (operand.duration || operand.quantity) {
    if (const auto text = operand_text(value)) {
      if (const auto duration = operand.duration ? parse_duration(*text) : std::nullopt) {
        return holds(operand.compare, *duration <=> *operand.duration);
      }
      if (operand.quantity) {
        if (const auto quantity = k8s::parse_quantity(*text)) {
          return holds(operand.compare, *quantity <=> *operand.quantity);
        }
      }
    }
  }
  return matches_as_string(value, operand);
}

bool matches_number(const Value& value, double wanted) {
  if (value.is(Type::string)) {
    const auto number = parse_float(value.as_string());
    return number && *number == wanted;
  }
  return value.is(Type::number) && value.as_number() == wanted;
}

bool matches_null(const Value& value) {
  switch (value.type()) {
    case Type::null:
      return true;
    case Type::boolean:
      return !value.as_boolean();
    case Type::number:
      return value.as_number() == 0;
    case Type::string:
      return value.as_string().empty();
    default:
      return false;
  }
}

}  // namespace

bool matches_text(const Value& value, const Pattern& text_pattern) {
  if (value.is(Type::string) && value.as_string() == text_pattern.source.as_string()) {
    return true;
  }
  return std::any_of(text_pattern.alternatives.begin(), text_pattern.alternatives.end(),
                     [&](const Conjunction& all) {
                       const auto fits = [&](const Operand& operand) {
                         return matches_operand(value, operand);
                       };
                       return std::all_of(all.all.begin(), all.all.end(), fits) &&
                              std::all_of(all.outside.begin(), all.outside.end(),
                                          [&](std::span<const Operand> ends) {
                                            return std::any_of(ends.begin(), ends.end(), fits);
                                          });
                     });
}

bool matches_scalar(const Value& value, const Pattern& pattern) {
  switch (pattern.kind) {
    case Pattern::Kind::boolean:
      return value.is(Type::boolean) && value.as_boolean() == pattern.source.as_boolean();
    case Pattern::Kind::number:
      return matches_number(value, pattern.source.as_number());
    case Pattern::Kind::null:
      return matches_null(value);
    default:
      return matches_text(value, pattern);
  }
}

}  // namespace sluice::policy
