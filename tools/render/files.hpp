// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "render/plan.hpp"

namespace sluice::render {

/// What became of every tracked YAML and JSON file, sorted by path: a ledger of files, so that nothing balances by not being
/// looked at.
std::vector<FileRow> account(const Survey& survey, const config::Config& config, const Plan& plan);

/// render/orphan for every orphan.
std::vector<diag::Finding> orphan_findings(const Survey& survey, const std::vector<FileRow>& rows);

}  // namespace sluice::render
