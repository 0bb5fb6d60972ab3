// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cost/report.hpp"

#include <cstddef>
#include <string>

namespace sluice::cost_proxy {

// Bytes of a comment, the marker apart. GitHub takes 65,536 characters, GitLab 1,000,000, a job
// summary 1 MiB a step; bytes are never fewer than characters.
constexpr std::size_t github_comment = 60'000;
constexpr std::size_t gitlab_comment = 900'000;
constexpr std::size_t job_summary = 900'000;

/// Markdown for a pull request: a sentence, flags, a table by environment and team; folded: the
/// other moments, namespaces, quotas, workloads, what was not counted. Untrusted text is escaped.
/// It ends at a row boundary below `limit` bytes, with the number of rows that are missing.
std::string comment(const cost::Report& report, std::size_t limit = github_comment);

}  // namespace sluice::cost_proxy
