// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "diag/finding.hpp"
#include "render/chosen.hpp"

#include <string>

namespace sluice::render {

/// Writes all.yaml, index.json and a stream for each environment into `folder`. Errors: io.
Status write_streams(const std::string& folder,
                     const Chosen& chosen,
                     const std::string& all,
                     const std::string& index);

/// The ledger's rows, made as any reader of the stream `all` would make them. Errors: parse, limit.
Status fill_ledger(const std::string& all,
                   const Chosen& chosen,
                   const yaml::Limits& limits,
                   unsigned jobs,
                   diag::Report& report);

}  // namespace sluice::render
