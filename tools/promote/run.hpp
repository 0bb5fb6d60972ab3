// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/tool.hpp"

namespace sluice::promote {

/// The command line of sluice-promote. Its work is not built yet: every run ends with 2, so that a
/// stage that somebody configured is never taken for clean.
cli::Tool tool();

}  // namespace sluice::promote
