// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cost/report.hpp"

#include <string>

namespace sluice::cost_proxy {

/// For each resource (and money) that changes, a bar for each environment and team: what stays, and
/// what comes or goes. Without a base: what is asked for. HTML; untrusted text is escaped.
std::string charts(const cost::Report& report);

}  // namespace sluice::cost_proxy
