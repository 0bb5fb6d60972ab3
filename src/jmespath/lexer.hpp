// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::jmespath {

enum class TokenKind : std::uint8_t {
  end,
  identifier,
  quoted_identifier,  ///< text is unescaped
  number,
  json_literal,  ///< text is the JSON
  raw_string,    ///< text is unescaped
  dot,
  star,
  flatten,  ///< []
  left_bracket,
  filter,  ///< [?
  right_bracket,
  left_brace,
  right_brace,
  left_paren,
  right_paren,
  comma,
  colon,
  current,    ///< @
  reference,  ///< &
  both,
  either,
  pipe,
  negation,
  equals,
  not_equals,
  less,
  less_or_equal,
  greater,
  greater_or_equal,
};

struct Token {
  TokenKind kind = TokenKind::end;
  std::string text;
  std::size_t at = 0;  ///< byte of the expression
};

/// The words of an expression, an `end` last. Errors (Kind::parse): a byte that begins no word, an
/// open quote.
Result<std::vector<Token>> tokenize(std::string_view expression);

}  // namespace sluice::jmespath
