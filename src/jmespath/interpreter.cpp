// SPDX-License-Identifier: Apache-2.0
#include "jmespath/ast.hpp"
#include "jmespath/expression.hpp"

#include <algorithm>
#include <vector>

namespace sluice::jmespath {

namespace {

/// Elements of an array, without a copy when an evaluation made it.
std::span<const Value> elements_of(Arena& arena, const Value& array) {
  const auto elements = arena.array<Value>(array.size());
  for (std::size_t i = 0; i < elements.size(); ++i) {
    elements[i] = array.at(i);
  }
  return elements;
}

/// An index from the end counts from -1; past either end it stops there.
std::int64_t capped(std::int64_t length, std::int64_t index, std::int64_t step) {
  if (index < 0) {
    index += length;
    return index >= 0 ? index : step < 0 ? -1 : 0;
  }
  return index < length ? index : step < 0 ? length - 1 : length;
}

}  // namespace

Outcome Evaluation::execute(const Node& node, const Value& current, Value& out) {
  switch (node.op) {
    case Op::identity:
    case Op::current:
      out = current;
      return Outcome::ok;
    case Op::field:
      return field(node, current, out);
    case Op::literal:
      out = node.literal;
      return Outcome::ok;
    case Op::index: {
      const auto length = static_cast<std::int64_t>(current.size());
      const std::int64_t index = node.slice[0] < 0 ? node.slice[0] + length : node.slice[0];
      const bool there = current.is(Type::array) && index >= 0 && index < length;
      out = there ? current.at(static_cast<std::size_t>(index)) : Value();
      return Outcome::ok;
    }
    case Op::slice:
      return slice(node, current, out);
    case Op::subexpression: {
      Value left;
      const Outcome outcome = execute(*node.children[0], current, left);
      return outcome == Outcome::ok ? execute(*node.children[1], left, out) : outcome;
    }
    case Op::projection:
    case Op::value_projection:
    case Op::filter:
      return project(node, current, out);
    case Op::flatten:
      return flatten(node, current, out);
    case Op::multiselect_list:
    case Op::multiselect_hash:
      return multiselect(node, current, out);
    case Op::key_value:
      return execute(*node.children[0], current, out);
    case Op::function:
      return call(node, current, out);
    case Op::reference:
      out = Value::expression(*node.children[0]);
      return Outcome::ok;
    case Op::either:
    case Op::both:
    case Op::negation:
      return logic(node, current, out);
    case Op::pipe: {
      Value left;
      const Outcome outcome = lenient(*node.children[0], current, left);
      return outcome == Outcome::ok ? lenient(*node.children[1], left, out) : outcome;
    }
    default:
      return compare(node, current, out);
  }
}

Outcome Evaluation::lenient(const Node& node, const Value& current, Value& out) {
  const Outcome outcome = execute(node, current, out);
  if (outcome != Outcome::unknown_key) {
    return outcome;
  }
  out = Value();
  return Outcome::ok;
}

Outcome Evaluation::field(const Node& node, const Value& current, Value& out) {
  const auto found = current.find(node.name);
  out = found.value_or(Value());
  if (!found && current.is(Type::object) && dialect_ == Dialect::kyverno) {
    error_ = "Unknown key \"" + std::string(node.name) + "\" in path";
    return Outcome::unknown_key;
  }
  return Outcome::ok;
}

Outcome Evaluation::compare(const Node& node, const Value& current, Value& out) {
  Value left;
  Value right;
  if (const Outcome outcome = lenient(*node.children[0], current, left); outcome != Outcome::ok) {
    return outcome;
  }
  if (const Outcome outcome = lenient(*node.children[1], current, right); outcome != Outcome::ok) {
    return outcome;
  }
  if (node.op == Op::equals || node.op == Op::not_equals) {
    out = Value::boolean(equal(left, right) == (node.op == Op::equals));
    return Outcome::ok;
  }
  if (!left.is(Type::number) || !right.is(Type::number)) {
    out = Value();
    return Outcome::ok;
  }
  const double a = left.as_number();
  const double b = right.as_number();
  switch (node.op) {
    case Op::less:
      out = Value::boolean(a < b);
      break;
    case Op::less_or_equal:
      out = Value::boolean(a <= b);
      break;
    case Op::greater:
      out = Value::boolean(a > b);
      break;
    default:
      out = Value::boolean(a >= b);
      break;
  }
  return Outcome::ok;
}

Outcome Evaluation::project(const Node& node, const Value& current, Value& out) {
  Value left;
  const Outcome outcome = execute(*node.children[0], current, left);
  out = Value();
  if (outcome == Outcome::error) {
    // The fork that Kyverno uses swallows every error left of .* and [? ]; the specification knows
    // no such mercy.
    const bool swallowed = dialect_ == Dialect::kyverno && node.op != Op::projection;
    return swallowed ? Outcome::ok : outcome;
  }
  if (outcome == Outcome::unknown_key) {
    return Outcome::ok;
  }
  if (node.op == Op::value_projection) {
    if (!left.is(Type::object)) {
      return Outcome::ok;
    }
    const auto members = sorted_members(arena_, left);
    const auto values = arena_.array<Value>(members.size());
    std::transform(members.begin(), members.end(), values.begin(),
                   [](const Member& m) { return m.value; });
    return collect(node, values, out);
  }
  return left.is(Type::array) ? collect(node, elements_of(arena_, left), out) : Outcome::ok;
}

Outcome Evaluation::collect(const Node& node, std::span<const Value> elements, Value& out) {
  const auto results = arena_.array<Value>(elements.size());
  std::size_t count = 0;
  for (const auto& element : elements) {
    if (node.op == Op::filter) {
      Value kept;
      if (const Outcome outcome = lenient(*node.children[2], element, kept);
          outcome != Outcome::ok) {
        return outcome;
      }
      if (!truthy(kept)) {
        continue;
      }
    }
    Value result;
    if (const Outcome outcome = lenient(*node.children[1], element, result);
        outcome != Outcome::ok) {
      return outcome;
    }
    if (!result.is_null()) {
      results[count++] = result;
    }
  }
  out = Value::array(results.first(count));
  return Outcome::ok;
}

Outcome Evaluation::flatten(const Node& node, const Value& current, Value& out) {
  Value left;
  const Outcome outcome = execute(*node.children[0], current, left);
  out = Value();
  if (outcome == Outcome::error && dialect_ == Dialect::standard) {
    return outcome;
  }
  if (outcome != Outcome::ok || !left.is(Type::array)) {
    return Outcome::ok;
  }
  std::size_t total = 0;
  for (std::size_t i = 0; i < left.size(); ++i) {
    const Value element = left.at(i);
    total += element.is(Type::array) ? element.size() : 1;
  }
  const auto flat = arena_.array<Value>(total);
  std::size_t count = 0;
  for (std::size_t i = 0; i < left.size(); ++i) {
    const Value element = left.at(i);
    if (!element.is(Type::array)) {
      flat[count++] = element;
      continue;
    }
    for (std::size_t j = 0; j < element.size(); ++j) {
      flat[count++] = element.at(j);
    }
  }
  out = Value::array(flat);
  return Outcome::ok;
}

Outcome Evaluation::slice(const Node& node, const Value& current, Value& out) {
  out = Value();
  if (!current.is(Type::array)) {
    return Outcome::ok;
  }
  const auto length = static_cast<std::int64_t>(current.size());
  const std::int64_t step = node.has_slice[2] ? node.slice[2] : 1;
  if (step == 0) {
    return fail("a slice cannot have step 0");
  }
  const std::int64_t start = node.has_slice[0] ? capped(length, node.slice[0], step)
                             : step < 0        ? length - 1
                                               : 0;
  const std::int64_t stop = node.has_slice[1] ? capped(length, node.slice[1], step)
                            : step < 0        ? -1
                                              : length;
  std::vector<Value> taken;
  for (std::int64_t i = start; step > 0 ? i < stop : i > stop;) {
    taken.push_back(current.at(static_cast<std::size_t>(i)));
    // A step beyond both ends would overflow.
    if (step > length || step < -length) {
      break;
    }
    i += step;
  }
  out = make_array(arena_, taken);
  return Outcome::ok;
}

Outcome Evaluation::multiselect(const Node& node, const Value& current, Value& out) {
  out = Value();
  if (current.is_null()) {
    return Outcome::ok;
  }
  const auto members = arena_.array<Member>(node.children.size());
  for (std::size_t i = 0; i < members.size(); ++i) {
    members[i].key = node.children[i]->name;
    if (const Outcome outcome = lenient(*node.children[i], current, members[i].value);
        outcome != Outcome::ok) {
      return outcome;
    }
  }
  if (node.op == Op::multiselect_hash) {
    out = Value::object(members.first(sort_members(members)));
    return Outcome::ok;
  }
  const auto elements = arena_.array<Value>(members.size());
  std::transform(members.begin(), members.end(), elements.begin(),
                 [](const Member& m) { return m.value; });
  out = Value::array(elements);
  return Outcome::ok;
}

Outcome Evaluation::logic(const Node& node, const Value& current, Value& out) {
  Value left;
  if (const Outcome outcome = lenient(*node.children[0], current, left); outcome != Outcome::ok) {
    return outcome;
  }
  if (node.op == Op::negation) {
    out = Value::boolean(!truthy(left));
    return Outcome::ok;
  }
  if (truthy(left) == (node.op == Op::either)) {
    out = left;
    return Outcome::ok;
  }
  return node.op == Op::either ? lenient(*node.children[1], current, out)
                               : execute(*node.children[1], current, out);
}

Outcome Evaluation::call(const Node& node, const Value& current, Value& out) {
  const auto arguments = arena_.array<Value>(node.children.size());
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (const Outcome outcome = lenient(*node.children[i], current, arguments[i]);
        outcome != Outcome::ok) {
      return outcome;
    }
  }
  const Function& function = *node.function;
  const auto call_name = [&function] { return std::string(function.name) + "()"; };
  if (function.variadic ? arguments.size() < function.arity : arguments.size() != function.arity) {
    return fail(call_name() + " takes " + (function.variadic ? "at least " : "") +
                std::to_string(function.arity) + " arguments, got " +
                std::to_string(arguments.size()));
  }
  const auto all = [](const Value& array, Type type) {
    for (std::size_t i = 0; i < array.size(); ++i) {
      if (!array.at(i).is(type)) {
        return false;
      }
    }
    return true;
  };
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const unsigned accepts =
        function.accepts[std::min(i, std::max<std::size_t>(function.arity, 1) - 1)];
    const Value& argument = arguments[i];
    const bool fits = (accepts & (1U << static_cast<unsigned>(argument.type()))) != 0 ||
                      (argument.is(Type::array) &&
                       (((accepts & accept_numbers) != 0 && all(argument, Type::number)) ||
                        ((accepts & accept_strings) != 0 && all(argument, Type::string))));
    if (!fits) {
      return fail(call_name() + " does not take " + std::string(name(argument.type())) +
                  " as argument " + std::to_string(i + 1));
    }
  }
  return function.run(*this, arguments, out);
}

}  // namespace sluice::jmespath
