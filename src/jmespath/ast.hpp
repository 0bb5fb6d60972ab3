// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "jmespath/value.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace sluice::jmespath {

struct Function;

enum class Op : std::uint8_t {
  identity,          ///< the current value, where an operand is left out
  current,           ///< @
  field,             ///< name
  literal,           ///< `json`, 'raw'
  index,             ///< [n]; slice[0]
  slice,             ///< [a:b:c]
  subexpression,     ///< left.right, left[n]
  projection,        ///< left[*].right; children: left, right
  value_projection,  ///< left.*.right
  filter,            ///< left[?condition].right; children: left, right, condition
  flatten,           ///< left[]
  multiselect_list,  ///< [a, b]
  multiselect_hash,  ///< {k: a}; children are key_value
  key_value,         ///< name: child
  function,          ///< name(child, ...)
  reference,         ///< &child
  equals,
  not_equals,
  less,
  less_or_equal,
  greater,
  greater_or_equal,
  either,    ///< ||
  both,      ///< &&
  negation,  ///< !
  pipe,
};

/// A compiled expression is a tree of these in its own Arena.
struct Node {
  Op op = Op::identity;
  std::string_view name;
  Value literal;
  std::span<const Node* const> children;
  std::array<std::int64_t, 3> slice{};  ///< start, stop, step, or the index in [0]
  std::array<bool, 3> has_slice{};      ///< which of them were written
  const Function* function = nullptr;
};

}  // namespace sluice::jmespath
