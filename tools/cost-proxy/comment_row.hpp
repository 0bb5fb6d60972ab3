// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cost/report.hpp"

#include <string>

namespace sluice::cost_proxy {

/// One workload as a row of Markdown: what it is, where, its pods, what one pod asks for, and, with
/// a base, why it changed. Ends with a line feed.
std::string comment_row(const cost::Row& row, bool has_base);

}  // namespace sluice::cost_proxy
