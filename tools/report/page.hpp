// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "report/chain.hpp"
#include "report/excerpts.hpp"

#include <string>

namespace sluice::report {

/// The whole run as one HTML file for a person who looks rather than reads: the verdict, the stages
/// with bars of what they found, findings by unit with the lines they point at, the cost page, the
/// plan, what was skipped, the ledger. Untrusted text is escaped.
std::string to_page(const Chain& chain, Excerpts& excerpts);

}  // namespace sluice::report
