// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/tool.hpp"

namespace sluice::cli {

/// Under which name, and how much, is said on stderr from now on.
void configure_log(std::string_view tool, const Common& common);

/// Always shown.
void log_error(std::string_view message);

}  // namespace sluice::cli
