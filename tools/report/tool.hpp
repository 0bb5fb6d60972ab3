// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/tool.hpp"

namespace sluice::report {

/// sluice-report: what stands above the stages of the chain: which there are, whether they saw the
/// same objects, what a change does to the cluster, and the one verdict.
cli::Tool tool();

}  // namespace sluice::report
