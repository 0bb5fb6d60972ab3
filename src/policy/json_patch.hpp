// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"
#include "policy/mutate_tree.hpp"

#include <string_view>

namespace sluice::policy {

/// Applies a JSON patch (RFC 6902) to a document as Kyverno does: an `add` makes the parents that
/// are missing and fills lists up with nulls, a `remove` of what is not there does nothing, and
/// indices may count from the end. `patch` is YAML.
///
/// Errors (Kind::parse): the patch is none, or an operation does not apply.
Result<TreeNode*> json_patch(Tree& tree, TreeNode* document, std::string_view patch);

/// Whether a text is a JSON patch at all, its paths beginning with "/". Errors (Kind::parse): why
/// it is none.
Status check_patch(std::string_view patch);

}  // namespace sluice::policy
