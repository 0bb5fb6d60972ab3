// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace sluice::git {

/// A path on which a work tree and a revision differ.
struct Change {
  enum class Kind : std::uint8_t {
    added,      ///< tracked now, not in the revision
    deleted,    ///< the other way round
    modified,   ///< a file in both, with other bytes or another mode
    replaced,   ///< by something of another type, such as a link; a link with another target
    untracked,  ///< nobody asked Git to keep it, ignored files included; a folder ends with '/'
  };
  Kind kind = Kind::modified;
  std::string path;  ///< relative to the asked folder

  friend auto operator<=>(const Change&, const Change&) = default;
};

/// What differs between the tree of `revision` and the work tree below `path`, sorted by path;
/// without a revision the untracked alone. Submodules count as untracked: their files are not this
/// repository's. The files that were modified are written into the empty folder `out`, as they are
/// in the revision, unless `out` is empty. Errors: not_found, io.
Result<std::vector<Change>> changes(const std::string& path,
                                    const std::string& revision,
                                    const std::string& out);

/// "A", "D", "M", "R" or "U".
char letter(Change::Kind kind);

}  // namespace sluice::git
