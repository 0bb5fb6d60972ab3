// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "promote/site.hpp"

#include <functional>
#include <iosfwd>

namespace sluice::promote {

/// What a command does to one state of a repository.
struct State {
  Tree* tree = nullptr;
  const config::Config* config = nullptr;
  const History* history = nullptr;
  git::Upstream* upstream = nullptr;  ///< nullptr for a folder
  std::string tip;                    ///< the commit; empty for a folder
  time::Seconds now;
};

using Work = std::function<Result<Evaluation>(const State&)>;

/// Whether the result is rendered and judged before a push.
enum class Checking : std::uint8_t { as_configured, none };

/// Does the work on the branch (evaluated again whenever somebody else was quicker), on a branch of
/// its own with a pull request, on a folder, or for show (--dry-run), and says what came of it.
/// Errors: those of the work, and what stands against the push.
Result<diag::Report> carry_out(const Settings& options,
                               const cli::Common& common,
                               const Work& work,
                               Checking checking,
                               std::ostream& product);

}  // namespace sluice::promote
