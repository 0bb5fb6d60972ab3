// SPDX-License-Identifier: Apache-2.0
#include "jmespath/functions.hpp"

#include "jmespath/expression.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <vector>

namespace sluice::jmespath {

namespace {

using Arguments = std::span<const Value>;

Outcome give(Value& out, const Value& value) {
  out = value;
  return Outcome::ok;
}

std::size_t code_points(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
  }));
}

Outcome fn_abs(Evaluation&, Arguments a, Value& out) {
  return give(out, Value::number(std::fabs(a[0].as_number())));
}
Outcome fn_ceil(Evaluation&, Arguments a, Value& out) {
  return give(out, Value::number(std::ceil(a[0].as_number())));
}
Outcome fn_floor(Evaluation&, Arguments a, Value& out) {
  return give(out, Value::number(std::floor(a[0].as_number())));
}

double total(const Value& numbers) {
  double sum = 0;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    sum += numbers.at(i).as_number();
  }
  return sum;
}

Outcome fn_sum(Evaluation&, Arguments a, Value& out) {
  return give(out, Value::number(total(a[0])));
}

Outcome fn_avg(Evaluation&, Arguments a, Value& out) {
  return give(out, a[0].size() == 0
                       ? Value()
                       : Value::number(total(a[0]) / static_cast<double>(a[0].size())));
}

Outcome fn_contains(Evaluation&, Arguments a, Value& out) {
  bool found = false;
  if (a[0].is(Type::string)) {
    found =
        a[1].is(Type::string) && a[0].as_string().find(a[1].as_string()) != std::string_view::npos;
  }
  for (std::size_t i = 0; i < a[0].size() && !found; ++i) {
    found = equal(a[0].at(i), a[1]);
  }
  return give(out, Value::boolean(found));
}

Outcome fn_starts_with(Evaluation&, Arguments a, Value& out) {
  return give(out, Value::boolean(a[0].as_string().starts_with(a[1].as_string())));
}

Outcome fn_ends_with(Evaluation&, Arguments a, Value& out) {
  return give(out, Value::boolean(a[0].as_string().ends_with(a[1].as_string())));
}

Outcome fn_join(Evaluation& evaluation, Arguments a, Value& out) {
  std::string text;
  for (std::size_t i = 0; i < a[1].size(); ++i) {
    text += i == 0 ? std::string_view() : a[0].as_string();
    text += a[1].at(i).as_string();
  }
  return give(out, make_string(evaluation.arena(), text));
}

Outcome fn_keys(Evaluation& evaluation, Arguments a, Value& out) {
  const auto members = sorted_members(evaluation.arena(), a[0]);
  const auto keys = evaluation.arena().array<Value>(members.size());
  std::transform(members.begin(), members.end(), keys.begin(),
                 [](const Member& m) { return Value::string(m.key); });
  return give(out, Value::array(keys));
}

Outcome fn_values(Evaluation& evaluation, Arguments a, Value& out) {
  const auto members = sorted_members(evaluation.arena(), a[0]);
  const auto values = evaluation.arena().array<Value>(members.size());
  std::transform(members.begin(), members.end(), values.begin(),
                 [](const Member& m) { return m.value; });
  return give(out, Value::array(values));
}

Outcome fn_length(Evaluation&, Arguments a, Value& out) {
  const std::size_t length = a[0].is(Type::string) ? code_points(a[0].as_string()) : a[0].size();
  return give(out, Value::number(static_cast<double>(length)));
}

Outcome fn_map(Evaluation& evaluation, Arguments a, Value& out) {
  const auto mapped = evaluation.arena().array<Value>(a[1].size());
  for (std::size_t i = 0; i < mapped.size(); ++i) {
    const Outcome outcome = evaluation.execute(a[0].as_expression(), a[1].at(i), mapped[i]);
    if (outcome == Outcome::error) {
      return outcome;
    }
    if (outcome == Outcome::unknown_key) {
      mapped[i] = Value();
    }
  }
  return give(out, Value::array(mapped));
}

bool less(const Value& a, const Value& b) {
  return a.is(Type::number) ? a.as_number() < b.as_number() : a.as_string() < b.as_string();
}

