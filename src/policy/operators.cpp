// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "k8s/quantity.hpp"
#include "policy/conditions.hpp"
#include "policy/pattern.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace sluice::policy {

namespace {

using Op = ConditionOperator;

constexpr std::array<std::pair<std::string_view, Op>, 18> operators = {{
    {"Equal", Op::equals},
    {"Equals", Op::equals},
    {"NotEqual", Op::not_equals},
    {"NotEquals", Op::not_equals},
    {"In", Op::in},
    {"NotIn", Op::not_in},
    {"AnyIn", Op::any_in},
    {"AllIn", Op::all_in},
    {"AnyNotIn", Op::any_not_in},
    {"AllNotIn", Op::all_not_in},
    {"GreaterThan", Op::greater},
    {"GreaterThanOrEquals", Op::greater_or_equal},
    {"LessThan", Op::less},
    {"LessThanOrEquals", Op::less_or_equal},
    {"DurationGreaterThan", Op::duration_greater},
    {"DurationGreaterThanOrEquals", Op::duration_greater_or_equal},
    {"DurationLessThan", Op::duration_less},
    {"DurationLessThanOrEquals", Op::duration_less_or_equal},
}};

template <class T>
bool ordered(Op op, const T& a, const T& b) {
  switch (op) {
    case Op::greater:
    case Op::duration_greater:
      return a > b;
    case Op::greater_or_equal:
    case Op::duration_greater_or_equal:
      return a >= b;
    case Op::less:
    case Op::duration_less:
      return a < b;
    default:
      return a <= b;
  }
}

constexpr double second = 1e9;  // nanoseconds

/// A number as whole seconds, as Go converts a float64 to a Duration.
std::int64_t whole_seconds(double number) {
  constexpr double most = 9.2e9;  // seconds that 64 bits of nanoseconds hold
  return static_cast<std::int64_t>(std::trunc(std::clamp(number, -most, most))) *
         static_cast<std::int64_t>(second);
}

std::optional<std::int64_t> duration_of(const Value& value) {
  if (!value.is(Type::string) || value.as_string() == "0") {
    return std::nullopt;
  }
  return parse_duration(value.as_string());
}

/// Both sides as durations, when at least one is written as one and the other is a duration or a
/// number of seconds.
std::optional<std::pair<std::int64_t, std::int64_t>> durations(const Value& key,
                                                               const Value& value) {
  auto a = duration_of(key);
  auto b = duration_of(value);
  if (!a && !b) {
    return std::nullopt;
  }
  if (!a && key.is(Type::number)) {
    a = whole_seconds(key.as_number());
  }
  if (!b && value.is(Type::number)) {
    b = whole_seconds(value.as_number());
  }
  return a && b ? std::optional(std::pair(*a, *b)) : std::nullopt;
}

std::optional<k8s::Quantity> quantity_of(const Value& value) {
  if (!value.is(Type::string)) {
    return std::nullopt;
  }
  const auto quantity = k8s::parse_quantity(value.as_string());
  return quantity ? std::optional(*quantity) : std::nullopt;
}

bool strings_equal(const Value& key, const Value& value) {
  if (const auto both = durations(key, value)) {
    return both->first == both->second;
  }
  if (!value.is(Type::string)) {
    return false;
  }
  if (const auto a = quantity_of(key)) {
    const auto b = quantity_of(value);
    return b && *a == *b;
  }
  return text::wildcard_match(value.as_string(), key.as_string());  // the pattern is the value
}

/// Equals; NotEquals is its opposite except for null, for which both are false.
bool equals(const Value& key, const Value& value) {
  switch (key.type()) {
    case Type::boolean:
      return value.is(Type::boolean) && key.as_boolean() == value.as_boolean();
    case Type::number: {
      const auto number = value.is(Type::number)   ? std::optional(value.as_number())
                          : value.is(Type::string) ? parse_float(value.as_string())
                                                   : std::nullopt;
      return number && *number == key.as_number();
    }
    case Type::string:
      return strings_equal(key, value);
    case Type::array:
    case Type::object:
      return equal(key, value);
    default:
      return false;
  }
}

bool fits_range(const std::string& key, std::string_view range) {
  Arena arena;
  const auto pattern = compile_pattern(arena, Value::string(range));
  return matches_text(Value::string(key), *pattern.root);
}

/// Whether Kyverno takes a text for a range "a-b" here: one operand of the pattern language that is
/// one.
bool is_range(std::string_view text) {
  if (text.size() < 2 || std::string_view("<>!").find(text.front()) != std::string_view::npos) {
    return false;
  }
  Arena arena;
  const auto pattern = compile_pattern(arena, Value::string(text));
  const auto& alternatives = pattern.root->alternatives;
  return alternatives.size() == 1 && alternatives[0].outside.empty() &&
         alternatives[0].all.size() == 2 && text.find('&') == std::string_view::npos;
}

bool either_fits(const std::string& a, const std::string& b) {
  return text::wildcard_match(a, b) || text::wildcard_match(b, a);
}

std::vector<std::string> texts(const Value& list) {
  std::vector<std::string> all;
  for (std::size_t i = 0; i < list.size(); ++i) {
    all.push_back(go_text(list.at(i)));
  }
  return all;
}

/// The strings that a string value stands for: a JSON list, else itself. Nothing: JSON, but no list
/// of strings.
std::optional<std::vector<std::string>> texts_of_string(std::string_view text) {
  if (is_json(text)) {
    return json_strings(text);
  }
  return std::vector{std::string(text)};
}

/// Whether a single key is in the value; nothing when the value is no list and no string.
std::optional<bool> single_in(const std::string& key, const Value& value, Op op) {
  if (value.is(Type::array)) {
    const auto all = texts(value);
    return std::any_of(all.begin(), all.end(),
                       [&](const std::string& text) { return either_fits(text, key); });
  }
  if (!value.is(Type::string)) {
    return std::nullopt;
  }
  if (text::wildcard_match(value.as_string(), key)) {
    return true;
  }
  const bool deprecated = op == Op::in || op == Op::not_in;
  if (!deprecated && is_range(value.as_string())) {
    return fits_range(key, value.as_string());
  }
  const auto all =
      deprecated ? json_strings(value.as_string()) : texts_of_string(value.as_string());
  if (!all) {
    return std::nullopt;
  }
  return std::find(all->begin(), all->end(), key) != all->end();
}

bool list_in(Op op, const std::vector<std::string>& keys, const std::vector<std::string>& values) {
  const auto found = [&](const std::string& key) {
    return std::any_of(values.begin(), values.end(),
                       [&](const std::string& v) { return either_fits(key, v); });
  };
  switch (op) {
    case Op::any_in:
      return std::any_of(keys.begin(), keys.end(), found);
    case Op::all_in:
      return std::all_of(keys.begin(), keys.end(), found);
    case Op::any_not_in:
      return !std::all_of(keys.begin(), keys.end(), found);
    default:
      return std::none_of(keys.begin(), keys.end(), found);
  }
}

bool list_in_range(Op op, const std::vector<std::string>& keys, std::string_view range) {
  const auto inside = [&](const std::string& key) { return fits_range(key, range); };
  switch (op) {
    case Op::any_in:
      return std::any_of(keys.begin(), keys.end(), inside);
    case Op::all_in:
      return std::all_of(keys.begin(), keys.end(), inside);
    case Op::all_not_in:
      return std::none_of(keys.begin(), keys.end(), inside);
    default:
      break;
  }
  // AnyNotIn: the first '-' becomes "!-", which for a range below zero is no range any more.
  std::string outside(range);
  outside.replace(outside.find('-'), 1, "!-");
  return std::any_of(keys.begin(), keys.end(),
                     [&](const std::string& key) { return fits_range(key, outside); });
}

bool list_membership(Op op, const std::vector<std::string>& keys, const Value& value) {
  const bool any = op == Op::any_in || op == Op::any_not_in;
  if (value.is(Type::array)) {
    return list_in(op, keys, texts(value));
  }
  if (any && (value.is(Type::number) || value.is(Type::boolean))) {
    return list_in(op, keys, {go_text(value)});
  }
  if (!value.is(Type::string)) {
    return false;
  }
  const auto text = value.as_string();
  if (keys.size() == 1 && keys[0] == text) {
    return op == Op::any_in || op == Op::all_in;
  }
  if (is_range(text)) {
    return list_in_range(op, keys, text);
  }
  const auto all = texts_of_string(text);
  return all && list_in(op, keys, *all);
}

/// In and NotIn over a list: exact words.
bool deprecated_membership(
    Op op, const Value& keys, const Value& value, bool& result, Failure& failure) {
  const auto only_strings = [](const Value& list) {
    for (std::size_t i = 0; i < list.size(); ++i) {
      if (!list.at(i).is(Type::string)) {
        return false;
      }
    }
    return true;
  };
  if (!only_strings(keys)) {
    failure = {Failure::Kind::error, "In and NotIn take lists of strings only"};
    return false;
  }
  const auto wanted = texts(keys);
  std::optional<std::vector<std::string>> all;
  if (value.is(Type::array) && only_strings(value)) {
    all = texts(value);
  } else if (value.is(Type::string)) {
    if (wanted.size() == 1 && wanted[0] == value.as_string()) {
      result = true;  // for NotIn too
      return true;
    }
    all = json_strings(value.as_string());
  }
  const bool subset = all && std::all_of(wanted.begin(), wanted.end(), [&](const std::string& key) {
                        return std::find(all->begin(), all->end(), key) != all->end();
                      });
  result = all.has_value() && (subset == (op == Op::in));
  return true;
}

bool membership(Op op, const Value& key, const Value& value, bool& result, Failure& failure) {
  result = false;
  const bool negative = op == Op::not_in || op == Op::any_not_in || op == Op::all_not_in;
  if (key.is(Type::array)) {
    if (op == Op::in || op == Op::not_in) {
      return deprecated_membership(op, key, value, result, failure);
    }
    result = list_membership(op, texts(key), value);
  } else if (key.is(Type::string) || key.is(Type::number) || key.is(Type::boolean)) {
    const auto found = single_in(go_text(key), value, op);
    result = found && *found != negative;
  }
  return true;
}

bool number_against(Op op, double key, const Value& value) {
  if (value.is(Type::number)) {
    return ordered(op, key, value.as_number());
  }
  if (!value.is(Type::string)) {
    return false;
  }
  if (const auto both = durations(Value::number(key), value)) {
    return ordered(op, both->first, both->second);
  }
  const auto number = parse_float(value.as_string());
  return number && ordered(op, key, *number);
}

bool numeric(Op op, const Value& key, const Value& value) {
  if (key.is(Type::number)) {
    return number_against(op, key.as_number(), value);
  }
  if (!key.is(Type::string)) {
    return false;
  }
  if (const auto both = durations(key, value)) {
    return ordered(op, both->first, both->second);
  }
  const auto a = quantity_of(key);
  const auto b = quantity_of(value);
  if (a && b) {
    return ordered(op, *a, *b);
  }
  if (const auto number = parse_float(key.as_string())) {
    return number_against(op, *number, value);
  }
  const auto x = parse_semantic_version(key.as_string());
  const auto y = value.is(Type::string) ? parse_semantic_version(value.as_string()) : std::nullopt;
  return x && y && ordered(op, compare(*x, *y), 0);
}

bool duration_order(Op op, const Value& key, const Value& value) {
  const auto read = [](const Value& v) -> std::optional<std::int64_t> {
    if (v.is(Type::number)) {
      return whole_seconds(v.as_number());
    }
    return v.is(Type::string) ? parse_duration(v.as_string()) : std::nullopt;
  };
  const auto a = read(key);
  const auto b = read(value);
  return a && b && ordered(op, *a, *b);
}

}  // namespace

std::optional<ConditionOperator> parse_operator(std::string_view name) {
  for (const auto& [text, op] : operators) {
    if (text == name) {
      return op;
    }
  }
  return std::nullopt;
}

std::vector<std::string_view> operator_names() {
  std::vector<std::string_view> names;
  for (const auto& [text, op] : operators) {
    names.push_back(text);
  }
  return names;
}

bool holds(
    ConditionOperator op, const Value& key, const Value& value, bool& result, Failure& failure) {
  switch (op) {
    case Op::equals:
      result = equals(key, value);
      return true;
    case Op::not_equals:
      result = !key.is_null() && !equals(key, value);
      return true;
    case Op::in:
    case Op::not_in:
    case Op::any_in:
    case Op::all_in:
    case Op::any_not_in:
    case Op::all_not_in:
      return membership(op, key, value, result, failure);
    case Op::greater:
    case Op::greater_or_equal:
    case Op::less:
    case Op::less_or_equal:
      result = numeric(op, key, value);
      return true;
    default:
      result = duration_order(op, key, value);
      return true;
  }
}

}  // namespace sluice::policy
