// SPDX-License-Identifier: Apache-2.0
#include "jmespath/ast.hpp"
#include "jmespath/expression.hpp"
#include "jmespath/precedence.hpp"

#include <algorithm>
#include <charconv>

namespace sluice::jmespath {

namespace {

constexpr int depth_limit = 200;
constexpr std::size_t word_limit =
    10'000;  // a chain of so many names is as deep as the evaluation goes

/// A Pratt parser of the specification's grammar. Every method returns nullptr after it has set
/// `problem_`.
class Parser {
 public:
  Parser(std::vector<Token> tokens, Arena& arena, const FunctionTable& functions)
      : tokens_(std::move(tokens)), arena_(arena), functions_(functions) {}

  Result<const Node*> run() {
    const Node* root = expression(0);
    if (root != nullptr && kind() != TokenKind::end) {
      root = unexpected();
    }
    if (root == nullptr) {
      return problem_;
    }
    return root;
  }

 private:
  [[nodiscard]] const Token& token() const { return tokens_[at_]; }
  [[nodiscard]] TokenKind kind() const { return tokens_[at_].kind; }
  [[nodiscard]] TokenKind next_kind() const {
    return tokens_[std::min(at_ + 1, tokens_.size() - 1)].kind;
  }
  void advance() { at_ = std::min(at_ + 1, tokens_.size() - 1); }
  bool take(TokenKind wanted) {
    if (kind() != wanted) {
      return false;
    }
    advance();
    return true;
  }
  bool expect(TokenKind wanted) { return take(wanted) || unexpected() != nullptr; }

  const Node* failed(Error::Kind error_kind, std::string message) {
    problem_ = {error_kind, std::move(message)};
    return nullptr;
  }
  const Node* unexpected() {
    return failed(
        Error::Kind::parse,
        (kind() == TokenKind::end ? "ends too early" : "unexpected \"" + token().text + "\"") +
            " at byte " + std::to_string(token().at + 1));
  }

  Node* node(Op op, std::initializer_list<const Node*> children = {}) {
    auto* made = arena_.make<Node>();
    made->op = op;
    made->children = span_of(std::vector<const Node*>(children));
    return made;
  }
  std::span<const Node* const> span_of(const std::vector<const Node*>& nodes) {
    const auto own = arena_.array<const Node*>(nodes.size());
    std::copy(nodes.begin(), nodes.end(), own.begin());
    return own;
  }

  const Node* expression(int right_power) {
    if (++depth_ > depth_limit) {
      return failed(Error::Kind::limit,
                    "nested more than " + std::to_string(depth_limit) + " deep");
    }
    const Node* left = prefix();
    while (left != nullptr && right_power < power(kind())) {
      left = infix(left);
    }
    --depth_;
    return left;
  }

  const Node* prefix() {
    const Token now = token();
    const std::size_t start = at_;
    advance();
    switch (now.kind) {
      case TokenKind::identifier:
      case TokenKind::quoted_identifier:
        return name(now);
      case TokenKind::raw_string:
        return literal(make_string(arena_, now.text));
      case TokenKind::json_literal:
        return json(now);
      case TokenKind::current:
        return node(Op::current);
      case TokenKind::star:
        return projection(Op::value_projection, node(Op::identity), power(TokenKind::star));
      case TokenKind::filter:
        return filter(node(Op::identity));
      case TokenKind::flatten:
        return flattened(node(Op::identity));
      case TokenKind::left_brace:
        return hash();
      case TokenKind::left_bracket:
        return bracket();
      case TokenKind::reference:
        return wrapped(Op::reference, 0);
      case TokenKind::negation:
        return wrapped(Op::negation, power(TokenKind::negation));
      case TokenKind::left_paren: {
        const Node* inner = expression(0);
        return inner != nullptr && expect(TokenKind::right_paren) ? inner : nullptr;
      }
      default:
        at_ = start;
        return unexpected();
    }
  }

  const Node* infix(const Node* left) {
    const TokenKind now = kind();
    if (const auto op = binary(now)) {
      advance();
      const Node* right = expression(power(now));
      return right == nullptr ? nullptr : node(*op, {left, right});
    }
    switch (now) {
      case TokenKind::dot:
        advance();
        if (take(TokenKind::star)) {
          return projection(Op::value_projection, left, power(TokenKind::dot));
        } else {
          const Node* right = after_dot(power(TokenKind::dot));
          return right == nullptr ? nullptr : node(Op::subexpression, {left, right});
        }
      case TokenKind::filter:
        advance();
        return filter(left);
      case TokenKind::flatten:
        advance();
        return flattened(left);
      case TokenKind::left_bracket:
        advance();
        if (kind() == TokenKind::number || kind() == TokenKind::colon) {
          return indexed(left);
        }
        if (!expect(TokenKind::star) || !expect(TokenKind::right_bracket)) {
          return nullptr;
        }
        return projection(Op::projection, left, power(TokenKind::star));
      default:
        return unexpected();
    }
  }

  const Node* literal(const Value& value) {
    Node* made = node(Op::literal);
    made->literal = value;
    return made;
  }

  const Node* json(const Token& now) {
    const auto value = parse_json(now.text, arena_);
    if (!value) {
      return failed(Error::Kind::parse, "the literal at byte " + std::to_string(now.at + 1) +
                                            " is " + value.error().message);
    }
    return literal(*value);
  }

  const Node* name(const Token& now) {
    if (kind() == TokenKind::left_paren) {
      return now.kind == TokenKind::identifier ? call(now) : unexpected();
    }
    Node* made = node(Op::field);
    made->name = arena_.copy(now.text);
    return made;
  }

