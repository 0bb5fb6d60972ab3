// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/time.hpp"
#include "config/promote.hpp"

#include <span>
#include <string>

namespace sluice::promote {

/// The first window that is open at `now`; nullptr when none is. All times are UTC; a window begins
/// with its first second and ends before its last.
const config::Freeze* open_freeze(std::span<const config::Freeze> windows, time::Seconds now);

/// When it ends: "2026-12-28T00:00:00Z". The window must be open at `now`.
std::string end_of(const config::Freeze& window, time::Seconds now);

}  // namespace sluice::promote
