// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "promote/evaluate.hpp"

#include <optional>
#include <string>
#include <vector>

/// All images and models of an environment, whoever asks.
namespace sluice::promote {

/// One version of one thing in one environment.
struct Entry {
  ItemKind kind = ItemKind::image;
  std::string name;  ///< normalised for images: "ghcr.io/acme/iris"
  std::string environment;
  std::string version;              ///< the whole reference or URI
  std::vector<std::string> files;   ///< where it stands, sorted
  diag::Location at;                ///< the first place
  std::optional<std::string> hold;  ///< the reason, possibly empty, when it is held
};

/// Sorted by name, then version. Places that others override, and those without a name, are left
/// out. Errors: those of the tree, and survey()'s.
Result<std::vector<Entry>> inventory(Tree& tree,
                                     const Environments& environments,
                                     const std::string& environment);

/// What a change does against the order: for each environment of `config`, versions that `head`
/// has and `base` has not must be in the environments before it (promote/out-of-order; a warning,
/// promote/unordered, for a thing that they do not have at all), must not be held in both
/// (promote/held), and the environment must not be frozen (promote/frozen). What the change itself
/// puts on hold is a rollback, and free.
Result<std::vector<diag::Finding>> judge_change(Tree& base,
                                                Tree& head,
                                                const config::Config& config,
                                                time::Seconds now);

}  // namespace sluice::promote
