// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/baseline.hpp"
#include "cli/tool.hpp"
#include "yaml/parse.hpp"

#include <algorithm>
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
  std::vector<std::string> repository_urls;  ///< --repository-url: beside repository.urls and origin
  std::string changed_since;
  std::string kube_version;
  std::vector<std::string> api_versions;
  std::string cache = "off";
  bool locked = false;
  cli::LivingWith living_with;
  Skips skips = Skips::forbid;
  std::string unstable;  ///< fail, warn or mask; empty: what sluice.yaml says
  std::chrono::milliseconds timeout{60'000};
  std::size_t max_output = std::size_t{64} << 20U;
  /// stream_bytes is for each file of the repository.
  yaml::Limits limits{.stream_bytes = std::uint64_t{64} << 20U};

  /// The same for what programs print and for the stream as a whole, whose size --max-output
  /// bounds.
  [[nodiscard]] yaml::Limits output_limits() const {
    yaml::Limits wide = limits;
    wide.stream_bytes = std::max(limits.stream_bytes, yaml::Limits{}.stream_bytes);
    return wide;
  }
};

/// The tool as run_tool takes it; `options` outlives it.
cli::Tool describe(Options& options);

}  // namespace sluice::render
