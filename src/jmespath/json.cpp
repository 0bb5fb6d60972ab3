// SPDX-License-Identifier: Apache-2.0
#include "base/json_text.hpp"
#include "jmespath/value.hpp"

#include <charconv>
#include <cmath>
#include <vector>

namespace sluice::jmespath {

namespace {

constexpr int depth_limit = 500;

/// RFC 8259, strictly.
class Reader {
 public:
  Reader(std::string_view text, Arena& arena) : text_(text), arena_(arena) {}

  Result<Value> read() {
    Value value;
    if (!element(value, 0)) {
      return failure();
    }
    space();
    if (at_ != text_.size()) {
      return failure();
    }
    return value;
  }

 private:
  [[nodiscard]] Error failure() const {
    return {Error::Kind::parse, "not JSON at byte " + std::to_string(at_ + 1)};
  }
  [[nodiscard]] char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  void space() {
    while (at_ < text_.size() &&
           (peek() == ' ' || peek() == '\n' || peek() == '\t' || peek() == '\r')) {
      ++at_;
    }
  }
  bool take(char c) {
    space();
    if (at_ < text_.size() && text_[at_] == c) {
      ++at_;
      return true;
    }
    return false;
  }
  bool word(std::string_view expected) {
    if (text_.substr(at_, expected.size()) != expected) {
      return false;
    }
    at_ += expected.size();
    return true;
  }

  bool element(Value& out, int depth) {
    space();
    if (depth > depth_limit) {
      return false;
    }
    switch (peek()) {
      case '{':
        return object(out, depth);
      case '[':
        return array(out, depth);
      case '"': {
        std::string_view text;
        if (!string(text)) {
          return false;
        }
        out = Value::string(text);
        return true;
      }
      case 't':
        out = Value::boolean(true);
        return word("true");
      case 'f':
        out = Value::boolean(false);
        return word("false");
      case 'n':
        out = Value();
        return word("null");
      default:
        return number(out);
    }
  }

  bool object(Value& out, int depth) {
    ++at_;
    std::vector<Member> members;
    if (!take('}')) {
      do {
        space();
        Member member;
        if (peek() != '"' || !string(member.key) || !take(':') ||
            !element(member.value, depth + 1)) {
          return false;
        }
        members.push_back(member);
      } while (take(','));
      if (!take('}')) {
        return false;
      }
    }
    out = make_object(arena_, members);
    return true;
  }

  bool array(Value& out, int depth) {
    ++at_;
    std::vector<Value> elements;
    if (!take(']')) {
      do {
        Value value;
        if (!element(value, depth + 1)) {
          return false;
        }
        elements.push_back(value);
      } while (take(','));
      if (!take(']')) {
        return false;
      }
    }
    out = make_array(arena_, elements);
    return true;
  }

  bool number(Value& out) {
    const std::size_t start = at_;
    const auto digits = [this] {
      const std::size_t first = at_;
      while (peek() >= '0' && peek() <= '9') {
        ++at_;
      }
      return at_ - first;
    };
    if (peek() == '-') {
      ++at_;
    }
    const bool leading_zero = peek() == '0';
    const std::size_t whole = digits();
    if (whole == 0 || (leading_zero && whole > 1)) {
      return false;
    }
    if (peek() == '.') {
      ++at_;
      if (digits() == 0) {
        return false;
      }
    }
    if (peek() == 'e' || peek() == 'E') {
      ++at_;
      if (peek() == '+' || peek() == '-') {
        ++at_;
      }
      if (digits() == 0) {
        return false;
      }
    }
    double value = 0;
    std::from_chars(text_.data() + start, text_.data() + at_, value);
    out = Value::number(value);
    return true;
  }

  bool hex4(std::uint32_t& code) {
    const auto digits = text_.substr(at_, 4);
    const auto end = std::from_chars(digits.data(), digits.data() + digits.size(), code, 16);
    at_ += 4;
    return digits.size() == 4 && end.ptr == digits.data() + 4;
  }

