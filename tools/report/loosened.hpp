// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "config/config.hpp"
#include "config/loosened.hpp"
#include "diag/baseline.hpp"
#include "diag/finding.hpp"
#include "manifests/input.hpp"

#include <string>
#include <vector>

/// A change cannot loosen its own judge: what the configuration, the policies and the baseline of
/// the base refuse, those of the head must refuse too. Each comparison looks at one part; what is
/// only different, and not weaker, is nobody's business here.
namespace sluice::report {

using config::Loosening;

/// sluice.yaml, without the files it names.
std::vector<Loosening> loosened_config(const config::Config& base, const config::Config& head);

/// Policies by kind and name: one that is gone, a rule that is gone, a rule that no longer
/// enforces; and exceptions that are new.
std::vector<Loosening> loosened_policies(const manifests::Objects& base,
                                         const manifests::Objects& head);

/// Entries that are new, or cover more findings.
std::vector<Loosening> loosened_baseline(const diag::Baseline& base,
                                         const diag::Baseline& head,
                                         const std::string& file);

/// What the policies of the base refuse in the head's objects and those of the head do not; both
/// reports are of sluice-policy-test over the same stream.
std::vector<Loosening> loosened_verdicts(const diag::Report& by_base, const diag::Report& by_head);

}  // namespace sluice::report