Outcome fn_max(Evaluation&, Arguments a, Value& out) {
  out = Value();
  for (std::size_t i = 0; i < a[0].size(); ++i) {
    const Value value = a[0].at(i);
    out = i == 0 || less(out, value) ? value : out;
  }
  return Outcome::ok;
}

Outcome fn_min(Evaluation&, Arguments a, Value& out) {
  out = Value();
  for (std::size_t i = 0; i < a[0].size(); ++i) {
    const Value value = a[0].at(i);
    out = i == 0 || less(value, out) ? value : out;
  }
  return Outcome::ok;
}

struct Keyed {
  Value key;
  Value element;
};

/// What `expression` gives for each element; all numbers or all strings.
Outcome keyed(Evaluation& evaluation,
              const Value& array,
              const Value& expression,
              std::vector<Keyed>& out) {
  for (std::size_t i = 0; i < array.size(); ++i) {
    Keyed next{.key = Value(), .element = array.at(i)};
    if (evaluation.execute(expression.as_expression(), next.element, next.key) == Outcome::error) {
      return Outcome::error;
    }
    const bool comparable = next.key.is(Type::number) || next.key.is(Type::string);
    if (!comparable || (!out.empty() && next.key.type() != out.front().key.type())) {
      return evaluation.fail("the expression must give numbers only, or strings only");
    }
    out.push_back(next);
  }
  return Outcome::ok;
}

Outcome fn_max_by(Evaluation& evaluation, Arguments a, Value& out) {
  std::vector<Keyed> all;
  if (const Outcome outcome = keyed(evaluation, a[0], a[1], all); outcome != Outcome::ok) {
    return outcome;
  }
  const auto best = std::max_element(
      all.begin(), all.end(), [](const Keyed& x, const Keyed& y) { return less(x.key, y.key); });
  return give(out, best == all.end() ? Value() : best->element);
}

Outcome fn_min_by(Evaluation& evaluation, Arguments a, Value& out) {
  std::vector<Keyed> all;
  if (const Outcome outcome = keyed(evaluation, a[0], a[1], all); outcome != Outcome::ok) {
    return outcome;
  }
  const auto best = std::min_element(
      all.begin(), all.end(), [](const Keyed& x, const Keyed& y) { return less(x.key, y.key); });
  return give(out, best == all.end() ? Value() : best->element);
}

Outcome fn_sort_by(Evaluation& evaluation, Arguments a, Value& out) {
  std::vector<Keyed> all;
  if (const Outcome outcome = keyed(evaluation, a[0], a[1], all); outcome != Outcome::ok) {
    return outcome;
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const Keyed& x, const Keyed& y) { return less(x.key, y.key); });
  const auto sorted = evaluation.arena().array<Value>(all.size());
  std::transform(all.begin(), all.end(), sorted.begin(), [](const Keyed& k) { return k.element; });
  return give(out, Value::array(sorted));
}

std::span<Value> elements(Evaluation& evaluation, const Value& array) {
  const auto own = evaluation.arena().array<Value>(array.size());
  for (std::size_t i = 0; i < own.size(); ++i) {
    own[i] = array.at(i);
  }
  return own;
}

Outcome fn_sort(Evaluation& evaluation, Arguments a, Value& out) {
  const auto sorted = elements(evaluation, a[0]);
  std::stable_sort(sorted.begin(), sorted.end(), less);
  return give(out, Value::array(sorted));
}

Outcome fn_reverse(Evaluation& evaluation, Arguments a, Value& out) {
  if (a[0].is(Type::array)) {
    const auto reversed = elements(evaluation, a[0]);
    std::reverse(reversed.begin(), reversed.end());
    return give(out, Value::array(reversed));
  }
  const auto text = a[0].as_string();
  std::string reversed;
  for (std::size_t end = text.size(); end > 0;) {
    std::size_t start = end - 1;
    while (start > 0 && (static_cast<unsigned char>(text[start]) & 0xC0U) == 0x80U) {
      --start;
    }
    reversed += text.substr(start, end - start);
    end = start;
  }
  return give(out, make_string(evaluation.arena(), reversed));
}

