// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/tool.hpp"

namespace sluice::promote {

/// The command line of sluice-promote.
cli::Tool tool();

}  // namespace sluice::promote
