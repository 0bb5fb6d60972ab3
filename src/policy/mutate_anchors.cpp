// SPDX-License-Identifier: Apache-2.0
#include "policy/mutate_merge.hpp"
#include "policy/pattern.hpp"

#include <vector>

namespace sluice::policy {

namespace {

using Kind = TreeNode::Kind;
using Outcome = PreparedPatch::Kind;

bool is_condition(std::string_view key) {
  const Anchor anchor = parse_anchor(key).anchor;
  return anchor == Anchor::condition || anchor == Anchor::global;
}

bool is_anchor(std::string_view key) {
  return is_condition(key) || parse_anchor(key).anchor == Anchor::addition;
}

enum class Which : std::uint8_t { any, global };

/// Whether a key below is an anchor, or a text reads like a condition.
bool has_anchors(const TreeNode& pattern, Which which) {
  for (const auto& [key, value] : pattern.fields) {
    const bool is_one =
        which == Which::any ? is_anchor(key) : parse_anchor(key).anchor == Anchor::global;
    if (is_one || (!value->is_empty() && has_anchors(*value, which))) {
      return true;
    }
  }
  for (const TreeNode* element : pattern.elements) {
    if (has_anchors(*element, which)) {
      return true;
    }
  }
  return pattern.kind == Kind::scalar && is_condition(text_of(pattern));
}

/// Takes the anchors off a patch.
class Stripper {
 public:
  /// Whether nothing but conditions was there, so that the node itself has to go; `condition`: it
  /// is the value of one.
  bool strip(TreeNode& node, bool condition) {
    switch (node.kind) {
      case Kind::mapping:
        return mapping(node);
      case Kind::list:
        return list(node);
      default:
        return condition;
    }
  }

  /// The elements of a list cannot be told apart any more; Kyverno breaks off there.
  [[nodiscard]] bool lost() const { return lost_; }

 private:
  bool mapping(TreeNode& node) {
    bool left = false;
    for (const auto& field : conditions(node)) {
      if (strip(*field.value, true)) {
        node.erase(field.key);
      } else {
        left = true;
      }
    }
    for (auto& field : node.fields) {
      if (left && is_condition(field.key)) {
        field.key = parse_anchor(field.key).key;
      }
    }
    bool empty = true;
    const auto fields = node.fields;
    for (const auto& [key, value] : fields) {
      TreeNode* current = node.find(key);
      if (current != nullptr && strip(*current, false)) {
        node.erase(key);
      } else {
        empty = false;
      }
    }
    return empty;
  }

  /// Elements are removed by the place they had before the first was removed, as Kyverno does it:
  /// with two to remove it hits another one.
  bool list(TreeNode& node) {
    const auto elements = node.elements;
    for (std::size_t i = 0; i < elements.size(); ++i) {
      if (!has_anchors(*elements[i], Which::any) && !strip(*elements[i], false)) {
        continue;
      }
      if (i >= node.elements.size()) {
        lost_ = true;
        return false;
      }
      node.elements.erase(node.elements.begin() + static_cast<std::ptrdiff_t>(i));
    }
    return node.elements.empty() && !elements.empty();
  }

  static std::vector<TreeNode::Field> conditions(const TreeNode& node) {
    std::vector<TreeNode::Field> found;
    for (const auto& field : node.fields) {
      if (is_condition(field.key)) {
        found.push_back(field);
      }
    }
    return found;
  }

  bool lost_ = false;
};

class Preparer {
 public:
  explicit Preparer(Tree& tree) : tree_(tree) {}

  PreparedPatch run(TreeNode& patch, const TreeNode* object) {
    PreparedPatch outcome = element(patch, object);
    if (outcome.kind != Outcome::ready) {
      return outcome;
    }
    if (patch.kind != Kind::mapping) {
      return {Outcome::broken, "the patch is no mapping"};
    }
    const auto fields = patch.fields;
    for (const auto& [key, value] : fields) {
      if (TreeNode* current = patch.find(key);
          current != nullptr && stripper_.strip(*current, is_condition(key))) {
        patch.erase(key);
      }
    }
    return stripper_.lost() ? lost() : PreparedPatch{};
  }

 private:
  static PreparedPatch lost() {
    return {Outcome::broken,
            "Kyverno crashes when it takes several elements with anchors off one list"};
  }

  PreparedPatch element(TreeNode& pattern, const TreeNode* object) {
    if (tree_.full()) {
      return {Outcome::broken, "the patch grows too large"};
    }
    if (pattern.kind == Kind::mapping) {
      return mapping(pattern, object);
    }
    const bool of_mappings = pattern.kind == Kind::list && !pattern.elements.empty() &&
                             pattern.elements[0]->kind == Kind::mapping;
    return of_mappings ? list(pattern, object) : PreparedPatch{};
  }

