// SPDX-License-Identifier: Apache-2.0
#include "gotemplate/parse.hpp"

#include "gotemplate/lexer.hpp"

#include <span>

namespace sluice::gotemplate {
namespace {

constexpr int deepest = 200;

using Kind = Expression::Kind;

/// Reads the pipeline of one action.
class PipelineParser {
 public:
  explicit PipelineParser(std::span<const Token> tokens) : tokens_(tokens) {}

  [[nodiscard]] bool done() const { return at_ >= tokens_.size(); }
  [[nodiscard]] bool fine() const { return fine_; }

  bool take_word(std::string_view word) {
    const bool here = !done() && peek().kind == Token::Kind::word && peek().text == word;
    at_ += here ? 1 : 0;
    return here;
  }

  std::string take_string() {
    if (done() || peek().kind != Token::Kind::string) {
      fine_ = false;
      return {};
    }
    return tokens_[at_++].text;
  }

  /// `$x :=`, `$i, $x :=`, `$x =`; nothing is taken when it is none of these.
  void take_variables(Node& node) {
    const auto start = at_;
    std::vector<std::string> names;
    while (!done() && peek().kind == Token::Kind::variable && peek().names.empty()) {
      names.push_back(tokens_[at_++].text);
      if (!take_mark(",")) {
        break;
      }
    }
    const bool declares = take_mark(":");
    if (names.empty() || !take_mark("=")) {
      at_ = start;
      return;
    }
    node.variables = std::move(names);
    node.sets = declares ? Node::Sets::declares : Node::Sets::assigns;
  }

  Expression pipeline(int depth = 0) {
    Expression value = command(depth);
    while (!done() && peek().kind == Token::Kind::pipe) {
      ++at_;
      Expression next = command(depth);
      if (next.kind != Kind::call && next.kind != Kind::method) {
        next = Expression{.kind = Kind::method, .arguments = {std::move(next)}};
      }
      next.arguments.push_back(std::move(value));
      value = std::move(next);
    }
    return value;
  }

 private:
  [[nodiscard]] const Token& peek() const { return tokens_[at_]; }

  bool take_mark(std::string_view mark) {
    const bool here = !done() && peek().kind == Token::Kind::other && peek().text == mark;
    at_ += here ? 1 : 0;
    return here;
  }

  [[nodiscard]] bool at_operand() const {
    return !done() && peek().kind != Token::Kind::pipe && peek().kind != Token::Kind::close;
  }

  Expression command(int depth) {
    if (!at_operand() || depth > deepest) {
      fine_ = false;
      at_ = tokens_.size();
      return {};
    }
    const bool is_word = peek().kind == Token::Kind::word;
    Expression first = operand(depth);
    if (!at_operand()) {
      return first;
    }
    if (!is_word || first.kind != Kind::call) {
      first = Expression{.kind = Kind::method, .arguments = {std::move(first)}};
    }
    while (at_operand() && fine_) {
      first.arguments.push_back(operand(depth));
    }
    return first;
  }

  Expression operand(int depth) {
    const Token& token = tokens_[at_++];
    Expression value;
    switch (token.kind) {
      case Token::Kind::field:
        value = token.from_root ? Expression{.kind = Kind::variable, .name = "$"}
                                : Expression{.kind = Kind::dot};
        value = with_fields(std::move(value), token.names);
        break;
      case Token::Kind::variable:
        value = with_fields(
            Expression{.kind = Kind::variable, .name = token.text.substr(0, token.text.find('.'))},
            token.names);
        break;
      case Token::Kind::string:
        value = Expression{.kind = Kind::text, .name = token.text};
        break;
      case Token::Kind::word:
        if (token.text != "true" && token.text != "false" && token.text != "nil") {
          value = Expression{.kind = Kind::call, .name = token.text};
        }
        break;
      case Token::Kind::open:
        value = pipeline(depth + 1);
        if (done() || peek().kind != Token::Kind::close) {
          fine_ = false;
          return value;
        }
        ++at_;
        break;
      case Token::Kind::number:
      case Token::Kind::other:
        break;
      case Token::Kind::pipe:
      case Token::Kind::close:
        fine_ = false;
    }
    while (!done() && peek().kind == Token::Kind::field && !peek().from_root &&
           peek().begin == tokens_[at_ - 1].end) {
      value = with_fields(std::move(value), peek().names);
      ++at_;
    }
    return value;
  }

