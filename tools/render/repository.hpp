// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"
#include "config/config.hpp"
#include "delivery/unit.hpp"
#include "proc/runner.hpp"

#include <string>
#include <vector>

namespace sluice::render {

/// The repository at `root`: its tracked files (all files when it is in no Git work tree, or Git
/// tracks none of them, as in an exported revision below build/) and addresses.
///
/// Git is asked through the helper sluice-git, beside this program or on PATH, so that this program
/// need not load libgit2, which doubles its start-up. Errors: not_found, subprocess.
Result<delivery::Repository> open_repository(const std::string& root,
                                             const config::Config& config,
                                             const proc::Runner& runner,
                                             unsigned jobs = 1);

/// What `sluice-git WORDS` prints. Errors: not_found (the helper), subprocess.
Result<std::string> ask_git(const proc::Runner& runner, std::vector<std::string> words);

}  // namespace sluice::render
