// SPDX-License-Identifier: Apache-2.0
#include "argo/go_template.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <map>

namespace sluice::argo {

const std::string_view no_value_mark = "\xEE\x80\x80no value\xEE\x80\x80";

namespace {

using yaml::Kind;
using yaml::Value;
using State = Evaluation::State;

/// float64 as Go prints it by default: the shortest digits, with an exponent from 1e+06 and below
/// 1e-04. (The same in Argo CD and Helm: both read every number as a float64.)
std::string go_number(const std::string& text) {
  const double value = std::strtod(text.c_str(), nullptr);
  std::array<char, 40> digits{};
  const auto scientific = std::to_chars(digits.data(), digits.data() + digits.size(), value,
                                        std::chars_format::scientific);
  const std::string_view form(digits.data(),
                              static_cast<std::size_t>(scientific.ptr - digits.data()));
  const int exponent = std::atoi(form.substr(form.find('e') + 1).data());
  if (exponent < -4 || exponent >= 6) {
    return std::string(form);
  }
  const auto fixed =
      std::to_chars(digits.data(), digits.data() + digits.size(), value, std::chars_format::fixed);
  return {digits.data(), fixed.ptr};
}

/// What a command gives: a value, or nothing (a missing key, a null).
struct Result {
  State state = State::done;
  const Value* value = nullptr;  ///< nullptr: no value
  Value made;                    ///< holds what a function returned
  std::string message;
};

Result unsupported(std::string message) {
  return {.state = State::unsupported, .message = std::move(message)};
}

Result failed(std::string message) {
  return {.state = State::failed, .message = std::move(message)};
}

Result made(Value value) {
  Result result{.made = std::move(value)};
  return result;
}

const Value* get(const Result& result) {
  if (result.value != nullptr) {
    return result.value;
  }
  return result.made.kind == Kind::null ? nullptr : &result.made;
}

Result lookup(const Value& root, const Token& token, MissingKey missing) {
  const Value* value = &root;
  for (const auto& name : token.names) {
    if (value == nullptr) {
      return {};  // a field of a missing value is missing too
    }
    if (value->kind == Kind::null) {
      return failed("nil pointer evaluating interface {}." + name);
    }
    if (!value->is_mapping()) {
      return failed("can't evaluate field " + name + " in a value that is no mapping");
    }
    value = value->find(name);
    if (value == nullptr && missing == MissingKey::error) {
      return failed("map has no entry for key \"" + name + "\"");
    }
  }
  if (value != nullptr && value->kind == Kind::null) {
    value = nullptr;
  }
  return {.value = value};
}

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

std::string upper(std::string text) {
  for (char& c : text) {
    c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return text;
}

/// sprig's trunc: the first n bytes, or with a negative n the last.
std::string truncate(const std::string& text, long count) {
  const auto size = static_cast<long>(text.size());
  if (count >= 0) {
    return text.substr(0, static_cast<std::size_t>(std::min(size, count)));
  }
  return size + count > 0 ? text.substr(static_cast<std::size_t>(size + count)) : text;
}

Result index(const std::vector<Result>& arguments) {
  const Value* value = arguments.empty() ? nullptr : get(arguments.front());
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    const auto* key = get(arguments[i]);
    if (value == nullptr || key == nullptr) {
      return unsupported("index of a missing value");
    }
    if (value->is_mapping() && key->is_string()) {
      value = value->find(key->text);
      if (value != nullptr && value->kind == Kind::null) {
        value = nullptr;
      }
      continue;
    }
    if (value->kind != Kind::sequence || key->kind != Kind::integer) {
      return unsupported("index of another kind of value");
    }
    const auto at = std::strtol(key->text.c_str(), nullptr, 10);
    if (at < 0 || static_cast<std::size_t>(at) >= value->items.size()) {
      return failed("index out of range: " + key->text);
    }
    value = &value->items[static_cast<std::size_t>(at)];
  }
  return value == nullptr ? Result{} : made(*value);
}

/// Functions of texts (and a number for trunc), with the number of their arguments.
Result string_function(std::string_view name, const std::vector<Result>& arguments) {
  std::vector<std::string> texts;
  for (const auto& argument : arguments) {
    const auto* value = get(argument);
    if (value == nullptr || (!value->is_string() && !(name == "trunc" && texts.empty()))) {
      return unsupported("a function of a value that is no text");
    }
    texts.push_back(value->text);
  }
  const auto count = texts.size();
  if (count == 1 && (name == "lower" || name == "upper") && is_ascii(texts[0])) {
    return made(Value::string(name == "lower" ? text::to_lower(texts[0]) : upper(texts[0])));
  }
  if (count == 1 && name == "normalize" && is_ascii(texts[0])) {
    return made(Value::string(normalize_name(texts[0])));
  }
  if (count == 1 && name == "squote") {
    return made(Value::string("'" + texts[0] + "'"));
  }
  if (count == 2 && name == "trimPrefix") {
    const bool there = texts[1].starts_with(texts[0]);
    return made(Value::string(there ? texts[1].substr(texts[0].size()) : texts[1]));
  }
  if (count == 2 && name == "trimSuffix") {
    const bool there = texts[1].ends_with(texts[0]);
    return made(
        Value::string(there ? texts[1].substr(0, texts[1].size() - texts[0].size()) : texts[1]));
  }
  if (count == 3 && name == "replace" && !texts[0].empty()) {
    return made(Value::string(text::replace_all(texts[2], texts[0], texts[1])));
  }
  if (count == 2 && name == "trunc" && get(arguments[0])->kind == Kind::integer) {
    return made(Value::string(truncate(texts[1], std::strtol(texts[0].c_str(), nullptr, 10))));
  }
  return unsupported("function " + std::string(name));
}

Result call(std::string_view name, const std::vector<Result>& arguments) {
  if (name == "index") {
    return index(arguments);
  }
  if (name == "default" && arguments.size() == 2) {
    const auto* given = get(arguments[1]);
    const auto* chosen = given == nullptr || given->is_zero() ? get(arguments[0]) : given;
    return chosen == nullptr ? Result{} : made(*chosen);
  }
  return string_function(name, arguments);
}

/// Pipelines of commands; parentheses hold a pipeline.
class Evaluator {
 public:
  Evaluator(const std::vector<Token>& tokens, const Value& root, MissingKey missing)
      : tokens_(tokens), root_(root), missing_(missing) {}

