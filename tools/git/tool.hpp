// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/tool.hpp"

#include <string>

/// What the other tools ask of Git, in a program of its own: loading libgit2 costs more than their
/// whole start-up.
namespace sluice::git_tool {

struct Options {
  bool zero = false;
  std::string revision;
  std::string out;
};

/// `options` must outlive the tool.
cli::Tool make_tool(Options& options);

}  // namespace sluice::git_tool