  static Expression with_fields(Expression base, const std::vector<std::string>& names) {
    if (names.empty()) {
      return base;
    }
    Expression value{.kind = Kind::fields, .names = names};
    value.arguments.push_back(std::move(base));
    return value;
  }

  std::span<const Token> tokens_;
  std::size_t at_ = 0;
  bool fine_ = true;
};

/// Reads the nesting of actions.
class TemplateParser {
 public:
  explicit TemplateParser(const std::vector<Segment>& segments) {
    for (const auto& segment : segments) {
      if (segment.is_action && !segment.tokens.empty()) {
        actions_.push_back(&segment);
      }
    }
  }

  std::optional<std::vector<Node>> read() {
    auto nodes = list(0);
    return fine_ && at_ == actions_.size() ? std::optional(std::move(nodes)) : std::nullopt;
  }

 private:
  [[nodiscard]] std::string_view word() const {
    const auto& token = actions_[at_]->tokens.front();
    return token.kind == Token::Kind::word ? std::string_view(token.text) : std::string_view();
  }

  /// Up to an `end` or `else`, which stays.
  std::vector<Node> list(int depth) {
    std::vector<Node> nodes;
    fine_ = fine_ && depth <= deepest;
    while (fine_ && at_ < actions_.size() && word() != "end" && word() != "else") {
      action(depth, nodes);
    }
    return nodes;
  }

  void action(int depth, std::vector<Node>& nodes) {
    PipelineParser in(actions_[at_]->tokens);
    ++at_;
    if (in.take_word("if")) {
      nodes.push_back(nested(Node::Kind::branch, in, depth));
    } else if (in.take_word("range")) {
      nodes.push_back(nested(Node::Kind::range, in, depth));
    } else if (in.take_word("with")) {
      nodes.push_back(nested(Node::Kind::with, in, depth));
    } else if (in.take_word("define") || in.take_word("block")) {
      Node node{.kind = Node::Kind::define, .name = in.take_string()};
      std::optional<Node> use;
      if (!in.done()) {
        use = Node{.kind = Node::Kind::include, .name = node.name};
        use->pipeline = in.pipeline();
      }
      finish(in);
      node.body = list(depth + 1);
      end();
      nodes.push_back(std::move(node));
      if (use) {
        nodes.push_back(std::move(*use));
      }
    } else if (in.take_word("template")) {
      Node node{.kind = Node::Kind::include, .name = in.take_string()};
      if (!in.done()) {
        node.pipeline = in.pipeline();
      }
      finish(in);
      nodes.push_back(std::move(node));
    } else if (!in.take_word("break") && !in.take_word("continue")) {
      Node node;
      in.take_variables(node);
      node.pipeline = in.pipeline();
      finish(in);
      nodes.push_back(std::move(node));
    }
  }

  Node nested(Node::Kind kind, PipelineParser& in, int depth) {
    Node node{.kind = kind};
    in.take_variables(node);
    node.pipeline = in.pipeline();
    finish(in);
    node.body = list(depth + 1);
    if (fine_ && at_ < actions_.size() && word() == "else") {
      PipelineParser after(actions_[at_]->tokens);
      ++at_;
      after.take_word("else");
      if (after.take_word("if") || after.take_word("with")) {
        // `else if` shares the `end` of its `if`
        const bool is_with = actions_[at_ - 1]->tokens[1].text == "with";
        node.otherwise.push_back(
            nested(is_with ? Node::Kind::with : Node::Kind::branch, after, depth + 1));
        return node;
      }
      finish(after);
      node.otherwise = list(depth + 1);
    }
    end();
    return node;
  }

  void finish(const PipelineParser& in) { fine_ = fine_ && in.fine() && in.done(); }

  void end() {
    fine_ = fine_ && at_ < actions_.size() && word() == "end";
    ++at_;
  }

  std::vector<const Segment*> actions_;
  std::size_t at_ = 0;
  bool fine_ = true;
};

}  // namespace

std::optional<std::vector<Node>> parse(std::string_view text) {
  const auto segments = split_template(text);
  return segments ? TemplateParser(*segments).read() : std::nullopt;
}

}  // namespace sluice::gotemplate
