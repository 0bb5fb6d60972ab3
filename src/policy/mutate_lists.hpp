// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/mutate_tree.hpp"

#include <span>
#include <string>
#include <vector>

/// Lists whose elements are known by the text of some fields (or, for the one key "", by their own
/// text), as kustomize's library handles them.
namespace sluice::policy {

using Texts = std::vector<std::string>;  ///< of an element's keys, empty where it has none

struct KeyValues {
  Texts keys, values;
};

/// The texts of every element of the lists, each once, in order of appearance.
std::vector<Texts> element_texts(std::initializer_list<const TreeNode*> lists,
                                 std::span<const std::string> keys);

/// Texts that differ only where one is empty become the same: a port without a protocol is the
/// port of that number with one.
void unite_alike(std::vector<Texts>& all);

/// The keys that some element has, and the element's texts for them; all keys if none has any.
KeyValues in_use(std::span<const Texts> all,
                 std::span<const std::string> values,
                 std::span<const std::string> keys);
KeyValues in_use(std::initializer_list<Texts> all,
                 std::span<const std::string> values,
                 std::span<const std::string> keys);

/// The first element with these texts.
TreeNode* find_element(const TreeNode* list, const KeyValues& wanted);

/// Puts an element in the place of those with these texts, or at the end; nullptr takes them out.
/// Empty elements go in any case. False: an element is of the wrong kind, see `error`.
bool set_element(TreeNode& list,
                 TreeNode* element,
                 std::span<const std::string> keys,
                 std::span<const std::string> values,
                 std::string& error);

/// set_element() for each element of `from`, by its own texts.
bool append_elements(TreeNode& list,
                     const TreeNode& from,
                     std::span<const std::string> keys,
                     std::string& error);

}  // namespace sluice::policy
