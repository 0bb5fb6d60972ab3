// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/tool.hpp"
#include "model-gate/options.hpp"

namespace sluice::model_gate {

/// The verdict on one candidate. Errors: usage, not_found, io, parse (exit 2, as every error).
Result<diag::Report> check(const Options& options, const cli::Common& common);

/// The command line of sluice-model-gate (flags.cpp).
cli::Tool tool();

}  // namespace sluice::model_gate
