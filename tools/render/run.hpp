// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "diag/finding.hpp"
#include "render/options.hpp"

#include <iosfwd>

namespace sluice::render {

/// Renders a repository. Errors: what makes the whole run impossible (no such folder, helm missing,
/// sluice.yaml wrong).
Result<diag::Report> run(const Options& options, const cli::Common& common, std::ostream& product);

}  // namespace sluice::render
