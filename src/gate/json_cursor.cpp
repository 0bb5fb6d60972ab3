// SPDX-License-Identifier: Apache-2.0
#include "gate/json_cursor.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <charconv>

namespace sluice::gate {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

}  // namespace

void JsonCursor::fail(std::string problem) {
  if (!failed_) {
    failed_ = true;
    problem_ = std::move(problem);
  }
}

void JsonCursor::syntax(std::string_view what) {
  if (failed_) {
    return;
  }
  if (at_ >= bytes_.size()) {
    fail("cut short: the JSON ends in the middle of a value");
    return;
  }
  fail("no JSON: " + line() + ": " + std::string(what));
}

void JsonCursor::unexpected(std::string_view what) {
  if (peek() == Kind::none) {
    syntax("a value is missing");
  } else {
    fail("changed schema: " + line() + ' ' + std::string(what));
  }
}

std::string JsonCursor::line() const {
  const auto end = bytes_.begin() + static_cast<long>(at_);
  return "line " + std::to_string(1 + std::count(bytes_.begin(), end, '\n'));
}

void JsonCursor::space() {
  while (at_ < bytes_.size() && (bytes_[at_] == ' ' || bytes_[at_] == '\n' || bytes_[at_] == '\t' ||
                                 bytes_[at_] == '\r')) {
    ++at_;
  }
}

JsonCursor::Kind JsonCursor::peek() {
  space();
  if (failed_ || at_ >= bytes_.size()) {
    return Kind::none;
  }
  switch (bytes_[at_]) {
    case 'n':
      return Kind::null;
    case 't':
    case 'f':
      return Kind::boolean;
    case '"':
      return Kind::string;
    case '[':
      return Kind::array;
    case '{':
      return Kind::object;
    default:
      return bytes_[at_] == '-' || is_digit(bytes_[at_]) ? Kind::number : Kind::none;
  }
}

bool JsonCursor::open(char bracket, std::string_view what) {
  const Kind kind = peek();
  if (kind == Kind::null) {
    word("null");
    return false;
  }
  if (failed_ || at_ >= bytes_.size() || bytes_[at_] != bracket) {
    unexpected("is not " + std::string(what));
    return false;
  }
  if (++depth_ > most_depth) {
    fail("no JSON: more than " + std::to_string(most_depth) + " values within each other");
    return false;
  }
  ++at_;
  return true;
}

bool JsonCursor::closes(char bracket) {
  space();
  if (at_ < bytes_.size() && bytes_[at_] == bracket) {
    ++at_;
    return true;
  }
  return false;
}

bool JsonCursor::next(char bracket) {
  if (closes(bracket)) {
    return false;
  }
  if (at_ < bytes_.size() && bytes_[at_] == ',') {
    ++at_;
    return true;
  }
  syntax("a comma or closing bracket is missing");
  return false;
}

bool JsonCursor::is_new(Keys& keys, std::string_view key) {
  if (keys.many.empty()) {
    const auto end = keys.few.begin() + static_cast<long>(keys.count);
    if (std::find(keys.few.begin(), end, key) != end) {
      return false;
    }
    if (keys.count < keys.few.size()) {
      keys.few.at(keys.count++) = key;
      return true;
    }
    keys.many.insert(keys.few.begin(), keys.few.end());
  }
  return keys.many.insert(key).second;
}

std::string_view JsonCursor::member_key(Keys& keys) {
  space();
  if (at_ >= bytes_.size() || bytes_[at_] != '"') {
    syntax("a key is missing");
    return {};
  }
  bool escaped = false;
  std::string_view key = raw_string(escaped);
  if (escaped && !failed_) {
    key = decoded_keys_.emplace_back(decode(key));
  }
  if (failed_) {
    return {};
  }
  if (!is_new(keys, key)) {
    syntax("the key " + text::quoted(key, 60) + " is there twice");
    return {};
  }
  space();
  if (at_ >= bytes_.size() || bytes_[at_] != ':') {
    syntax("a colon is missing");
    return {};
  }
  ++at_;
  return key;
}

void JsonCursor::word(std::string_view expected) {
  if (bytes_.substr(at_, expected.size()) != expected) {
    at_ = bytes_.size() - at_ < expected.size() ? bytes_.size() : at_;
    syntax("a word that JSON does not have");
    return;
  }
  at_ += expected.size();
}

