// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cost/report.hpp"

#include <string>

namespace sluice::cost_proxy {

/// The head's totals by environment and team as OpenMetrics text, for GitLab's `reports: metrics`,
/// which a merge request shows against the target branch's without any token. Resources are in
/// their own unit (cores, bytes, devices), money per hour. GitLab splits a line as a shell does and
/// ends it at '#' (lib/gitlab/ci/parsers/metrics/generic.rb), so labels keep [A-Za-z0-9._/-] only.
std::string metrics(const cost::Report& report);

}  // namespace sluice::cost_proxy