  Result run() {
    auto result = pipeline(0);
    if (result.state == State::done && at_ != tokens_.size()) {
      return unsupported("an action of another form");
    }
    return result;
  }

 private:
  static constexpr int deepest = 50;  ///< parentheses

  [[nodiscard]] bool more() const { return at_ < tokens_.size(); }
  [[nodiscard]] Token::Kind kind() const { return tokens_[at_].kind; }

  Result pipeline(int depth) {
    std::optional<Result> piped;
    while (true) {
      auto result = command(std::move(piped), depth);
      if (result.state != State::done || !more() || kind() != Token::Kind::pipe) {
        return result;
      }
      ++at_;
      piped = std::move(result);
    }
  }

  Result command(std::optional<Result> piped, int depth) {
    if (!more()) {
      return unsupported("an empty action");
    }
    std::string function;
    if (kind() == Token::Kind::word) {
      function = tokens_[at_++].text;
    } else if (piped) {
      return unsupported("a pipe into a value");
    }
    std::vector<Result> operands;
    while (more() && kind() != Token::Kind::pipe && kind() != Token::Kind::close) {
      operands.push_back(operand(depth));
      if (operands.back().state != State::done) {
        return std::move(operands.back());
      }
    }
    if (function.empty()) {
      return operands.size() == 1 ? std::move(operands.front())
                                  : unsupported("a command without a function");
    }
    if (piped) {
      operands.push_back(std::move(*piped));
    }
    return call(function, operands);
  }

  Result operand(int depth) {
    const auto& token = tokens_[at_++];
    switch (token.kind) {
      case Token::Kind::field:
        return touches_next(token) ? unsupported("a field of a result")
                                   : lookup(root_, token, missing_);
      case Token::Kind::string:
        return made(Value::string(token.text));
      case Token::Kind::number:
        if (token.text.find_first_not_of("-0123456789") != std::string::npos ||
            token.text.size() > 9 || (token.text.size() > 1 && token.text[0] == '0')) {
          return unsupported("a number that is no small integer");
        }
        return made({.kind = Kind::integer, .text = token.text});
      case Token::Kind::open: {
        if (depth >= deepest) {
          return unsupported("parentheses nested too deep");
        }
        auto result = pipeline(depth + 1);
        if (result.state == State::done && (!more() || kind() != Token::Kind::close)) {
          return unsupported("a parenthesis without its end");
        }
        if (result.state == State::done && touches_next(tokens_[at_])) {
          return unsupported("a field of a result");
        }
        ++at_;
        return result;
      }
      default:
        return unsupported("a variable or keyword");
    }
  }

  /// "(index .a 0).b" and "x.y": Go reads on where no space is.
  [[nodiscard]] bool touches_next(const Token& token) const {
    const auto next = static_cast<std::size_t>(&token - tokens_.data()) + 1;
    return next < tokens_.size() && tokens_[next].begin == token.end &&
           tokens_[next].kind == Token::Kind::field;
  }

  const std::vector<Token>& tokens_;
  const Value& root_;
  MissingKey missing_;
  std::size_t at_ = 0;
};

}  // namespace

std::string go_text(const Value& value) {
  switch (value.kind) {
    case Kind::null:
      return "<nil>";
    case Kind::integer:
    case Kind::real:
      return go_number(value.text);
    case Kind::sequence: {
      std::string out = "[";
      for (const auto& item : value.items) {
        out += (&item == value.items.data() ? "" : " ") + go_text(item);
      }
      return out + "]";
    }
    case Kind::mapping: {
      std::map<std::string_view, const Value*> sorted;
      for (const auto& [key, member] : value.members) {
        sorted[key] = &member;
      }
      std::string out = "map[";
      for (const auto& [key, member] : sorted) {
        out += (out.size() == 4 ? "" : " ") + std::string(key) + ":" + go_text(*member);
      }
      return out + "]";
    }
    default:
      return value.text;
  }
}

std::string normalize_name(std::string_view name) {
  std::string out = text::to_lower(name);
  for (char& c : out) {
    const bool kept = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
    c = kept ? c : '-';
  }
  out.resize(std::min<std::size_t>(out.size(), 253));
  const auto first = out.find_first_not_of("-.");
  return first == std::string::npos ? ""
                                    : out.substr(first, out.find_last_not_of("-.") - first + 1);
}

Evaluation evaluate_natively(std::string_view text, const Value& parameters, MissingKey missing) {
  if (text.find("{{") == std::string_view::npos) {
    return {State::done, std::string(text)};
  }
  const auto segments = split_template(text);
  if (!segments) {
    return {State::failed, "an action \"{{\" has no end"};
  }
  std::string out;
  for (const auto& segment : *segments) {
    if (!segment.is_action) {
      out += segment.text;
      continue;
    }
    const auto result = Evaluator(segment.tokens, parameters, missing).run();
    if (result.state != State::done) {
      return {result.state, result.message};
    }
    const auto* value = get(result);
    out += value == nullptr ? "<no value>" : go_text(*value);
  }
  return {State::done, std::move(out)};
}

}  // namespace sluice::argo
