// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "yaml/document.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What kustomize takes for a path although it does not look like one at first sight. Internal to
/// this folder.
namespace sluice::kustomize {

/// The key of `mapping` that Go's encoding/json takes for a field of kustomize although it is
/// spelt otherwise ("Resources", "re\u017fources"): nobody who reads the file would.
std::optional<diag::Location> misspelt_field(const yaml::Document& document,
                                             const yaml::Node& mapping);

/// Whether a mapping has a merge key (<<). What it does to a key that stands before it differs
/// between the YAML readers of Go: in kustomizations the merge wins.
bool has_merge_key(std::string_view bytes);

struct Address {
  std::string text;
  diag::Location at;
};

/// Addresses that a configuration of one of kustomize's own generators and transformers makes it
/// fetch: what stands below `path`, `paths`, `files`, `env` and `envs`.
std::vector<Address> addresses(const yaml::Document& plugin);

}  // namespace sluice::kustomize