  const Node* call(const Token& now) {
    advance();
    std::vector<const Node*> arguments;
    while (kind() != TokenKind::right_paren) {
      arguments.push_back(expression(0));
      if (arguments.back() == nullptr) {
        return nullptr;
      }
      if (kind() != TokenKind::right_paren &&
          (!expect(TokenKind::comma) || kind() == TokenKind::right_paren)) {
        return unexpected();
      }
    }
    advance();
    Node* made = node(Op::function);
    made->name = arena_.copy(now.text);
    made->children = span_of(arguments);
    made->function = functions_.find(now.text);
    if (made->function == nullptr) {
      return failed(Error::Kind::unsupported, "function " + now.text + "() is not known");
    }
    return made;
  }

  const Node* wrapped(Op op, int right_power) {
    const Node* inner = expression(right_power);
    return inner == nullptr ? nullptr : node(op, {inner});
  }

  const Node* projection(Op op, const Node* left, int right_power) {
    const Node* right = after_projection(right_power);
    return right == nullptr ? nullptr : node(op, {left, right});
  }

  const Node* flattened(const Node* left) {
    return projection(Op::projection, node(Op::flatten, {left}), power(TokenKind::flatten));
  }

  const Node* filter(const Node* left) {
    const Node* condition = expression(0);
    if (condition == nullptr || !expect(TokenKind::right_bracket)) {
      return nullptr;
    }
    const Node* right = kind() == TokenKind::flatten ? node(Op::identity)
                                                     : after_projection(power(TokenKind::filter));
    return right == nullptr ? nullptr : node(Op::filter, {left, right, condition});
  }

  /// What a projection applies to each element.
  const Node* after_projection(int right_power) {
    if (power(kind()) < projection_stop) {
      return node(Op::identity);
    }
    switch (kind()) {
      case TokenKind::left_bracket:
      case TokenKind::filter:
        return expression(right_power);
      case TokenKind::dot:
        advance();
        return after_dot(right_power);
      default:
        return unexpected();
    }
  }

  const Node* after_dot(int right_power) {
    switch (kind()) {
      case TokenKind::identifier:
      case TokenKind::quoted_identifier:
      case TokenKind::star:
        return expression(right_power);
      case TokenKind::left_bracket:
        advance();
        return list();
      case TokenKind::left_brace:
        advance();
        return hash();
      default:
        return unexpected();
    }
  }

  /// A bracket with nothing to its left.
  const Node* bracket() {
    if (kind() == TokenKind::number || kind() == TokenKind::colon) {
      return indexed(node(Op::identity));
    }
    if (kind() == TokenKind::star && next_kind() == TokenKind::right_bracket) {
      advance();
      advance();
      return projection(Op::projection, node(Op::identity), power(TokenKind::star));
    }
    return list();
  }

  bool integer(std::int64_t& out) {
    const auto& text = token().text;
    const auto end = std::from_chars(text.data(), text.data() + text.size(), out);
    if (kind() != TokenKind::number || end.ec != std::errc() ||
        end.ptr != text.data() + text.size()) {
      unexpected();
      return false;
    }
    advance();
    return true;
  }

  const Node* indexed(const Node* left) {
    Node* made = node(Op::index);
    std::size_t part = 0;
    while (kind() != TokenKind::right_bracket) {
      if (take(TokenKind::colon)) {
        made->op = Op::slice;
        if (++part > 2) {
          return unexpected();
        }
        continue;
      }
      if (made->has_slice[part] || !integer(made->slice[part])) {
        return unexpected();
      }
      made->has_slice[part] = true;
    }
    advance();
    const Node* reached = node(Op::subexpression, {left, made});
    return made->op == Op::slice ? projection(Op::projection, reached, power(TokenKind::star))
                                 : reached;
  }

  const Node* list() {
    std::vector<const Node*> elements;
    do {
      elements.push_back(expression(0));
      if (elements.back() == nullptr) {
        return nullptr;
      }
    } while (take(TokenKind::comma));
    Node* made = node(Op::multiselect_list);
    made->children = span_of(elements);
    return expect(TokenKind::right_bracket) ? made : nullptr;
  }

  const Node* hash() {
    std::vector<const Node*> members;
    do {
      const Token key = token();
      if (key.kind != TokenKind::identifier && key.kind != TokenKind::quoted_identifier) {
        return unexpected();
      }
      advance();
      if (!expect(TokenKind::colon)) {
        return nullptr;
      }
      const Node* value = expression(0);
      if (value == nullptr) {
        return nullptr;
      }
      Node* member = node(Op::key_value, {value});
      member->name = arena_.copy(key.text);
      members.push_back(member);
      // The comma may be missing, as in the reference implementation.
    } while (take(TokenKind::comma) || token().kind != TokenKind::right_brace);
    Node* made = node(Op::multiselect_hash);
    made->children = span_of(members);
    return expect(TokenKind::right_brace) ? made : nullptr;
  }

  std::vector<Token> tokens_;
  Arena& arena_;
  const FunctionTable& functions_;
  std::size_t at_ = 0;
  int depth_ = 0;
  Error problem_;
};

}  // namespace

Result<Expression> Expression::compile(std::string_view text, const FunctionTable& functions) {
  Expression expression;
  expression.arena_ = std::make_unique<Arena>();
  expression.text_ = std::make_unique<std::string>(text);
  std::vector<Token> tokens;
  SLUICE_TRY_ASSIGN(tokens, tokenize(text));
  if (tokens.size() > word_limit) {
    return Error{Error::Kind::limit, "has more than " + std::to_string(word_limit) + " words"};
  }
  SLUICE_TRY_ASSIGN(expression.root_,
                    Parser(std::move(tokens), *expression.arena_, functions).run());
  return expression;
}

}  // namespace sluice::jmespath
