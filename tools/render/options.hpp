// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/tool.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace sluice::render {

enum class Skips : std::uint8_t { forbid, allow };
enum class Unstable : std::uint8_t { fail, warn, mask };

/// The flags of sluice-render, parsed.
struct Options {
  std::vector<std::string> environments;  ///< --env: only these are written
  std::vector<std::string> units;         ///< --unit: globs on the unit's name
  std::string out;                        ///< --out: folder; empty: one stream on stdout
  std::string index;                      ///< --index: file
  std::string changed_since;
  std::string kube_version;
  std::vector<std::string> api_versions;
  std::string cache = "off";
  bool locked = false;
  Skips skips = Skips::forbid;
  std::string unstable;  ///< fail, warn or mask; empty: what sluice.yaml says
  std::chrono::milliseconds timeout{60'000};
  std::size_t max_output = std::size_t{64} << 20U;
};

/// The tool as run_tool takes it; `options` outlives it.
cli::Tool describe(Options& options);

}  // namespace sluice::render
