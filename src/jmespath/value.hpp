// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"
#include "jmespath/arena.hpp"
#include "yaml/document.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::jmespath {

struct Node;  // of an expression: ast.hpp

enum class Type : std::uint8_t { null, boolean, number, string, array, object, expression };

std::string_view name(
    Type type);  ///< as type() says: "null", "boolean", ... ; "expref" for an expression

struct Member;

/// A JSON value: either made by an evaluation, or a view of a manifest's own node, which is never
/// copied.
///
/// Small, trivially copyable, owning nothing: what it points to lives in an Arena or in a
/// yaml::Document. Numbers are doubles, as in Kyverno's own evaluation. A value that came from a
/// manifest knows its node, so that a finding can point at it.
class Value {
 public:
  Value() = default;
  static Value null() { return {}; }
  static Value boolean(bool value) {
    Value result;
    result.type_ = Type::boolean;
    result.boolean_ = value;
    return result;
  }
  static Value number(double value) {
    Value result;
    result.type_ = Type::number;
    result.number_ = value;
    return result;
  }
  /// `text` must live as long as the value.
  static Value string(std::string_view text) {
    Value result;
    result.type_ = Type::string;
    result.size_ = static_cast<std::uint32_t>(text.size());
    result.chars_ = text.data();
    return result;
  }
  static Value array(std::span<const Value> elements) {
    Value result;
    result.type_ = Type::array;
    result.size_ = static_cast<std::uint32_t>(elements.size());
    result.elements_ = elements.data();
    return result;
  }
  /// `members` must be sorted by key, each key once: see sort_members().
  static Value object(std::span<const Member> members);
  static Value expression(const Node& node);
  static Value of(const yaml::Document& document, const yaml::Node& node);

  [[nodiscard]] Type type() const { return type_; }
  [[nodiscard]] bool is(Type type) const { return type_ == type; }
  [[nodiscard]] bool is_null() const { return type_ == Type::null; }

  [[nodiscard]] bool as_boolean() const { return boolean_; }  ///< precondition: boolean
  [[nodiscard]] double as_number() const { return number_; }  ///< precondition: number
  [[nodiscard]] std::string_view as_string() const {
    return {chars_, size_};
  }  ///< precondition: string
  [[nodiscard]] const Node& as_expression() const { return *expression_; }

  /// Elements of an array, members of an object, else 0.
  [[nodiscard]] std::size_t size() const { return is(Type::array) || is(Type::object) ? size_ : 0; }
  /// Precondition: array, i < size().
  [[nodiscard]] Value at(std::size_t i) const;
  /// Precondition: object, i < size(). Members of a manifest's mapping come in the order they were
  /// written.
  [[nodiscard]] std::string_view key_at(std::size_t i) const;
  [[nodiscard]] Value member_at(std::size_t i) const;
  /// The member; nothing when it is absent or this is no object.
  [[nodiscard]] std::optional<Value> find(std::string_view key) const;
  /// Several keys deep; null when one is absent.
  [[nodiscard]] Value get(std::initializer_list<std::string_view> keys) const;
  /// The string there, or empty.
  [[nodiscard]] std::string_view text(std::initializer_list<std::string_view> keys) const;

  /// Where it stands in a manifest; nullptr when an evaluation made it.
  [[nodiscard]] const yaml::Document* document() const { return document_; }
  [[nodiscard]] const yaml::Node* node() const { return node_; }
  /// The same value, said to stand where `place` does.
  [[nodiscard]] Value standing_at(const Value& place) const;

 private:
  static Value resolved(const yaml::Node& node);  ///< a boolean or a number
  [[nodiscard]] bool is_view() const { return elements_ == nullptr && node_ != nullptr; }

  Type type_ = Type::null;
  std::uint32_t size_ = 0;
  union {
    bool boolean_;
    double number_;
    const char* chars_;
    const Value* elements_ = nullptr;
    const Member* members_;
    const Node* expression_;
  };
  const yaml::Document* document_ = nullptr;
  const yaml::Node* node_ = nullptr;
};

struct Member {
  std::string_view key;
  Value value;
};

// Walking a manifest is these few, for each rule and field, so they are inline.

inline Value Value::object(std::span<const Member> members) {
  Value result;
  result.type_ = Type::object;
  result.size_ = static_cast<std::uint32_t>(members.size());
  result.members_ = members.data();
  return result;
}

inline Value Value::of(const yaml::Document& document, const yaml::Node& node) {
  Value result;
  switch (node.kind) {
    case yaml::Kind::null:
      break;
    case yaml::Kind::boolean:
    case yaml::Kind::integer:
    case yaml::Kind::real:
      result = resolved(node);
      break;
    case yaml::Kind::string:
      result = string(node.text);
      break;
    case yaml::Kind::sequence:
      result.type_ = Type::array;
      result.size_ = node.child_count;
      break;
    case yaml::Kind::mapping:
      result.type_ = Type::object;
      result.size_ = node.child_count / 2;
      break;
  }
  result.document_ = &document;
  result.node_ = &node;
  return result;
}

inline Value Value::at(std::size_t i) const {
  return is_view() ? of(*document_, document_->children(*node_)[i]) : elements_[i];
}

inline std::string_view Value::key_at(std::size_t i) const {
  return is_view() ? document_->children(*node_)[2 * i].text : members_[i].key;
}

inline Value Value::member_at(std::size_t i) const {
  return is_view() ? of(*document_, document_->children(*node_)[2 * i + 1]) : members_[i].value;
}

/// Sorts by key; of equal keys the last one stays. Returns how many are left at the front.
std::size_t sort_members(std::span<Member> members);
/// The members of an object so. Precondition: object.
std::vector<Member> sorted_members(const Value& object);

/// An object made of these, sorted, in the arena.
Value make_object(Arena& arena, std::span<const Member> members);
Value make_array(Arena& arena, std::span<const Value> elements);
/// A string whose text is copied into the arena.
Value make_string(Arena& arena, std::string_view text);

/// The members in the order of their keys.
std::span<const Member> sorted_members(Arena& arena, const Value& object);

/// Equal in type and content; objects regardless of order.
bool equal(const Value& a, const Value& b);

/// JMESPath's truth: false, null, "", [] and {} are not.
bool truthy(const Value& value);

/// As Go's encoding/json writes a float64: 1, 0.5, 1e+21.
void append_number(double value, std::string& out);

/// Compact JSON with sorted keys, as Go's encoding/json writes it ('<', '>' and '&' are escaped).
void append_json(const Value& value, std::string& out);

/// JSON text into the arena. Errors (Kind::parse): where it stops being JSON.
Result<Value> parse_json(std::string_view text, Arena& arena);

}  // namespace sluice::jmespath
