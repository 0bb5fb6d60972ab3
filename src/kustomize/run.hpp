// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "kustomize/build.hpp"

/// Internal to this folder.
namespace sluice::kustomize {

/// `kustomize build` of a folder below `copy`, or of the repository itself when `copy` is empty:
/// fills out, failure and warnings. Errors: kustomize could not be started.
Status run(const proc::Runner& runner,
           const Settings& settings,
           const std::string& folder,
           const std::string& copy,
           Built& built);

/// The same in a throw-away copy of the folders of `built.closure`, with some of its files (by
/// their path in the repository) written anew. Errors: io, limit (20,000 files).
Status run_copy(const proc::Runner& runner,
                const Settings& settings,
                const std::string& folder,
                const std::map<std::string, std::string>& written,
                Built& built);

/// The kustomization of the folder with the edits in it; without `file`, the one that Flux makes.
Result<std::string> new_kustomization(const Settings& settings,
                                      const delivery::KustomizeSource& source,
                                      const std::string& file);

/// Where the kustomization that Flux makes for a folder would stand.
std::string generated_file(const std::string& folder);

}  // namespace sluice::kustomize
