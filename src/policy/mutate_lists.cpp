// SPDX-License-Identifier: Apache-2.0
#include "policy/mutate_lists.hpp"

#include <algorithm>
#include <set>

namespace sluice::policy {

namespace {

using Kind = TreeNode::Kind;

std::string text_at(const TreeNode& element, const std::string& key) {
  const TreeNode* value = element.find(key);
  return value == nullptr || value->is_empty() ? "" : text_of(*value);
}

bool alike(const Texts& a, const Texts& b, Texts& united) {
  bool common = false;
  united.clear();
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i] != b[i] && !a[i].empty() && !b[i].empty()) {
      return false;
    }
    common = common || a[i] == b[i];
    united.push_back(a[i].empty() ? b[i] : a[i]);
  }
  return common;
}

enum class Fit : std::uint8_t { yes, no, wrong_kind };

/// Whether an element is the one of these texts. A key without a text - there may be fewer texts
/// than keys - looks where the one before it did; an empty text stands for any value.
Fit fits(const TreeNode& element,
         std::span<const std::string> keys,
         std::span<const std::string> values) {
  bool found = false;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (i < values.size()) {
      if (keys[i].empty()) {
        if (!element.is_scalar()) {
          return Fit::wrong_kind;
        }
        found = text_of(element) == values[i];
      } else {
        if (element.kind != Kind::mapping) {
          return Fit::wrong_kind;
        }
        const TreeNode* value = element.find(keys[i]);
        found = value != nullptr && (values[i].empty() || text_of(*value) == values[i]);
      }
    }
    if (!found) {
      return Fit::no;
    }
  }
  return Fit::yes;
}

}  // namespace

std::vector<Texts> element_texts(std::initializer_list<const TreeNode*> lists,
                                 std::span<const std::string> keys) {
  std::vector<Texts> all;
  std::set<Texts> seen;
  for (const TreeNode* list : lists) {
    if (list == nullptr) {
      continue;
    }
    for (const TreeNode* element : list->elements) {
      Texts texts;
      for (const auto& key : keys) {
        texts.push_back(key.empty() ? text_of(*element) : text_at(*element, key));
      }
      if (seen.insert(texts).second) {
        all.push_back(std::move(texts));
      }
    }
  }
  return all;
}

void unite_alike(std::vector<Texts>& all) {
  Texts united;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const Texts first = all[i];
    for (std::size_t j = 0; j < all.size(); ++j) {
      if (alike(first, all[j], united)) {
        all[i] = united;
        all[j] = united;
      }
    }
  }
}

KeyValues in_use(std::initializer_list<Texts> all,
                 std::span<const std::string> values,
                 std::span<const std::string> keys) {
  return in_use(std::span<const Texts>(all.begin(), all.size()), values, keys);
}

KeyValues in_use(std::span<const Texts> all,
                 std::span<const std::string> values,
                 std::span<const std::string> keys) {
  std::set<std::string_view> used;
  for (const auto& texts : all) {
    for (std::size_t i = 0; i < texts.size() && i < keys.size(); ++i) {
      if (!texts[i].empty()) {
        used.insert(keys[i]);
      }
    }
  }
  KeyValues made;
  if (used.empty()) {
    return {{keys.begin(), keys.end()}, {values.begin(), values.end()}};
  }
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (used.contains(keys[i])) {
      made.keys.push_back(keys[i]);
    }
  }
  for (std::size_t i = 0; i < values.size() && i < keys.size(); ++i) {
    if (!values[i].empty() || used.contains(keys[i])) {
      made.values.push_back(values[i]);
    }
  }
  return made;
}

TreeNode* find_element(const TreeNode* list, const KeyValues& wanted) {
  if (list == nullptr) {
    return nullptr;
  }
  for (TreeNode* element : list->elements) {
    if (wanted.keys[0].empty()) {
      if (text_of(*element) == wanted.values[0]) {
        return element;
      }
      continue;
    }
    bool all = element->kind == Kind::mapping;
    for (std::size_t i = 0; i < wanted.keys.size() && all; ++i) {
      const TreeNode* value = element->find(wanted.keys[i]);
      all = value != nullptr && i < wanted.values.size() && text_of(*value) == wanted.values[i];
    }
    if (all) {
      return element;
    }
  }
  return nullptr;
}

bool set_element(TreeNode& list,
                 TreeNode* element,
                 std::span<const std::string> keys,
                 std::span<const std::string> values,
                 std::string& error) {
  const bool wants_mapping = !keys[0].empty() && !values.empty() && !values[0].empty();
  std::vector<TreeNode*> kept;
  bool placed = false;
  for (TreeNode* old : list.elements) {
    if (old->kind == Kind::null || (old->kind == Kind::mapping && old->fields.empty())) {
      continue;
    }
    if (old->kind != Kind::mapping && wants_mapping) {
      kept.push_back(old);
      continue;
    }
    const Fit fit = fits(*old, keys, values);
    if (fit == Fit::wrong_kind) {
      error = "an element of a list that is merged is of the wrong kind";
      return false;
    }
    if (fit == Fit::no) {
      if (!values.empty()) {
        kept.push_back(old);
      }
      continue;
    }
    placed = true;
    if (element != nullptr) {
      kept.push_back(element);
    }
  }
  list.elements = std::move(kept);
  if (element != nullptr && element->kind != Kind::null && !placed) {
    list.elements.push_back(element);
  }
  return true;
}

bool append_elements(TreeNode& list,
                     const TreeNode& from,
                     std::span<const std::string> keys,
                     std::string& error) {
  const std::vector<TreeNode*> elements = from.elements;  // `from` may be changed below
  for (TreeNode* element : elements) {
    Texts values;
    for (const auto& key : keys) {
      if (key.empty()) {
        values.push_back(text_of(*element));
        continue;
      }
      if (element->kind != Kind::mapping && element->kind != Kind::null) {
        error = "an element of a list that is merged is of the wrong kind";
        return false;
      }
      const TreeNode* value = element->find(key);
      if (value == nullptr) {
        list.elements.push_back(element);
      } else {
        values.push_back(text_of(*value));
      }
    }
    // With several keys an element that is there already would be put in once more.
    if ((keys.size() > 1 && !set_element(list, nullptr, keys, values, error)) ||
        !set_element(list, element, keys, values, error)) {
      return false;
    }
  }
  return true;
}

}  // namespace sluice::policy
