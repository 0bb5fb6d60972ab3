// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "helm/dead_values.hpp"
#include "helm/frozen_chart.hpp"
#include "helm/template.hpp"

namespace sluice::helm {

/// The chart's files as Helm sees them: of the repository (`root`), or of the throw-away copy that
/// has the file:// dependencies. Archives in charts/ are unpacked, in memory.
Result<ChartFiles> read_chart_files(const std::string& root, const Prepared& prepared);

/// Values of one render that nothing reads. The chart's own values.yaml is judged too, where it
/// sets values of dependencies. A chart that is random is compared with itself as `frozen`. Errors:
/// helm could not be started.
Result<DeadValues> judge_values(const proc::Runner& runner,
                                const Settings& settings,
                                const Request& request,
                                const ChartValues& values,
                                const Rendered& rendered,
                                FrozenChart& frozen);

}  // namespace sluice::helm
