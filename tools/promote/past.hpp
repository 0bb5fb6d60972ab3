// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "git/upstream.hpp"
#include "promote/evaluate.hpp"

#include <string>
#include <vector>

/// Questions to the first-parent history of a commit.
namespace sluice::promote {

/// How a version came where it is: the newest commit in which one of `files` began to hold `held`
/// for the ask. Errors: io.
Result<Arrival> find_arrival(git::Upstream& upstream,
                             const std::string& tip,
                             const Ask& ask,
                             const std::vector<std::string>& files,
                             const std::string& held);

/// What stood there before the version came: from the commit's Previous trailer, else from the file
/// before it. Empty when there was nothing.
Result<std::string> find_previous(git::Upstream& upstream,
                                  const std::string& tip,
                                  const Ask& ask,
                                  const std::vector<std::string>& files,
                                  const std::string& held);

/// Whether the files held `version` for the ask at an earlier commit.
Result<bool> was_left(git::Upstream& upstream,
                      const std::string& tip,
                      const Ask& ask,
                      const std::vector<std::string>& files,
                      const std::string& version);

/// The three of them for evaluate(), on one tip.
History history_of(git::Upstream& upstream, const std::string& tip);

}  // namespace sluice::promote
