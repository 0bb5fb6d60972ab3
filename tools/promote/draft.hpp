// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "config/config.hpp"
#include "git/commit.hpp"
#include "promote/evaluate.hpp"
#include "promote/settings.hpp"

#include <string>

namespace sluice::promote {

/// The commit of an evaluation on `parent`. Errors: usage (a message template, a person).
Result<git::Draft> draft_of(const Evaluation& evaluation,
                            const std::string& parent,
                            const config::Config& config,
                            const Settings& options,
                            time::Seconds now);

/// "Name <mail>". Errors: usage.
Result<git::Person> parse_person(const std::string& text);

}  // namespace sluice::promote
