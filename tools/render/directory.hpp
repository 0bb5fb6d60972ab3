// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "delivery/unit.hpp"

#include <string>
#include <vector>

namespace sluice::render {

/// The files that Argo CD reads for a source of plain manifests: .yaml, .yml, .json (and .jsonnet),
/// in the order of its walk, chosen by `recurse`, `include` and `exclude`. Only tracked files
/// count.
std::vector<std::string> directory_files(const delivery::Repository& repository,
                                         const delivery::DirectorySource& source);

}  // namespace sluice::render