std::string_view JsonCursor::raw_number() {
  const std::size_t begin = at_;
  const auto digits = [&] {
    const std::size_t from = at_;
    while (at_ < bytes_.size() && is_digit(bytes_[at_])) {
      ++at_;
    }
    if (at_ == from) {
      syntax("a number without digits");
    }
    return at_ - from;
  };
  const auto take = [&](std::string_view any) {
    const bool there = at_ < bytes_.size() && any.find(bytes_[at_]) != std::string_view::npos;
    at_ += there ? 1 : 0;
    return there;
  };
  take("-");
  const bool zero = at_ < bytes_.size() && bytes_[at_] == '0';
  if (digits() > 1 && zero) {
    syntax("a number that begins with 0");
  }
  if (take(".")) {
    digits();
  }
  if (take("eE")) {
    take("+-");
    digits();
  }
  return bytes_.substr(begin, at_ - begin);
}

std::string JsonCursor::text() {
  const Kind kind = peek();
  if (kind == Kind::null) {
    word("null");
    return {};
  }
  if (kind != Kind::string) {
    unexpected("is no string");
    return {};
  }
  bool escaped = false;
  const std::string_view raw = raw_string(escaped);
  return escaped && !failed_ ? decode(raw) : std::string(raw);
}

bool JsonCursor::boolean() {
  const Kind kind = peek();
  if (kind == Kind::null) {
    word("null");
    return false;
  }
  if (kind != Kind::boolean) {
    fail("changed schema: a value is not true or false");
    return false;
  }
  const bool value = bytes_[at_] == 't';
  word(value ? "true" : "false");
  return value;
}

std::uint64_t JsonCursor::number() {
  const Kind kind = peek();
  if (kind == Kind::null) {
    word("null");
    return 0;
  }
  std::uint64_t value = 0;
  const std::string_view raw = kind == Kind::number ? raw_number() : std::string_view();
  const auto [end, error] = std::from_chars(raw.data(), raw.data() + raw.size(), value);
  if (raw.empty() || error != std::errc{} || end != raw.data() + raw.size() ||
      value > (std::uint64_t{1} << 53U)) {
    fail("changed schema: a value is no whole number");
    return 0;
  }
  return value;
}

void JsonCursor::skip() {
  switch (peek()) {
    case Kind::object:
      object([this](std::string_view) { skip(); });
      return;
    case Kind::array:
      array([this] { skip(); });
      return;
    case Kind::string: {
      bool escaped = false;
      const std::string_view raw = raw_string(escaped);
      if (escaped && !failed_ && raw.find("\\u") != std::string_view::npos) {
        (void)decode(raw);
      }
      return;
    }
    case Kind::number:
      (void)raw_number();
      return;
    case Kind::boolean:
      word(bytes_[at_] == 't' ? "true" : "false");
      return;
    case Kind::null:
      word("null");
      return;
    case Kind::none:
      syntax("a value is missing");
  }
}

yaml::Value JsonCursor::value() {
  yaml::Value out;
  out.style = yaml::Style::json;
  if (++values_ > most_values) {
    fail("too large: more than " + std::to_string(most_values) + " values");
    return out;
  }
  switch (peek()) {
    case Kind::object:
      out.kind = yaml::Kind::mapping;
      object([&](std::string_view key) {
        std::string name(key);
        out.members.emplace_back(std::move(name), value());
      });
      break;
    case Kind::array:
      out.kind = yaml::Kind::sequence;
      array([&] { out.items.push_back(value()); });
      break;
    case Kind::string:
      out.kind = yaml::Kind::string;
      out.text = text();
      break;
    case Kind::number: {
      out.text = raw_number();
      const bool whole = out.text.find_first_of(".eE") == std::string::npos;
      out.kind = whole ? yaml::Kind::integer : yaml::Kind::real;
      break;
    }
    case Kind::boolean:
      out.kind = yaml::Kind::boolean;
      out.text = boolean() ? "true" : "false";
      break;
    default:
      skip();
  }
  return out;
}

void JsonCursor::finish() {
  space();
  if (!failed_ && at_ < bytes_.size()) {
    syntax("there is more after the end of the report");
  }
}

}  // namespace sluice::gate
