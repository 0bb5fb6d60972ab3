// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace sluice::rules {

/// What is wrong with a schedule of a CronJob, to follow "it must"; empty when it is one. Five
/// fields as of crontab with names, ranges, lists and steps, or "@daily" and its like, or "@every"
/// and a duration of Go (github.com/robfig/cron v3, ParseStandard). A time zone inside the text is
/// not allowed: it has a field of its own.
std::string wrong_schedule(std::string_view schedule);

/// Whether a CronJob may name the time zone: a name of the IANA time zone database, in its own
/// case (of the database with its links, as of 2025). "Local" is none.
bool is_time_zone(std::string_view name);

}  // namespace sluice::rules
