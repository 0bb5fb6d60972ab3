// SPDX-License-Identifier: Apache-2.0
#include "k8s/quantity.hpp"
#include "policy/functions.hpp"
#include "policy/go_time.hpp"
#include "policy/scalars.hpp"

#include <array>
#include <cmath>

namespace sluice::policy {

namespace {

using jmespath::Evaluation;
using jmespath::Outcome;
using Arguments = std::span<const Value>;

/// What arithmetic works on: a number, a quantity ("10Mi") or a duration ("1h").
struct Operand {
  enum class Kind : std::uint8_t { number, quantity, duration };
  Kind kind = Kind::number;
  double number = 0;
  k8s::Quantity quantity;
  std::int64_t duration = 0;  ///< nanoseconds
};

std::optional<Operand> read(const Value& value) {
  Operand operand;
  if (value.is(Type::number)) {
    operand.number = value.as_number();
    return operand;
  }
  if (!value.is(Type::string)) {
    return std::nullopt;
  }
  if (const auto quantity = k8s::parse_quantity(value.as_string())) {
    operand.kind = Operand::Kind::quantity;
    operand.quantity = *quantity;
    return operand;
  }
  if (const auto duration = parse_duration(value.as_string())) {
    operand.kind = Operand::Kind::duration;
    operand.duration = *duration;
    return operand;
  }
  return std::nullopt;
}

Outcome give(Evaluation& evaluation, const Operand& result, Value& out) {
  switch (result.kind) {
    case Operand::Kind::number:
      out = Value::number(result.number);
      break;
    case Operand::Kind::quantity:
      out = make_string(evaluation.arena(), result.quantity.text());
      break;
    case Operand::Kind::duration:
      out = make_string(evaluation.arena(), duration_text(result.duration));
      break;
  }
  return Outcome::ok;
}

Outcome wrong(Evaluation& evaluation, std::string_view function) {
  return evaluation.fail(std::string(function) +
                         "(): the types of its arguments do not go together");
}

bool add(const Operand& a, const Operand& b, int sign, Operand& out) {
  if (a.kind != b.kind) {
    return false;
  }
  out = a;
  out.number += sign * b.number;
  out.quantity = sign > 0 ? a.quantity + b.quantity : a.quantity - b.quantity;
  return !__builtin_add_overflow(a.duration, sign * b.duration, &out.duration);
}

Outcome added(
    Evaluation& evaluation, Arguments a, int sign, std::string_view function, Value& out) {
  const auto left = read(a[0]);
  const auto right = read(a[1]);
  Operand result;
  if (!left || !right || !add(*left, *right, sign, result)) {
    return wrong(evaluation, function);
  }
  return give(evaluation, result, out);
}

Outcome fn_add(Evaluation& evaluation, Arguments a, Value& out) {
  return added(evaluation, a, 1, "add", out);
}
Outcome fn_subtract(Evaluation& evaluation, Arguments a, Value& out) {
  return added(evaluation, a, -1, "subtract", out);
}

Outcome fn_sum(Evaluation& evaluation, Arguments a, Value& out) {
  if (a[0].size() == 0) {
    return evaluation.fail("sum(): the list is empty");
  }
  std::optional<Operand> total = read(a[0].at(0));
  for (std::size_t i = 1; i < a[0].size() && total; ++i) {
    const auto next = read(a[0].at(i));
    Operand result;
    if (!next || !add(*total, *next, 1, result)) {
      total.reset();
    } else {
      total = result;
    }
  }
  return total ? give(evaluation, *total, out) : wrong(evaluation, "sum");
}

constexpr k8s::Int128 nano = 1'000'000'000;

/// A number in billionths, as far as it goes.
std::optional<k8s::Int128> exact(double number) {
  std::string text;
  jmespath::append_number(number, text);
  const auto quantity = k8s::parse_quantity(text);
  return quantity ? std::optional(quantity->nano()) : std::nullopt;
}

Outcome fn_multiply(Evaluation& evaluation, Arguments a, Value& out) {
  auto left = read(a[0]);
  auto right = read(a[1]);
  if (!left || !right) {
    return wrong(evaluation, "multiply");
  }
  if (left->kind == Operand::Kind::number) {
    std::swap(left, right);
  }
  if (right->kind != Operand::Kind::number) {
    return wrong(evaluation, "multiply");
  }
  Operand result = *left;
  result.number *= right->number;
  result.duration = static_cast<std::int64_t>(static_cast<double>(left->duration) * right->number);
  if (left->kind == Operand::Kind::quantity) {
    const auto factor = exact(right->number);
    k8s::Int128 product = 0;
    if (!factor || __builtin_mul_overflow(left->quantity.nano(), *factor, &product)) {
      return evaluation.fail("multiply(): the result is too large");
    }
    result.quantity = k8s::Quantity(product / nano, left->quantity.format());
  }
  return give(evaluation, result, out);
}

/// The same kind gives a number; a quantity or duration by a number gives its own kind.
Outcome fn_divide(Evaluation& evaluation, Arguments a, Value& out) {
  const auto left = read(a[0]);
  const auto right = read(a[1]);
  if (!left || !right || (left->kind != right->kind && right->kind != Operand::Kind::number)) {
    return wrong(evaluation, "divide");
  }
  const auto amount = [](const Operand& o) {
    return o.kind == Operand::Kind::number     ? o.number
           : o.kind == Operand::Kind::duration ? static_cast<double>(o.duration)
                                               : static_cast<double>(o.quantity.nano());
  };
  if (amount(*right) == 0) {
    return evaluation.fail("divide(): division by zero");
  }
  Operand result = *left;
  if (left->kind == right->kind) {
    result.kind = Operand::Kind::number;
    result.number = amount(*left) / amount(*right);
  } else if (left->kind == Operand::Kind::duration) {
    result.duration = static_cast<std::int64_t>(amount(*left) / right->number);
  } else {
    const auto divisor = exact(right->number);
    if (!divisor || *divisor == 0) {
      return evaluation.fail("divide(): the divisor is too small or too large");
    }
    // Kyverno cuts the quotient to a whole number.
    result.quantity =
        k8s::Quantity(left->quantity.nano() / *divisor * nano, left->quantity.format());
  }
  return give(evaluation, result, out);
}

Outcome fn_modulo(Evaluation& evaluation, Arguments a, Value& out) {
  const auto left = read(a[0]);
  const auto right = read(a[1]);
  if (!left || !right || left->kind != right->kind) {
    return wrong(evaluation, "modulo");
  }
  Operand result = *left;
  switch (left->kind) {
    case Operand::Kind::number:
      if (left->number != std::trunc(left->number) || right->number != std::trunc(right->number)) {
        return evaluation.fail("modulo(): numbers must be whole");
      }
      if (right->number == 0) {
        return evaluation.fail("modulo(): division by zero");
      }
      result.number = std::fmod(left->number, right->number);
      break;
    case Operand::Kind::duration:
      if (right->duration == 0) {
        return evaluation.fail("modulo(): division by zero");
      }
      result.duration = right->duration == -1 ? 0 : left->duration % right->duration;
      break;
    case Operand::Kind::quantity:
      if (right->quantity.nano() == 0) {
        return evaluation.fail("modulo(): division by zero");
      }
      if (left->quantity.nano() % nano != 0 || right->quantity.nano() % nano != 0) {
        return evaluation.fail("modulo(): quantities must be whole");
      }
      result.quantity =
          k8s::Quantity(left->quantity.nano() % right->quantity.nano(), left->quantity.format());
      break;
  }
  return give(evaluation, result, out);
}

Outcome fn_round(Evaluation& evaluation, Arguments a, Value& out) {
  const double digits = a[1].as_number();
  if (digits < 0 || digits != std::trunc(digits) || digits > 15) {
    return evaluation.fail("round(): the number of digits must be whole and not negative");
  }
  const double scale = std::pow(10, digits);
  out = Value::number(std::round(a[0].as_number() * scale) / scale);
  return Outcome::ok;
}

using jmespath::accept_any;
using jmespath::accept_array;
using jmespath::accept_number;

constexpr jmespath::Function functions[] = {
    {"add", 2, false, {accept_any, accept_any}, fn_add},
    {"divide", 2, false, {accept_any, accept_any}, fn_divide},
    {"modulo", 2, false, {accept_any, accept_any}, fn_modulo},
    {"multiply", 2, false, {accept_any, accept_any}, fn_multiply},
    {"round", 2, false, {accept_number, accept_number}, fn_round},
    {"subtract", 2, false, {accept_any, accept_any}, fn_subtract},
    {"sum", 1, false, {accept_array}, fn_sum},
};

}  // namespace

std::span<const jmespath::Function> number_functions() {
  return functions;
}

}  // namespace sluice::policy
