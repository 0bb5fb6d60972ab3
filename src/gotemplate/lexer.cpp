// SPDX-License-Identifier: Apache-2.0
#include "gotemplate/lexer.hpp"

namespace sluice::gotemplate {
namespace {

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Reads the tokens of one action, up to its closing braces.
class ActionLexer {
 public:
  ActionLexer(std::string_view text, std::size_t begin) : text_(text), at_(begin) {}

  /// False when the action has no end.
  bool read(std::vector<Token>& tokens) {
    while (at_ < text_.size()) {
      if (closes()) {
        return true;
      }
      if (is_space(text_[at_])) {
        ++at_;
        continue;
      }
      if (!token(tokens)) {
        return false;
      }
    }
    return false;
  }

  std::size_t end = 0;    ///< of what is between the braces
  std::size_t after = 0;  ///< first byte after the action
  bool trims = false;     ///< "-}}"

 private:
  bool closes() {
    const auto rest = text_.substr(at_);
    if (rest.starts_with("}}")) {
      end = at_;
      after = at_ + 2;
      return true;
    }
    if (rest.starts_with("-}}") && at_ > 0 && is_space(text_[at_ - 1])) {
      end = at_;
      after = at_ + 3;
      trims = true;
      return true;
    }
    return false;
  }

  bool token(std::vector<Token>& tokens) {
    Token token{.begin = at_};
    const char c = text_[at_];
    bool fine = true;
    if (c == '"') {
      fine = quoted_string(token);
    } else if (c == '`') {
      fine = raw_string(token);
    } else if (c == '.' || c == '$') {
      field(token);
    } else if (c == '|' || c == '(' || c == ')') {
      token.kind = c == '|' ? Token::Kind::pipe : c == '(' ? Token::Kind::open : Token::Kind::close;
      ++at_;
    } else if (is_digit(c) ||
               ((c == '-' || c == '+') && at_ + 1 < text_.size() && is_digit(text_[at_ + 1]))) {
      token.kind = Token::Kind::number;
      ++at_;
      while (at_ < text_.size() && (is_word(text_[at_]) || text_[at_] == '.')) {
        ++at_;
      }
    } else if (is_word(c)) {
      token.kind = Token::Kind::word;
      while (at_ < text_.size() && is_word(text_[at_])) {
        ++at_;
      }
    } else {
      ++at_;
    }
    token.end = at_;
    if (token.kind != Token::Kind::string) {
      token.text = text_.substr(token.begin, at_ - token.begin);
    }
    tokens.push_back(std::move(token));
    return fine;
  }

  /// Escapes beyond the plain ones make it no string of ours (kind other), never a wrong one.
  bool quoted_string(Token& token) {
    token.kind = Token::Kind::string;
    for (++at_; at_ < text_.size() && text_[at_] != '\n'; ++at_) {
      const char c = text_[at_];
      if (c == '"') {
        ++at_;
        return true;
      }
      if (c != '\\') {
        token.text += c;
        continue;
      }
      if (++at_ >= text_.size()) {
        return false;
      }
      constexpr std::string_view escapes = "nt\"\\";
      constexpr std::string_view meanings = "\n\t\"\\";
      const auto which = escapes.find(text_[at_]);
      if (which == std::string_view::npos) {
        token.kind = Token::Kind::other;
      } else {
        token.text += meanings[which];
      }
    }
    return false;
  }

  bool raw_string(Token& token) {
    const auto close = text_.find('`', at_ + 1);
    if (close == std::string_view::npos) {
      return false;
    }
    token.kind = Token::Kind::string;
    token.text = text_.substr(at_ + 1, close - at_ - 1);
    at_ = close + 1;
    return true;
  }

  void field(Token& token) {
    token.kind = Token::Kind::field;
    if (text_[at_] == '$') {
      token.from_root = true;
      ++at_;
      if (at_ < text_.size() && is_word(text_[at_])) {
        token.kind = Token::Kind::variable;
        while (at_ < text_.size() && is_word(text_[at_])) {
          ++at_;
        }
      }
    } else if (at_ + 1 >= text_.size() || !is_word(text_[at_ + 1])) {
      ++at_;  // the dot alone
      return;
    }
    while (at_ + 1 < text_.size() && text_[at_] == '.' && is_word(text_[at_ + 1])) {
      const auto begin = ++at_;
      while (at_ < text_.size() && is_word(text_[at_])) {
        ++at_;
      }
      token.names.emplace_back(text_.substr(begin, at_ - begin));
    }
  }

  std::string_view text_;
  std::size_t at_;
};

std::string_view trim_right(std::string_view text) {
  while (!text.empty() && is_space(text.back())) {
    text.remove_suffix(1);
  }
  return text;
}

std::size_t skip_space(std::string_view text, std::size_t at) {
  while (at < text.size() && is_space(text[at])) {
    ++at;
  }
  return at;
}

}  // namespace

std::optional<std::vector<Segment>> split_template(std::string_view text) {
  std::vector<Segment> segments;
  std::size_t at = 0;
  while (true) {
    const auto open = text.find("{{", at);
    auto plain = text.substr(at, open == std::string_view::npos ? open : open - at);
    if (open == std::string_view::npos) {
      segments.push_back({.text = plain});
      return segments;
    }
    std::size_t begin = open + 2;
    if (begin + 1 < text.size() && text[begin] == '-' && is_space(text[begin + 1])) {
      plain = trim_right(plain);
      begin += 2;
    }
    segments.push_back({.text = plain});
    const auto content = skip_space(text, begin);
    if (text.substr(content).starts_with("/*")) {
      const auto close = text.find("*/", content);
      const auto end = close == std::string_view::npos ? close : text.find("}}", close);
      if (end == std::string_view::npos) {
        return std::nullopt;
      }
      at = end + 2;
      if (text[end - 1] == '-') {
        at = skip_space(text, at);
      }
      continue;
    }
    Segment action{.is_action = true, .begin = begin};
    ActionLexer lexer(text, begin);
    if (!lexer.read(action.tokens)) {
      return std::nullopt;
    }
    action.end = lexer.end;
    segments.push_back(std::move(action));
    at = lexer.trims ? skip_space(text, lexer.after) : lexer.after;
  }
}

}  // namespace sluice::gotemplate
