// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/scalars.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::policy {

/// One node of a document that can be changed. Nodes are known by their address, as a merge needs
/// it: a node that stands in the patch and in the result is the same one.
struct TreeNode {
  enum class Kind : std::uint8_t { null, scalar, list, mapping };
  struct Field {
    std::string_view key;
    TreeNode* value = nullptr;
  };

  Kind kind = Kind::null;
  Value origin;  ///< of a scalar: its value; of the others: where they came from
  std::vector<Field> fields;
  std::vector<TreeNode*> elements;

  [[nodiscard]] bool is_scalar() const { return kind == Kind::null || kind == Kind::scalar; }
  /// The first field of that name; nullptr when there is none or this is no mapping.
  [[nodiscard]] TreeNode* find(std::string_view key) const;
  void set(std::string_view key, TreeNode* value);
  void erase(std::string_view key);
  /// Null, "{}" or "[]".
  [[nodiscard]] bool is_empty() const;
};

/// The text that a scalar has in YAML, by which elements are compared: "8080" for 8080. Empty for
/// mappings and lists, "null" for null.
std::string text_of(const TreeNode& node);

/// Owns the nodes of the documents that one mutation works on. Bounded: past `most_nodes` it makes
/// empty nodes only and says so, which whoever works on it must look at before taking the result.
class Tree {
 public:
  static constexpr std::size_t most_nodes = 2'000'000;
  static constexpr std::size_t deepest = 1200;

  explicit Tree(Arena& arena) : arena_(arena) {}

  /// A copy of a value; the fields of mappings sorted by key, as Go writes them.
  TreeNode* make(const Value& value);
  TreeNode* make(TreeNode::Kind kind);
  TreeNode* copy(const TreeNode& node);
  /// The value of a node, in the arena.
  Value value(const TreeNode& node);

  [[nodiscard]] Arena& arena() { return arena_; }
  [[nodiscard]] bool full() const { return full_; }

 private:
  TreeNode* make(const Value& value, std::size_t depth);
  TreeNode* copy(const TreeNode& node, std::size_t depth);
  Value value(const TreeNode& node, std::size_t depth);

  Arena& arena_;
  std::deque<TreeNode> nodes_;
  TreeNode spare_;
  bool full_ = false;
};

/// A copy of a value that needs nothing but the arena.
Value detached(Arena& arena, const Value& value);

/// Equal, fields in the same order: what byte-wise comparison of two JSON texts says.
bool same_text(const TreeNode& a, const TreeNode& b);

}  // namespace sluice::policy
