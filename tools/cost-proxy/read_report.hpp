// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"
#include "cost/report.hpp"

#include <string_view>

namespace sluice::cost_proxy {

/// Reads what cost::to_json wrote (docs/cost-proxy.md) back. The report may come from a fork's run,
/// so every text in it is hostile; only names of resources, quantities and money are known to be
/// such afterwards. Members that nobody here needs may be there. Depth is bounded; time and memory
/// are a small multiple of the text's.
/// Errors (parse): no JSON, another schema, a member that is missing or is of another kind, with
/// its place.
Result<cost::Report> read_report(std::string_view json);

}  // namespace sluice::cost_proxy
