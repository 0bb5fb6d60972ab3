// SPDX-License-Identifier: Apache-2.0
#include "jmespath/value.hpp"

#include "yaml/canonical.hpp"

#include <algorithm>
#include <array>

namespace sluice::jmespath {

std::string_view name(Type type) {
  constexpr std::array<std::string_view, 7> names = {"null",  "boolean", "number", "string",
                                                     "array", "object",  "expref"};
  return names[static_cast<std::size_t>(type)];
}

Value Value::boolean(bool value) {
  Value result;
  result.type_ = Type::boolean;
  result.boolean_ = value;
  return result;
}

Value Value::number(double value) {
  Value result;
  result.type_ = Type::number;
  result.number_ = value;
  return result;
}

Value Value::string(std::string_view text) {
  Value result;
  result.type_ = Type::string;
  result.size_ = static_cast<std::uint32_t>(text.size());
  result.chars_ = text.data();
  return result;
}

Value Value::array(std::span<const Value> elements) {
  Value result;
  result.type_ = Type::array;
  result.size_ = static_cast<std::uint32_t>(elements.size());
  result.elements_ = elements.data();
  return result;
}

Value Value::object(std::span<const Member> members) {
  Value result;
  result.type_ = Type::object;
  result.size_ = static_cast<std::uint32_t>(members.size());
  result.members_ = members.data();
  return result;
}

Value Value::expression(const Node& node) {
  Value result;
  result.type_ = Type::expression;
  result.expression_ = &node;
  return result;
}

Value Value::of(const yaml::Document& document, const yaml::Node& node) {
  Value result;
  switch (node.kind) {
    case yaml::Kind::null:
      break;
    case yaml::Kind::boolean:
      result = boolean(yaml::as_bool(node));
      break;
    case yaml::Kind::integer:
    case yaml::Kind::real:
      result = number(yaml::as_double(node).value_or(0));
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

Value Value::standing_at(const Value& place) const {
  Value result = *this;
  const bool empty_collection = (is(Type::array) || is(Type::object)) && elements_ == nullptr;
  if (!empty_collection) {  // an empty one would be taken for a view of the place
    result.document_ = place.document_;
    result.node_ = place.node_;
  }
  return result;
}

std::size_t Value::size() const {
  return is(Type::array) || is(Type::object) ? size_ : 0;
}

Value Value::at(std::size_t i) const {
  return is_view() ? of(*document_, document_->children(*node_)[i]) : elements_[i];
}

std::string_view Value::key_at(std::size_t i) const {
  return is_view() ? document_->children(*node_)[2 * i].text : members_[i].key;
}

Value Value::member_at(std::size_t i) const {
  return is_view() ? of(*document_, document_->children(*node_)[2 * i + 1]) : members_[i].value;
}

std::optional<Value> Value::find(std::string_view key) const {
  if (type_ != Type::object) {
    return std::nullopt;
  }
  if (is_view()) {
    const auto* found = document_->find(*node_, key);
    return found == nullptr ? std::nullopt : std::optional(of(*document_, *found));
  }
  for (std::uint32_t i = 0; i < size_; ++i) {
    if (members_[i].key == key) {
      return members_[i].value;
    }
  }
  return std::nullopt;
}

Value Value::get(std::initializer_list<std::string_view> keys) const {
  Value current = *this;
  for (const auto key : keys) {
    current = current.find(key).value_or(Value());
  }
  return current;
}

std::string_view Value::text(std::initializer_list<std::string_view> keys) const {
  const Value found = get(keys);
  return found.is(Type::string) ? found.as_string() : std::string_view();
}

std::size_t sort_members(std::span<Member> members) {
  std::stable_sort(members.begin(), members.end(),
                   [](const Member& a, const Member& b) { return a.key < b.key; });
  std::size_t kept = 0;
  for (std::size_t i = 0; i < members.size(); ++i) {
    if (i + 1 < members.size() && members[i + 1].key == members[i].key) {
      continue;
    }
    members[kept++] = members[i];
  }
  return kept;
}

std::vector<Member> sorted_members(const Value& object) {
  std::vector<Member> members(object.size());
  for (std::size_t i = 0; i < members.size(); ++i) {
    members[i] = {object.key_at(i), object.member_at(i)};
  }
  members.resize(sort_members(members));
  return members;
}

Value make_object(Arena& arena, std::span<const Member> members) {
  const auto own = arena.array<Member>(members.size());
  std::copy(members.begin(), members.end(), own.begin());
  return Value::object(own.first(sort_members(own)));
}

Value make_array(Arena& arena, std::span<const Value> elements) {
  const auto own = arena.array<Value>(elements.size());
  std::copy(elements.begin(), elements.end(), own.begin());
  return Value::array(own);
}

Value make_string(Arena& arena, std::string_view text) {
  return Value::string(arena.copy(text));
}

std::span<const Member> sorted_members(Arena& arena, const Value& object) {
  const auto sorted = sorted_members(object);
  const auto members = arena.array<Member>(sorted.size());
  std::copy(sorted.begin(), sorted.end(), members.begin());
  return members;
}

bool truthy(const Value& value) {
  switch (value.type()) {
    case Type::null:
      return false;
    case Type::boolean:
      return value.as_boolean();
    case Type::string:
      return !value.as_string().empty();
    case Type::array:
    case Type::object:
      return value.size() != 0;
    case Type::number:
    case Type::expression:
      return true;
  }
  return true;
}

bool equal(const Value& a, const Value& b) {
  if (a.type() != b.type()) {
    return false;
  }
  switch (a.type()) {
    case Type::null:
      return true;
    case Type::boolean:
      return a.as_boolean() == b.as_boolean();
    case Type::number:
      return a.as_number() == b.as_number();
    case Type::string:
      return a.as_string() == b.as_string();
    case Type::expression:
      return false;
    case Type::array:
      if (a.size() != b.size()) {
        return false;
      }
      for (std::size_t i = 0; i < a.size(); ++i) {
        if (!equal(a.at(i), b.at(i))) {
          return false;
        }
      }
      return true;
    case Type::object:
      if (a.size() != b.size()) {
        return false;
      }
      for (std::size_t i = 0; i < a.size(); ++i) {
        const auto other = b.find(a.key_at(i));
        if (!other || !equal(a.member_at(i), *other)) {
          return false;
        }
      }
      return true;
  }
  return false;
}

}  // namespace sluice::jmespath
