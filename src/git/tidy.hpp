// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

/// Inside of src/git only. Both are for one who holds the cache alone, and neither can fail: what
/// cannot be tidied now is left for the next time.
namespace sluice::git {

/// Removes what replaced copies left in the folder of a cache.
void tidy_folder(const std::string& folder);

/// Removes temporary files of processes that were killed, and makes one pack out of the many small
/// ones that fetches leave behind (libgit2 never does) and out of loose objects.
void tidy_repository(const std::string& repository);

}  // namespace sluice::git
