// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace sluice::time {

using Seconds = std::chrono::sys_seconds;  ///< since 1970, UTC, without leap seconds

/// "2026-11-20" (its first second, UTC) or RFC 3339 section 5.6, less the leap second; a fraction
/// is dropped. Nothing when it is neither.
std::optional<Seconds> parse(std::string_view text);

/// "2026-11-20T14:00:00Z".
std::string to_string(Seconds time);

/// "30s", "90m", "2h", "1d12h": units from large to small, each at most once. Nothing when it is
/// none, or more than ten years.
std::optional<std::chrono::seconds> parse_duration(std::string_view text);

/// "1d12h", "45m", "0s".
std::string to_string(std::chrono::seconds duration);

}  // namespace sluice::time
