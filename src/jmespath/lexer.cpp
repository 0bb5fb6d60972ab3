// SPDX-License-Identifier: Apache-2.0
#include "jmespath/lexer.hpp"

#include "jmespath/value.hpp"

#include <cctype>

namespace sluice::jmespath {

namespace {

bool starts_identifier(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_';
}
bool continues_identifier(char c) {
  return starts_identifier(c) || (c >= '0' && c <= '9');
}

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  Result<std::vector<Token>> run() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
        ++at_;
        continue;
      }
      if (!word(c)) {
        return Error{Error::Kind::parse, problem_ + " at byte " + std::to_string(at_ + 1)};
      }
    }
    push(TokenKind::end, "", at_);
    return std::move(tokens_);
  }

 private:
  void push(TokenKind kind, std::string text, std::size_t at) {
    tokens_.push_back({kind, std::move(text), at});
  }

  bool word(char c) {
    if (starts_identifier(c)) {
      return run_of(TokenKind::identifier, continues_identifier);
    }
    if (c == '-' || (c >= '0' && c <= '9')) {
      return run_of(TokenKind::number, [](char d) { return d >= '0' && d <= '9'; });
    }
    switch (c) {
      case '"':
        return quoted('"', TokenKind::quoted_identifier);
      case '`':
        return quoted('`', TokenKind::json_literal);
      case '\'':
        return quoted('\'', TokenKind::raw_string);
      default:
        return sign();
    }
  }

  template <class Continues>
  bool run_of(TokenKind kind, Continues continues) {
    const std::size_t start = at_++;
    while (at_ < text_.size() && continues(text_[at_])) {
      ++at_;
    }
    push(kind, std::string(text_.substr(start, at_ - start)), start);
    return true;
  }

  bool sign() {
    struct Sign {
      std::string_view text;
      TokenKind kind;
    };
    // Longer ones first.
    constexpr Sign signs[] = {
        {"[?", TokenKind::filter},
        {"[]", TokenKind::flatten},
        {"&&", TokenKind::both},
        {"||", TokenKind::either},
        {"==", TokenKind::equals},
        {"!=", TokenKind::not_equals},
        {"<=", TokenKind::less_or_equal},
        {">=", TokenKind::greater_or_equal},
        {".", TokenKind::dot},
        {"*", TokenKind::star},
        {"[", TokenKind::left_bracket},
        {"]", TokenKind::right_bracket},
        {"{", TokenKind::left_brace},
        {"}", TokenKind::right_brace},
        {"(", TokenKind::left_paren},
        {")", TokenKind::right_paren},
        {",", TokenKind::comma},
        {":", TokenKind::colon},
        {"@", TokenKind::current},
        {"&", TokenKind::reference},
        {"|", TokenKind::pipe},
        {"!", TokenKind::negation},
        {"<", TokenKind::less},
        {">", TokenKind::greater},
    };
    for (const auto& [text, kind] : signs) {
      if (text_.substr(at_, text.size()) == text) {
        push(kind, std::string(text), at_);
        at_ += text.size();
        return true;
      }
    }
    problem_ = "unexpected character";
    return false;
  }

  bool quoted(char quote, TokenKind kind) {
    const std::size_t start = at_ + 1;
    std::size_t end = start;
    while (end < text_.size() && text_[end] != quote) {
      end += text_[end] == '\\' ? 2 : 1;
    }
    if (end >= text_.size()) {
      problem_ = std::string("no closing ") + quote;
      return false;
    }
    const auto inner = text_.substr(start, end - start);
    std::string text;
    if (kind == TokenKind::quoted_identifier) {
      Arena arena;
      const auto parsed = parse_json(text_.substr(at_, end + 1 - at_), arena);
      if (!parsed) {
        problem_ = "a quoted name must be a JSON string";
        return false;
      }
      text = std::string(parsed->as_string());
    } else {
      // Only the quote itself is escaped here; a literal's other escapes are JSON's.
      for (std::size_t i = 0; i < inner.size(); ++i) {
        if (inner[i] == '\\' && i + 1 < inner.size() && inner[i + 1] == quote) {
          ++i;
        }
        text += inner[i];
      }
    }
    push(kind, std::move(text), at_);
    at_ = end + 1;
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::string problem_;
  std::vector<Token> tokens_;
};

}  // namespace

Result<std::vector<Token>> tokenize(std::string_view expression) {
  return Lexer(expression).run();
}

}  // namespace sluice::jmespath
