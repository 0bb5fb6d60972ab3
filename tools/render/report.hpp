// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "diag/finding.hpp"
#include "render/chosen.hpp"

namespace sluice::render {

/// Adds what the units of a plan gave to say: their findings and failures, values that nothing
/// reads, entries of kustomizations that select nothing.
void report_plan(const Options& options,
                 const Plan& plan,
                 const Chosen& chosen,
                 diag::Report& report);

}  // namespace sluice::render
