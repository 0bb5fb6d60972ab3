// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "promote/evaluate.hpp"

#include <string>
#include <vector>

/// `.promote-hold` files as part of an evaluation.
namespace sluice::promote {

/// "a/b" of "a/b/values.yaml"; empty at the top.
std::string folder_of(const std::string& path);

/// All files of an environment that may hold values.
Result<std::vector<std::string>> owned_files(Tree& tree,
                                             const Environments& environments,
                                             std::string_view environment);

/// The deepest folder that all paths are in; empty: the top.
std::string common_folder(const std::vector<std::string>& paths);

/// Adds to the evaluation that `folder` holds `name`. No change when the line is there already.
Status add_hold(Tree& tree,
                const std::string& folder,
                const std::string& name,
                const std::string& reason,
                Evaluation& evaluation);

/// Adds to the evaluation that the line of `name` goes from each of the files that has one.
Status drop_hold(Tree& tree,
                 const std::vector<std::string>& files,
                 const std::string& name,
                 Evaluation& evaluation);

}  // namespace sluice::promote
