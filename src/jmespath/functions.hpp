// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "jmespath/value.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <span>
#include <string_view>

namespace sluice::jmespath {

class Evaluation;
enum class Outcome : std::uint8_t;

/// The types an argument may have, as bits.
enum Accepts : unsigned {
  accept_null = 1U << 0U,
  accept_boolean = 1U << 1U,
  accept_number = 1U << 2U,
  accept_string = 1U << 3U,
  accept_array = 1U << 4U,
  accept_object = 1U << 5U,
  accept_reference = 1U << 6U,  ///< &expression
  accept_numbers = 1U << 7U,    ///< an array of numbers
  accept_strings = 1U << 8U,    ///< an array of strings
  accept_any = 0x3FU,           ///< everything but a reference
};

/// One function. Arguments are counted and their types checked before `run` is called.
struct Function {
  std::string_view name;
  std::size_t arity = 0;              ///< how many arguments; with `variadic`, at least so many
  bool variadic = false;              ///< the last type repeats
  std::array<unsigned, 4> accepts{};  ///< Accepts bits of each argument
  Outcome (*run)(Evaluation& evaluation, std::span<const Value> arguments, Value& out) = nullptr;
};

/// Functions by name. The standard ones are here; a dialect adds its own and may replace any.
class FunctionTable {
 public:
  FunctionTable() = default;
  /// `functions` must outlive the table.
  void add(std::span<const Function> functions);
  /// nullptr when there is none.
  [[nodiscard]] const Function* find(std::string_view name) const;
  [[nodiscard]] std::size_t size() const { return by_name_.size(); }

 private:
  std::map<std::string_view, const Function*> by_name_;
};

/// abs, avg, ceil, contains, ends_with, floor, join, keys, length, map, max, max_by, merge, min,
/// min_by, not_null, reverse, sort, sort_by, starts_with, sum, to_array, to_number, to_string,
/// type, values.
std::span<const Function> standard_functions();

}  // namespace sluice::jmespath