  PreparedPatch mapping(TreeNode& pattern, const TreeNode* object) {
    resolve_additions(pattern, object);
    for (const Anchor anchor : {Anchor::global, Anchor::condition}) {
      std::string why;
      if (!conditions_hold(pattern, object, anchor, why)) {
        return {anchor == Anchor::global ? Outcome::global_condition : Outcome::condition, why};
      }
    }
    const auto fields = pattern.fields;
    for (const auto& [key, value] : fields) {
      if (is_anchor(key)) {
        continue;
      }
      const TreeNode* theirs = object == nullptr ? nullptr : object->find(key);
      if (auto outcome = element(*value, theirs); outcome.kind != Outcome::ready) {
        return outcome;
      }
    }
    return {};
  }

  /// `+(k)` becomes k, or goes if the object has k. Returns how many there were.
  static std::size_t resolve_additions(TreeNode& pattern, const TreeNode* object) {
    std::size_t count = 0;
    const auto fields = pattern.fields;
    for (const auto& [raw, value] : fields) {
      const auto parsed = parse_anchor(raw);
      if (parsed.anchor != Anchor::addition) {
        continue;
      }
      ++count;
      if (object != nullptr && object->find(parsed.key) != nullptr) {
        pattern.erase(raw);
        continue;
      }
      for (auto& field : pattern.fields) {
        if (field.key == raw) {
          field.key = parsed.key;
          break;
        }
      }
    }
    return count;
  }

  bool conditions_hold(TreeNode& pattern, const TreeNode* object, Anchor anchor, std::string& why) {
    for (const auto& [raw, value] : pattern.fields) {
      const auto parsed = parse_anchor(raw);
      if (parsed.anchor != anchor) {
        continue;
      }
      const TreeNode* theirs = object == nullptr ? nullptr : object->find(parsed.key);
      if (theirs == nullptr) {
        why = "the object has no \"" + std::string(parsed.key) + "\"";
        return false;
      }
      if (resolve_additions(*value, theirs) > 0) {
        continue;
      }
      Mismatch mismatch;
      const auto compiled = compile_pattern(tree_.arena(), as_pattern(*value));
      if (match_pattern(tree_.arena(), compiled, as_pattern(*theirs), mismatch) != Verdict::match) {
        why = mismatch.reason;
        return false;
      }
    }
    return true;
  }

  /// Scalars are compared as texts.
  Value as_pattern(const TreeNode& node) {
    return node.is_scalar() ? make_string(tree_.arena(), text_of(node)) : tree_.value(node);
  }

  /// An element with anchors is tried on every element of the object's list; where its conditions
  /// hold, a copy of it without anchors and with the name of the object's element is added.
  PreparedPatch list(TreeNode& pattern, const TreeNode* object) {
    if (object != nullptr && object->kind != Kind::null && object->kind != Kind::list) {
      return {Outcome::broken, "the patch has a list where the object has none"};
    }
    const auto theirs = object == nullptr ? std::vector<TreeNode*>() : object->elements;
    const auto ours = pattern.elements;
    for (TreeNode* mine : ours) {
      if (!has_anchors(*mine, Which::any)) {
        continue;
      }
      const bool global = has_anchors(*mine, Which::global);
      // One copy for all: what an element made of `+(k)` stays so for those after it.
      TreeNode* tried = tree_.copy(*mine);
      bool global_holds = false;
      PreparedPatch last_global;
      for (const TreeNode* their : theirs) {
        auto outcome = element(*tried, their);
        if (outcome.kind == Outcome::broken) {
          return outcome;
        }
        if (outcome.kind == Outcome::global_condition) {
          last_global = outcome;
        }
        if (outcome.kind != Outcome::ready) {
          continue;
        }
        global_holds = global_holds || global;
        if (!global && !add_named(pattern, *tried, *their)) {
          return lost();
        }
      }
      if (object == nullptr) {
        auto outcome = element(*tried, nullptr);
        if (outcome.kind == Outcome::condition) {
          continue;
        }
        if (outcome.kind != Outcome::ready) {
          return outcome;
        }
        global_holds = global_holds || global;
      }
      if (!global_holds && last_global.kind != Outcome::ready) {
        return last_global;
      }
    }
    return {};
  }

  bool add_named(TreeNode& pattern, const TreeNode& tried, const TreeNode& their) {
    const TreeNode* name = their.find("name");
    if (name == nullptr || name->is_empty()) {
      return true;
    }
    TreeNode* made = tree_.copy(tried);
    if (!stripper_.strip(*made, true)) {
      made->set("name", tree_.copy(*name));
      pattern.elements.push_back(made);
    }
    return !stripper_.lost();
  }

  Tree& tree_;
  Stripper stripper_;
};

}  // namespace

PreparedPatch prepare_patch(Tree& tree, TreeNode* patch, const TreeNode* object) {
  return Preparer(tree).run(*patch, object);
}

}  // namespace sluice::policy