Outcome fn_merge(Evaluation& evaluation, Arguments a, Value& out) {
  std::vector<Member> members;
  for (const auto& object : a) {
    for (std::size_t i = 0; i < object.size(); ++i) {
      members.push_back({object.key_at(i), object.member_at(i)});
    }
  }
  return give(out, make_object(evaluation.arena(), members));
}

Outcome fn_not_null(Evaluation&, Arguments a, Value& out) {
  const auto found = std::find_if(a.begin(), a.end(), [](const Value& v) { return !v.is_null(); });
  return give(out, found == a.end() ? Value() : *found);
}

Outcome fn_to_array(Evaluation& evaluation, Arguments a, Value& out) {
  return give(out, a[0].is(Type::array) ? a[0] : make_array(evaluation.arena(), a));
}

Outcome fn_to_string(Evaluation& evaluation, Arguments a, Value& out) {
  if (a[0].is(Type::string)) {
    return give(out, a[0]);
  }
  std::string text;
  append_json(a[0], text);
  return give(out, make_string(evaluation.arena(), text));
}

Outcome fn_to_number(Evaluation&, Arguments a, Value& out) {
  out = a[0].is(Type::number) ? a[0] : Value();
  if (a[0].is(Type::string)) {
    auto text = a[0].as_string();
    text.remove_prefix(text.starts_with('+') ? 1 : 0);
    double number = 0;
    const auto end = std::from_chars(text.data(), text.data() + text.size(), number);
    if (end.ec == std::errc() && end.ptr == text.data() + text.size()) {
      out = Value::number(number);
    }
  }
  return Outcome::ok;
}

Outcome fn_type(Evaluation&, Arguments a, Value& out) {
  return give(out, Value::string(name(a[0].type())));
}

constexpr unsigned comparable_arrays = accept_numbers | accept_strings;

constexpr Function functions[] = {
    {"abs", 1, false, {accept_number}, fn_abs},
    {"avg", 1, false, {accept_numbers}, fn_avg},
    {"ceil", 1, false, {accept_number}, fn_ceil},
    {"contains", 2, false, {accept_array | accept_string, accept_any}, fn_contains},
    {"ends_with", 2, false, {accept_string, accept_string}, fn_ends_with},
    {"floor", 1, false, {accept_number}, fn_floor},
    {"join", 2, false, {accept_string, accept_strings}, fn_join},
    {"keys", 1, false, {accept_object}, fn_keys},
    {"length", 1, false, {accept_string | accept_array | accept_object}, fn_length},
    {"map", 2, false, {accept_reference, accept_array}, fn_map},
    {"max", 1, false, {comparable_arrays}, fn_max},
    {"max_by", 2, false, {accept_array, accept_reference}, fn_max_by},
    {"merge", 1, true, {accept_object}, fn_merge},
    {"min", 1, false, {comparable_arrays}, fn_min},
    {"min_by", 2, false, {accept_array, accept_reference}, fn_min_by},
    {"not_null", 1, true, {accept_any}, fn_not_null},
    {"reverse", 1, false, {accept_array | accept_string}, fn_reverse},
    {"sort", 1, false, {comparable_arrays}, fn_sort},
    {"sort_by", 2, false, {accept_array, accept_reference}, fn_sort_by},
    {"starts_with", 2, false, {accept_string, accept_string}, fn_starts_with},
    {"sum", 1, false, {accept_numbers}, fn_sum},
    {"to_array", 1, false, {accept_any}, fn_to_array},
    {"to_number", 1, false, {accept_any}, fn_to_number},
    {"to_string", 1, false, {accept_any}, fn_to_string},
    {"type", 1, false, {accept_any}, fn_type},
    {"values", 1, false, {accept_object}, fn_values},
};

}  // namespace

void FunctionTable::add(std::span<const Function> functions_to_add) {
  for (const auto& function : functions_to_add) {
    by_name_[function.name] = &function;
  }
}

const Function* FunctionTable::find(std::string_view name) const {
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? nullptr : found->second;
}

std::span<const Function> standard_functions() {
  return functions;
}

}  // namespace sluice::jmespath
