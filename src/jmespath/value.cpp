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

Value Value::expression(const Node& node) {
  Value result;
  result.type_ = Type::expression;
  result.expression_ = &node;
  return result;
}

Value Value::resolved(const yaml::Node& node) {
  return node.kind == yaml::Kind::boolean ? boolean(yaml::as_bool(node))
                                          : number(yaml::as_double(node).value_or(0));
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

std::optional<Value> Value::find(std::string_view key) const {
  if (type_ != Type::object) {
    return std::nullopt;
  }
  if (is_view()) {
    const auto pairs = document_->children(*node_);
    for (std::size_t i = 0; i < pairs.size(); i += 2) {
      const auto name = pairs[i].text;
      // Most keys differ in length or in their first letter.
      if (name.size() == key.size() && (key.empty() || name[0] == key[0]) && name == key) {
        return of(*document_, pairs[i + 1]);
      }
    }
    return std::nullopt;
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
