// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/mutate_tree.hpp"

#include <string>

namespace sluice::policy {

/// How merging a patch ended.
struct MergeOutcome {
  TreeNode* node = nullptr;  ///< the result; nullptr: the patch deletes the whole object
  std::string error;         ///< not empty: why it cannot be merged. Printable by one_line().
};

/// Merges a patch into an object as kustomize does, and Kyverno with it: mappings field by field,
/// lists that merge_keys.hpp names element by element (new ones come first), all else replaced;
/// null and `$patch: delete` remove, `$patch: replace` replaces. Both trees are used up.
///
/// Where kustomize does what nobody would ask for - a list element without its merge key makes it
/// lose others - so does this: the point is to say what Kyverno will do.
MergeOutcome strategic_merge(Tree& tree, TreeNode* object, TreeNode* patch);

/// What Kyverno does to a patch before: conditions `(k)` and `<(k)` are tried on the object,
/// `+(k)` stays when the object has no k, and all anchors are taken off. What is left is merged.
struct PreparedPatch {
  enum class Kind : std::uint8_t { ready, condition, global_condition, broken };
  Kind kind = Kind::ready;  ///< a condition that does not hold: there is nothing to merge
  std::string reason;
};
PreparedPatch prepare_patch(Tree& tree, TreeNode* patch, const TreeNode* object);

}  // namespace sluice::policy
