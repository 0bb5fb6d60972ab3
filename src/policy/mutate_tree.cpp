// SPDX-License-Identifier: Apache-2.0
#include "policy/mutate_tree.hpp"

#include <algorithm>

namespace sluice::policy {

TreeNode* TreeNode::find(std::string_view key) const {
  const auto found =
      std::find_if(fields.begin(), fields.end(), [&](const Field& f) { return f.key == key; });
  return found == fields.end() ? nullptr : found->value;
}

void TreeNode::set(std::string_view key, TreeNode* value) {
  const auto found =
      std::find_if(fields.begin(), fields.end(), [&](const Field& f) { return f.key == key; });
  if (found != fields.end()) {
    found->value = value;
  } else {
    fields.push_back({key, value});
  }
}

void TreeNode::erase(std::string_view key) {
  const auto found =
      std::find_if(fields.begin(), fields.end(), [&](const Field& f) { return f.key == key; });
  if (found != fields.end()) {
    fields.erase(found);
  }
}

bool TreeNode::is_empty() const {
  return kind == Kind::null || (kind == Kind::mapping && fields.empty()) ||
         (kind == Kind::list && elements.empty());
}

std::string text_of(const TreeNode& node) {
  switch (node.kind) {
    case TreeNode::Kind::null:
      return "null";
    case TreeNode::Kind::scalar:
      break;
    default:
      return "";
  }
  if (node.origin.is(Type::string)) {
    return std::string(node.origin.as_string());
  }
  std::string text;
  append_json(node.origin, text);
  return text;
}

TreeNode* Tree::make(TreeNode::Kind kind) {
  full_ = full_ || nodes_.size() >= most_nodes;
  if (full_) {
    spare_ = {.kind = kind, .origin = {}, .fields = {}, .elements = {}};
    return &spare_;
  }
  nodes_.push_back({.kind = kind, .origin = {}, .fields = {}, .elements = {}});
  return &nodes_.back();
}

TreeNode* Tree::make(const Value& value) {
  return make(value, 0);
}

TreeNode* Tree::make(const Value& value, std::size_t depth) {
  full_ = full_ || depth > deepest;
  TreeNode* node = make(value.is_null()          ? TreeNode::Kind::null
                        : value.is(Type::array)  ? TreeNode::Kind::list
                        : value.is(Type::object) ? TreeNode::Kind::mapping
                                                 : TreeNode::Kind::scalar);
  node->origin = value;
  if (full_) {
    return node;
  }
  if (value.is(Type::object)) {
    for (const auto& [key, member] : sorted_members(value)) {
      node->fields.push_back({key, make(member, depth + 1)});
    }
  } else if (value.is(Type::array)) {
    for (std::size_t i = 0; i < value.size(); ++i) {
      node->elements.push_back(make(value.at(i), depth + 1));
    }
  }
  return node;
}

TreeNode* Tree::copy(const TreeNode& node) {
  return copy(node, 0);
}

TreeNode* Tree::copy(const TreeNode& node, std::size_t depth) {
  full_ = full_ || depth > deepest;
  TreeNode* made = make(node.kind);
  made->origin = node.origin;
  if (full_) {
    return made;
  }
  for (const auto& [key, value] : node.fields) {
    made->fields.push_back({key, copy(*value, depth + 1)});
  }
  for (const TreeNode* element : node.elements) {
    made->elements.push_back(copy(*element, depth + 1));
  }
  return made;
}

Value Tree::value(const TreeNode& node) {
  return value(node, 0);
}

Value Tree::value(const TreeNode& node, std::size_t depth) {
  full_ = full_ || depth > deepest;
  if (full_ || node.is_scalar()) {
    return node.kind == TreeNode::Kind::scalar ? node.origin
                                               : Value::null().standing_at(node.origin);
  }
  if (node.kind == TreeNode::Kind::list) {
    const auto elements = arena_.array<Value>(node.elements.size());
    for (std::size_t i = 0; i < elements.size(); ++i) {
      elements[i] = value(*node.elements[i], depth + 1);
    }
    return Value::array(elements).standing_at(node.origin);
  }
  const auto members = arena_.array<Member>(node.fields.size());
  for (std::size_t i = 0; i < members.size(); ++i) {
    members[i] = {node.fields[i].key, value(*node.fields[i].value, depth + 1)};
  }
  return Value::object(members.first(sort_members(members))).standing_at(node.origin);
}

Value detached(Arena& arena, const Value& value) {
  switch (value.type()) {
    case Type::string:
      return make_string(arena, value.as_string());
    case Type::number:
      return Value::number(value.as_number());
    case Type::boolean:
      return Value::boolean(value.as_boolean());
    case Type::array: {
      const auto elements = arena.array<Value>(value.size());
      for (std::size_t i = 0; i < elements.size(); ++i) {
        elements[i] = detached(arena, value.at(i));
      }
      return Value::array(elements);
    }
    case Type::object: {
      const auto members = arena.array<Member>(value.size());
      for (std::size_t i = 0; i < members.size(); ++i) {
        members[i] = {arena.copy(value.key_at(i)), detached(arena, value.member_at(i))};
      }
      return Value::object(members.first(sort_members(members)));
    }
    default:
      return Value::null();
  }
}

bool same_text(const TreeNode& a, const TreeNode& b) {
  if (a.kind != b.kind || a.fields.size() != b.fields.size() ||
      a.elements.size() != b.elements.size()) {
    return false;
  }
  if (a.kind == TreeNode::Kind::scalar && !equal(a.origin, b.origin)) {
    return false;
  }
  for (std::size_t i = 0; i < a.fields.size(); ++i) {
    if (a.fields[i].key != b.fields[i].key || !same_text(*a.fields[i].value, *b.fields[i].value)) {
      return false;
    }
  }
  for (std::size_t i = 0; i < a.elements.size(); ++i) {
    if (!same_text(*a.elements[i], *b.elements[i])) {
      return false;
    }
  }
  return true;
}

}  // namespace sluice::policy
