// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "promote/carry_out.hpp"
#include "promote/outcome.hpp"

#include <string>

namespace sluice::promote {

/// The change on a branch of its own, with a pull request into --branch. The branch's name says
/// what is promoted where and not which version, so that the next version takes the place of one
/// that nobody has merged; a run that finds everything there changes nothing. Branches whose pull
/// request was merged or closed are left alone where they cannot be set forward: the next number
/// is taken. Errors: as carry_out().
Result<Outcome> propose(const Settings& options,
                        const cli::Common& common,
                        const Work& work,
                        time::Seconds now);

/// "promote/prd/iris", of several things "promote/prd/iris-web-0a1b2c3d".
std::string branch_for(const Story& story);

}  // namespace sluice::promote
