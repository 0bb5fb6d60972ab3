// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// What is known of a run of a scanner beside its report, because reports alone cannot tell a clean
/// scan from one that saw nothing.
namespace sluice::gate {

/// `sluice.scan-run/v1`: written by `scan-gate run`, read by `scan-gate check`. Empty members and
/// counts that are not there are not known.
struct RunRecord {
  std::vector<std::string> argv;  ///< secrets masked
  int exit = 0;
  std::string started, finished;                 ///< RFC 3339, UTC
  std::string report;                            ///< "sha256:..." of the bytes of the report
  std::string version;                           ///< of the scanner
  std::string database;                          ///< date of its advisories
  std::string commit;                            ///< of the folder that it ran in
  bool dirty = false;                            ///< tracked files differ from the commit
  bool shallow = false;                          ///< the history is cut off
  std::optional<std::uint64_t> commits;          ///< that the history has
  std::optional<std::uint64_t> scanned_commits;  ///< by what the scanner printed
  std::optional<std::uint64_t> scanned_bytes;
  bool canary = false;  ///< a planted finding was reported
};

/// Errors (parse): "case: detail".
Result<RunRecord> read_record(std::string_view bytes);
std::string write_record(const RunRecord& record);

/// The value of a flag in an argument vector: "--severity HIGH" or "--severity=HIGH"; empty when
/// there is no such flag, or it has no value.
std::string flag_value(std::span<const std::string> argv, std::string_view flag);

/// The flags that narrow what the scanner reports: they are not in the report, which looks clean
///.
std::vector<std::string> narrowing_flags(std::string_view format,
                                         std::span<const std::string> argv);

/// The arguments with values of flags that hold secrets, tokens in URLs and the like made "***".
std::vector<std::string> masked(std::span<const std::string> argv);

}  // namespace sluice::gate
