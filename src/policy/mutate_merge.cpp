// SPDX-License-Identifier: Apache-2.0
#include "policy/mutate_merge.hpp"

#include "policy/merge_keys.hpp"
#include "policy/mutate_lists.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace sluice::policy {

namespace {

using Kind = TreeNode::Kind;

bool missing_or_null(const TreeNode* node) {
  return node == nullptr || node->kind == Kind::null;
}

enum class Directive : std::uint8_t { merge, replace, remove };

class Merger {
 public:
  explicit Merger(Tree& tree) : tree_(tree) {}

  /// What stands in the object after: nothing, or a node, of which a null is kept only if the
  /// patch did not speak of it.
  struct Result {
    TreeNode* node = nullptr;
    bool keep_null = false;
  };

  Result walk(TreeNode* object, TreeNode* patch, MergeShape shape) {
    if (tree_.full()) {
      fail("the result grows too large");
    }
    if (!error_.empty()) {
      return {};
    }
    const TreeNode* first = missing_or_null(object) ? patch : object;
    if (missing_or_null(first) || first->kind == Kind::mapping) {
      return fits(patch, Kind::mapping) ? mapping(object, patch, shape_at(object, patch, shape))
                                        : Result{};
    }
    if (!fits(patch, first->kind)) {
      return {};
    }
    return {patch != nullptr ? patch : object, false};  // a list too: replaced as a whole
  }

  std::string& error() { return error_; }

 private:
  void fail(std::string why) { error_ = error_.empty() ? std::move(why) : error_; }

  bool fits(const TreeNode* patch, Kind kind) {
    if (missing_or_null(patch) || patch->kind == kind) {
      return true;
    }
    fail(
        "the patch and the object differ in kind: one has a list or mapping where the other has "
        "none");
    return false;
  }

  /// A custom resource may hold an object of a kind that is known.
  static MergeShape shape_at(const TreeNode* object, const TreeNode* patch, MergeShape shape) {
    for (const TreeNode* node : {object, patch}) {
      if (shape == MergeShape::unknown && node != nullptr && node->kind == Kind::mapping) {
        const TreeNode* version = node->find("apiVersion");
        const TreeNode* kind = node->find("kind");
        if (version != nullptr && kind != nullptr) {
          shape = merge_shape(text_of(*version), text_of(*kind));
        }
      }
    }
    return shape;
  }

  static bool is_directive(const TreeNode& value) {
    const std::string text = text_of(value);
    return text == "delete" || text == "replace" || text == "merge";
  }

  Directive named(const TreeNode& value) {
    const std::string text = text_of(value);
    if (!is_directive(value)) {
      fail("unknown patch strategy \"" + text + "\"");
    }
    return text == "delete"    ? Directive::remove
           : text == "replace" ? Directive::replace
                               : Directive::merge;
  }

  /// The `$patch` of a mapping, which is taken out.
  Directive directive(TreeNode* patch) {
    const TreeNode* value = patch == nullptr ? nullptr : patch->find("$patch");
    if (value == nullptr) {
      return Directive::merge;
    }
    const Directive found = named(*value);
    patch->erase("$patch");
    return found;
  }

  /// The same of a list: an element that is nothing but a `$patch`.
  Directive list_directive(TreeNode* patch) {
    if (patch == nullptr) {
      return Directive::merge;
    }
    for (const TreeNode* element : patch->elements) {
      const TreeNode* value = element->find("$patch");
      if (value == nullptr) {
        continue;
      }
      if (element->fields.size() > 1) {
        return Directive::merge;
      }
      const Directive found = named(*value);
      const std::array<std::string, 1> key = {"$patch"};
      const std::array<std::string, 1> text = {text_of(*value)};
      set_element(*patch, nullptr, key, text, error_);
      return found;
    }
    return Directive::merge;
  }

