// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "helm/dead_values.hpp"
#include "helm/template.hpp"

namespace sluice::helm {

/// The chart as the search for unread values sees it; archives in charts/ are unpacked, in memory.
Result<std::shared_ptr<const ChartValues>> read_values_of(const std::string& root,
                                                          const Chart& chart);

/// Values of one render that nothing reads. The chart's own values.yaml is judged too, where it
/// sets values of dependencies. Errors: helm could not be started.
Result<DeadValues> judge_values(const proc::Runner& runner,
                                const Settings& settings,
                                const Request& request,
                                const ChartValues& values,
                                const Rendered& rendered);

}  // namespace sluice::helm
