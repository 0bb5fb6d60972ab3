// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cost-proxy/tables.hpp"
#include "cost/report.hpp"

#include <string>

namespace sluice::cost_proxy {

/// The change of a number first, below it what it is made of; what has no price is named.
std::string number_cell(const Step& step);

/// The head of a table of workloads, both lines of it.
std::string workload_heading(const cost::Report& report);

/// One workload as a row of Markdown: what it is, where, its pods, what one pod asks for, with
/// prices its money, and, with a base, why it changed. Ends with a line feed.
std::string comment_row(const cost::Report& report, const cost::Row& row);

}  // namespace sluice::cost_proxy
