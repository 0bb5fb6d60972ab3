// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/tool.hpp"
#include "validate/options.hpp"

namespace sluice::validate {

/// The use case: read, check, report. Errors: everything that stops the tool (exit 2).
Result<diag::Report> run(const Options& options, const cli::Common& common);

}  // namespace sluice::validate
