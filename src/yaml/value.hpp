// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"
#include "yaml/document.hpp"

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sluice::yaml {

/// A value that may be changed, unlike the nodes of a Document: what templates, merges and patches
/// make of a manifest before it means something.
struct Value {
  struct Member;  ///< a key and its value; no pair, of which clang 14 makes none with this inside

  Kind kind = Kind::null;
  Style style = Style::plain;
  /// A scalar's text. Numbers as canonical JSON writes them (0644 is "420"), booleans "true" or
  /// "false", null empty.
  std::string text;
  std::vector<Value> items;     ///< of a sequence
  std::vector<Member> members;  ///< of a mapping, as they were written
  std::uint32_t line = 0;       ///< where a person finds it; 0 when there is no such place
  std::uint32_t column = 0;

  static Value string(std::string text);
  static Value boolean(bool value);
  static Value mapping();
  static Value sequence();

  [[nodiscard]] bool is_mapping() const { return kind == Kind::mapping; }
  [[nodiscard]] bool is_string() const { return kind == Kind::string; }
  [[nodiscard]] bool is_true() const { return kind == Kind::boolean && text == "true"; }
  /// Null, false, 0, "", and collections without a member: what Go calls a zero value.
  [[nodiscard]] bool is_zero() const;

  /// The value of a key; nullptr when it is absent or this is no mapping.
  [[nodiscard]] const Value* find(std::string_view key) const;
  [[nodiscard]] Value* find(std::string_view key);
  [[nodiscard]] const Value* find(std::initializer_list<std::string_view> keys) const;
  /// The text of a string below, or empty.
  [[nodiscard]] std::string_view text_at(std::initializer_list<std::string_view> keys) const;

  /// Replaces the member of that name, or adds it at the end; makes this a mapping.
  Value& set(std::string_view key, Value value);
  void erase(std::string_view key);
};

struct Value::Member {
  std::string first;
  Value second;

  Member() = default;
  Member(std::string key, Value value) : first(std::move(key)), second(std::move(value)) {}
};

/// A copy of `node` with aliases written out. Places are those of Document::where.
/// Errors (Kind::limit): more than `max_values` values, as aliases of aliases can make.
Result<Value> to_value(const Document& document,
                       const Node& node,
                       std::size_t max_values = 1'000'000);

/// Parses one document, as Kubernetes reads YAML or JSON; an empty one is null.
/// Errors (Kind::parse): the first syntax error, or a second document; (Kind::limit).
Result<Value> parse_value(std::string bytes, const std::string& file);

/// Canonical JSON: sorted keys, no spaces. It is YAML too.
void append_json(const Value& value, std::string& out);
std::string to_json(const Value& value);

/// RFC 7396: members of `patch` replace those of `target`, mappings recursively; null removes.
void merge_patch(Value& target, const Value& patch);

/// Lays `over` on `target` as Helm lays values files on each other: mappings recursively, all else
/// is replaced, null included.
void merge_values(Value& target, const Value& over);

/// Fills what is missing or zero in `target` from `under`, mappings recursively.
void merge_missing(Value& target, const Value& under);

}  // namespace sluice::yaml
