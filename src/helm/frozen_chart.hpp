// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "helm/template.hpp"

#include <optional>

namespace sluice::helm {

/// A throw-away copy of a chart in which nothing is random and no time passes (freeze.hpp), and
/// what it renders to. Both are made when they are asked for, once; not safe from several threads.
class FrozenChart {
 public:
  /// All three outlive it.
  FrozenChart(const proc::Runner& runner, const Settings& settings, const Request& request)
      : runner_(runner), settings_(settings), request_(request) {}
  ~FrozenChart();
  FrozenChart(const FrozenChart&) = delete;
  FrozenChart& operator=(const FrozenChart&) = delete;

  /// The render's request, for the copy. Errors: io, parse (an archive).
  Result<const Request*> request();
  /// What the layers of the real chart's render give in the copy. Errors: as above, and helm could
  /// not be started.
  Result<const Rendered*> render(const Rendered& first);

 private:
  Status make();

  const proc::Runner& runner_;
  const Settings& settings_;
  Request request_;
  Prepared chart_;
  std::optional<Rendered> rendered_;
};

}  // namespace sluice::helm
