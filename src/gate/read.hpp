// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"
#include "gate/report.hpp"

#include <span>
#include <string>
#include <string_view>

namespace sluice::gate {

/// Reads one report, strictly, as `format`: it must identify itself as one by the members that only
/// such a report has.
///
/// Errors: parse, "case: detail", where case is one of "empty", "cut short", "no JSON", "no XML",
/// "wrong file", "changed schema", "null results", "scanner failed", "too large"; the caller names
/// the file. usage: no such format. Doubts that a record of the run can dispel are in the report.
Result<Report> read_report(std::string_view format, std::string_view bytes);

/// "bandit", "gitleaks", ...: sorted.
std::span<const std::string_view> formats();

/// What a text seems to be, for the message about a wrong file: "a SARIF file"; empty when nothing
/// is recognised. Looks at the outermost members only.
std::string seems_to_be(std::string_view bytes);

}  // namespace sluice::gate