  bool escape(std::string& out) {
    const char c = peek();
    ++at_;
    constexpr std::string_view from = "\"\\/bfnrt";
    constexpr std::string_view to = "\"\\/\b\f\n\r\t";
    if (const auto i = from.find(c); i != std::string_view::npos) {
      out += to[i];
      return true;
    }
    std::uint32_t code = 0;
    if (c != 'u' || !hex4(code)) {
      return false;
    }
    if (code >= 0xD800 && code < 0xDC00 && text_.substr(at_, 2) == "\\u") {
      const std::size_t back = at_;
      std::uint32_t low = 0;
      at_ += 2;
      if (hex4(low) && low >= 0xDC00 && low < 0xE000) {
        text::append_utf8(0x10000 + ((code - 0xD800) << 10U) + (low - 0xDC00), out);
        return true;
      }
      at_ = back;
    }
    text::append_utf8(code >= 0xD800 && code < 0xE000 ? 0xFFFD : code, out);
    return true;
  }

  bool string(std::string_view& out) {
    const std::size_t start = ++at_;
    while (at_ < text_.size() && text_[at_] != '"' && text_[at_] != '\\') {
      if (static_cast<unsigned char>(text_[at_]) < 0x20) {
        return false;
      }
      ++at_;
    }
    if (peek() == '"') {
      out = arena_.copy(text_.substr(start, at_ - start));
      ++at_;
      return true;
    }
    std::string unescaped(text_.substr(start, at_ - start));
    while (at_ < text_.size() && text_[at_] != '"') {
      const char c = text_[at_++];
      if (static_cast<unsigned char>(c) < 0x20 || (c == '\\' && !escape(unescaped))) {
        return false;
      }
      if (c != '\\') {
        unescaped += c;
      }
    }
    if (at_ >= text_.size()) {
      return false;
    }
    ++at_;
    out = arena_.copy(unescaped);
    return true;
  }

  std::string_view text_;
  Arena& arena_;
  std::size_t at_ = 0;
};

}  // namespace

void append_number(double value, std::string& out) {
  char buffer[400];
  const double magnitude = std::fabs(value);
  const bool exponent = magnitude != 0 && (magnitude < 1e-6 || magnitude >= 1e21);
  const auto end =
      std::to_chars(buffer, buffer + sizeof buffer, value,
                    exponent ? std::chars_format::scientific : std::chars_format::fixed);
  std::string_view text(buffer, static_cast<std::size_t>(end.ptr - buffer));
  // Go drops the zero of a one-digit negative exponent: 1e-07 is written 1e-7.
  if (exponent && text.size() >= 4 && text.substr(text.size() - 4, 3) == "e-0") {
    out += text.substr(0, text.size() - 2);
    out += text.back();
    return;
  }
  out += text;
}

void append_json(const Value& value, std::string& out) {
  switch (value.type()) {
    case Type::null:
    case Type::expression:
      out += "null";
      return;
    case Type::boolean:
      out += value.as_boolean() ? "true" : "false";
      return;
    case Type::number:
      append_number(value.as_number(), out);
      return;
    case Type::string:
      text::append_json_string(value.as_string(), out, text::JsonEscapes::go);
      return;
    case Type::array:
      out += '[';
      for (std::size_t i = 0; i < value.size(); ++i) {
        out += i == 0 ? "" : ",";
        append_json(value.at(i), out);
      }
      out += ']';
      return;
    case Type::object: {
      out += '{';
      bool first = true;
      for (const auto& [key, member] : sorted_members(value)) {
        out += first ? "" : ",";
        first = false;
        text::append_json_string(key, out, text::JsonEscapes::go);
        out += ':';
        append_json(member, out);
      }
      out += '}';
      return;
    }
  }
}

Result<Value> parse_json(std::string_view text, Arena& arena) {
  return Reader(text, arena).read();
}

}  // namespace sluice::jmespath
