// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cost/report.hpp"

#include <string>
#include <string_view>

namespace sluice::cost {

/// Untrusted text, cut and escaped for a Markdown table: inside <code>, where no forge looks for
/// mentions, or as words.
std::string code(std::string_view untrusted);
std::string words(std::string_view untrusted);

/// The row of one workload: what it is, where, its pods, what one pod asks for, and, with a base,
/// why it changed. Ends with a line feed.
std::string workload_row(const Row& row, bool has_base);

}  // namespace sluice::cost