  Result mapping(TreeNode* object, TreeNode* patch, MergeShape shape) {
    TreeNode* into = nullptr;
    if (missing_or_null(object)) {
      const TreeNode* asked = patch == nullptr ? nullptr : patch->find("$patch");
      // Of a strategy that there is none, nothing is said here; it stays in the object.
      if (asked != nullptr && is_directive(*asked) && directive(patch) == Directive::remove) {
        return {};
      }
      if (patch == nullptr) {
        return {object, true};
      }
      into = patch;
    } else {
      if (patch != nullptr && patch->kind == Kind::null) {
        return {};
      }
      const Directive asked = directive(patch);
      if (asked == Directive::remove || !error_.empty()) {
        return {};
      }
      into = asked == Directive::replace ? patch : object;
    }
    fields(*into, patch, shape);
    return {into, false};
  }

  void fields(TreeNode& into, TreeNode* patch, MergeShape shape) {
    std::set<std::string_view> keys;
    for (const auto& field : into.fields) {
      keys.insert(field.key);
    }
    if (patch != nullptr) {
      for (const auto& field : patch->fields) {
        keys.insert(field.key);
      }
    }
    for (const auto key : keys) {
      const MergeField field = merge_field(shape, key);
      TreeNode* theirs = patch == nullptr ? nullptr : patch->find(key);
      TreeNode* ours = into.find(key);
      const TreeNode* first = missing_or_null(ours) ? theirs : ours;
      const bool merged = field.merged && first != nullptr && first->kind == Kind::list;
      const Result result = merged ? list(ours, theirs, field) : walk(ours, theirs, field.shape);
      if (!error_.empty()) {
        return;
      }
      if (result.node == nullptr || (result.node->kind == Kind::null && !result.keep_null)) {
        into.erase(key);
      } else {
        into.set(key, result.node);
      }
    }
  }

  Result list(TreeNode* object, TreeNode* patch, const MergeField& field) {
    if (!fits(patch, Kind::list)) {
      return {};
    }
    TreeNode* into = object;
    if (missing_or_null(object)) {
      into = patch;
    } else if (patch != nullptr && patch->kind == Kind::null) {
      return {};
    } else {
      const Directive asked = list_directive(patch);
      if (asked == Directive::remove || !error_.empty()) {
        return {};
      }
      into = asked == Directive::replace ? patch : object;
    }
    return {elements(into, patch, field), false};
  }

  TreeNode* elements(TreeNode* into, TreeNode* patch, const MergeField& field) {
    const std::vector<std::string> keys =
        field.keys.empty() ? std::vector<std::string>{""}
                           : std::vector<std::string>(field.keys.begin(), field.keys.end());
    // Elements of the patch come first, so that they stand first in the result.
    std::vector<Texts> all = element_texts({patch, into}, keys);
    if (keys.size() > 1) {
      unite_alike(all);
    }
    TreeNode* made = tree_.make(Kind::list);
    made->origin = into->origin;
    KeyValues last;
    for (const auto& texts : all) {
      last = in_use(all, texts, keys);
      const KeyValues own = in_use({last.values}, last.values, last.keys);
      const Result result = walk(find_element(into, own), find_element(patch, own), field.shape);
      if (!error_.empty()) {
        return nullptr;
      }
      const bool gone = missing_or_null(result.node) ||
                        (result.node->kind == Kind::mapping && result.node->fields.empty());
      if (gone) {
        set_element(*into, nullptr, last.keys, last.values, error_);
        continue;
      }
      for (std::size_t i = 0; i < last.keys.size() && result.node->kind == Kind::mapping; ++i) {
        if (result.node->find(last.keys[i]) == nullptr && !last.values[i].empty()) {
          result.node->set(tree_.arena().copy(last.keys[i]),
                           tree_.make(make_string(tree_.arena(), last.values[i])));
        }
      }
      set_element(*made, result.node, last.keys, last.values, error_);
    }
    if (!all.empty()) {
      append_elements(*made, *into, last.keys, error_);
      return made;
    }
    return into;
  }

  Tree& tree_;
  std::string error_;
};

}  // namespace

MergeOutcome strategic_merge(Tree& tree, TreeNode* object, TreeNode* patch) {
  Merger merger(tree);
  const auto result = merger.walk(object, patch, MergeShape::unknown);
  MergeOutcome outcome{.node = result.node, .error = merger.error()};
  if (outcome.error.empty() && tree.full()) {
    outcome.error = "the result grows too large";
  }
  return outcome;
}

}  // namespace sluice::policy
