// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "jmespath/ast.hpp"
#include "jmespath/lexer.hpp"

#include <optional>

/// The grammar's binding powers (https://jmespath.org/specification.html#grammar).
namespace sluice::jmespath {

/// How strongly an operator holds what stands to its left.
inline int power(TokenKind kind) {
  switch (kind) {
    case TokenKind::pipe:
      return 1;
    case TokenKind::either:
      return 2;
    case TokenKind::both:
      return 3;
    case TokenKind::equals:
    case TokenKind::not_equals:
    case TokenKind::less:
    case TokenKind::less_or_equal:
    case TokenKind::greater:
    case TokenKind::greater_or_equal:
      return 5;
    case TokenKind::flatten:
      return 9;
    case TokenKind::star:
      return 20;
    case TokenKind::filter:
      return 21;
    case TokenKind::dot:
      return 40;
    case TokenKind::negation:
      return 45;
    case TokenKind::left_brace:
      return 50;
    case TokenKind::left_bracket:
      return 55;
    case TokenKind::left_paren:
      return 60;
    default:
      return 0;
  }
}

/// Powers below this end a projection: what follows applies to its result as a whole.
inline constexpr int projection_stop = 10;

inline std::optional<Op> binary(TokenKind kind) {
  switch (kind) {
    case TokenKind::pipe:
      return Op::pipe;
    case TokenKind::either:
      return Op::either;
    case TokenKind::both:
      return Op::both;
    case TokenKind::equals:
      return Op::equals;
    case TokenKind::not_equals:
      return Op::not_equals;
    case TokenKind::less:
      return Op::less;
    case TokenKind::less_or_equal:
      return Op::less_or_equal;
    case TokenKind::greater:
      return Op::greater;
    case TokenKind::greater_or_equal:
      return Op::greater_or_equal;
    default:
      return std::nullopt;
  }
}

}  // namespace sluice::jmespath
