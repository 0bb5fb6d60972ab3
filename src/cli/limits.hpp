// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/tool.hpp"
#include "yaml/parse.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::cli {

/// "1000", or with a suffix Ki, Mi or Gi. Errors: usage (no such number, or zero), which names the
/// flag.
Result<std::uint64_t> parse_size(std::string_view flag, const std::string& text);

/// Adds the flags that every tool has that parses streams: --max-depth, --max-document-size and
/// --max-stream-size. They write into `limits`, which outlives them. `largest_stream` is the help
/// of the last one, for a tool with another default.
void add_limit_flags(yaml::Limits& limits,
                     std::vector<Flag>& flags,
                     std::string_view largest_stream = "Refuse larger files and streams (1Gi)");

/// Adds --partial, for a tool whose verdict makes sense of a part: it says in its report what that
/// part lacks. Without the flag such a stream is refused.
void add_partial_flag(yaml::Limits& limits, std::vector<Flag>& flags);

}  // namespace sluice::cli
