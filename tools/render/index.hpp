// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "render/plan.hpp"

#include <string>

namespace sluice::render {

/// index.json: every unit with what made it, every file with what became of it, everything skipped
/// with its reason. Sorted, without absolute paths and times.
std::string index_json(const Plan& plan,
                       const std::vector<FileRow>& files,
                       const delivery::Repository& repository);

}  // namespace sluice::render
