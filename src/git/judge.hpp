// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "git/wire.hpp"

#include <cstdint>

/// Inside of src/git only.
namespace sluice::git {

/// Where our commit is, by the branch as it was read after the push.
enum class Whereabouts : std::uint8_t {
  arrived,  ///< the branch is our commit, or grew on it
  unmoved,  ///< the branch is what we built on
  moved,    ///< neither
  unknown,  ///< the branch could not be read
};

/// What came of a push: the branch decides; what the server said only explains.
Exchange judge(const Push& push, const Reply& said, Whereabouts where, const std::string& tip);

}  // namespace sluice::git
