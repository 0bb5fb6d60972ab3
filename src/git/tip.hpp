// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"

#include <string>

namespace sluice::git {

/// Inside of src/git only. Remembers, as a reference of the bare repository, where a branch was at
/// last: the next fetch offers it to the server, which then sends only what is newer. By rename and
/// not by libgit2, whose lock files would stay when we are killed. Errors: io.
Status keep_tip(const std::string& repository, const std::string& branch, const std::string& tip);

}  // namespace sluice::git
