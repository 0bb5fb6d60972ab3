// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/tool.hpp"
#include "promote/evaluate.hpp"
#include "promote/settings.hpp"

#include <iosfwd>
#include <vector>

namespace sluice::promote {

Result<diag::Report> run_set(const Settings& options,
                             const cli::Common& common,
                             std::ostream& product);
Result<diag::Report> run_rollback(const Settings& options,
                                  const cli::Common& common,
                                  std::ostream& product);
Result<diag::Report> run_hold(const Settings& options,
                              const cli::Common& common,
                              std::ostream& product);
Result<diag::Report> run_release(const Settings& options,
                                 const cli::Common& common,
                                 std::ostream& product);
Result<diag::Report> run_status(const Settings& options,
                                const cli::Common& common,
                                std::ostream& product);
Result<diag::Report> run_check(const Settings& options,
                               const cli::Common& common,
                               std::ostream& product);

/// --image, --model and --set as they were given. Errors: usage, parse.
Result<std::vector<Ask>> asks_of(const Settings& options);

/// The flags that are rules, with the evidence read. Errors: those of the files.
Result<Request> request_of(const Settings& options, const cli::Common& common);

}  // namespace sluice::promote
