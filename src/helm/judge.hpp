// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "helm/dead_values.hpp"
#include "helm/template.hpp"

namespace sluice::helm {

/// The chart's files as Helm sees them: of the repository (`root`), or of the throw-away copy that
/// has the file:// dependencies. Archives in charts/ are unpacked, in memory.
Result<ChartFiles> read_chart_files(const std::string& root, const Prepared& prepared);

/// What a unit may cost beside its own render: calls of helm, and they are kept like any other.
constexpr unsigned most_probes = 2;

/// The same render by a throw-away copy of the chart in which nothing is random and the clock
/// stands. Compared with the first it shows what is different each time; it is also the base that
/// values of a random chart can be judged against.
class FrozenRender {
 public:
  /// All of them must outlive it.
  FrozenRender(const proc::Runner& runner,
               const Settings& settings,
               const Request& request,
               const Rendered& first);
  ~FrozenRender();
  FrozenRender(const FrozenRender&) = delete;
  FrozenRender& operator=(const FrozenRender&) = delete;

  /// Runs helm when it is asked first. Errors: the copy cannot be made, helm cannot be started.
  const Result<Rendered>& rendered();
  /// Of the copy, once rendered() was asked.
  [[nodiscard]] const Request& request() const { return request_; }

 private:
  Status make();

  const proc::Runner& runner_;
  const Settings& settings_;
  Request request_;
  const Rendered& first_;
  Prepared chart_;
  std::optional<Result<Rendered>> rendered_;
};

/// Values of one render that nothing reads. The chart's own values.yaml is judged too, where it
/// sets values of dependencies. A chart that is random is judged by its frozen copy. Errors: helm
/// could not be started.
Result<DeadValues> judge_values(const proc::Runner& runner,
                                const Settings& settings,
                                const Request& request,
                                const ChartValues& values,
                                const Rendered& rendered,
                                FrozenRender& frozen);

}  // namespace sluice::helm
