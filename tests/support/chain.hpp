// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "support/program.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace sluice::test {

/// Runs ci/run.sh of the source tree with the tools of this build, on a fixed day.
Ran run_chain(const std::filesystem::path& repo,
              const std::filesystem::path& out,
              const std::vector<std::string>& flags = {});

/// What PATH must hold for that: this process's own, or where programs usually are.
std::string inherited_path();

}  // namespace sluice::test
