// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"
#include "diag/finding.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::diag {

enum class Color : std::uint8_t { off, on };

/// The least severity that makes a run exit with 1.
enum class FailOn : std::uint8_t { error, warning, never };

/// 0, 1 or 2 (README.md, "Exit codes"): no_verdict wins over findings.
int exit_code(const Report& report, FailOn fail_on);

/// The report in one of the formats; one file each in src/diag/. Pure functions of a normalised
/// report: no clock, no locale, untrusted text escaped for the format it goes into.
std::string to_text(const Report& report, Color color);  ///< compiler order, then a summary line
std::string to_json(const Report& report,
                    FailOn fail_on);  ///< {"tool","version","verdict","exit","findings":[...],...}
std::string to_sarif(const Report& report);  ///< SARIF 2.1.0
std::string to_junit(const Report& report);  ///< one test case for each finding, or one that passes
std::string to_github(const Report& report);    ///< workflow commands
std::string to_gitlab(const Report& report);    ///< Code Quality JSON
std::string to_markdown(const Report& report);  ///< for a job summary
std::string to_tap(const Report& report);       ///< TAP version 13
std::string to_ledger(const Report& report);  ///< tab-separated rows of the ledger, a header first

/// "text", "json", ... in the order of --help; "ledger" is among them.
std::vector<std::string_view> formats();

/// The writer by its name; a tool's own text for that format wins.
/// Errors (Kind::usage): no such format; the message lists them.
Result<std::string> write(const Report& report,
                          std::string_view format,
                          FailOn fail_on,
                          Color color);

/// Reads what to_ledger wrote. Errors (Kind::parse): a row that is not one, with its line.
Result<std::vector<LedgerRow>> read_ledger(std::string_view text);

/// Reads what to_json wrote (strictly: unknown and repeated members are errors). The ledger and the
/// tool's own formats are not in JSON. Errors (Kind::parse).
Result<Report> read_json(std::string_view text);

/// A report that was read back, with the exit code it announced (which depends on --fail-on).
struct RecordedReport {
  Report report;
  int exit = 2;
};

/// As read_json. Errors (Kind::parse), also when no --fail-on gives that exit code for its
/// findings.
Result<RecordedReport> read_recorded(std::string_view text);

}  // namespace sluice::diag
