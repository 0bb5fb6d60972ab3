// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace sluice::helm {

struct ArchiveFile {
  std::string path;  ///< below the archive's one top folder: "templates/web.yaml"
  std::string bytes;
};

/// What a packed chart may hold. Helm itself stops at 5 MiB a file and 100 MiB a chart.
struct ArchiveLimits {
  std::uint64_t file_bytes = 5U << 20U;
  std::uint64_t total_bytes = 100U << 20U;
  std::size_t files = 10'000;
};

/// The files of a packed chart (.tgz), in the archive's order. Nothing is written to disk.
/// Errors: not_found, io; parse (no gzip or tar, no single top folder); limit; unsupported: a
/// member that Helm would accept and that could be used to leave the chart (absolute path, "..",
/// link, device), with its name.
Result<std::vector<ArchiveFile>> read_archive(const std::string& path,
                                              const ArchiveLimits& limits = {});

}  // namespace sluice::helm
