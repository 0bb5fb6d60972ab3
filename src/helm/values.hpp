// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "helm/template.hpp"

#include <functional>

namespace sluice::helm {

/// What the check for values that nothing reads may know of one render.
struct ValuesQuestion {
  const Chart& chart;
  std::string root;                        ///< of the repository, absolute
  const std::vector<ValuesLayer>& layers;  ///< what a person set, later wins; the chart's own values.yaml is not among them
  const std::vector<delivery::HelmParameter>& parameters;
  diag::Location defined_at;  ///< of the unit, for parameters
  const std::string& output;  ///< the render's bytes
  /// Renders again with the text of a layer replaced. Failure is in Rendered; an Error ends the check.
  std::function<Result<Rendered>(std::size_t layer, const std::string& edited)> render_with;
};

/// value/unread and its kin for one unit; unit and environment are filled in by the caller.
Result<std::vector<diag::Finding>> check_values(const ValuesQuestion& question);

}  // namespace sluice::helm
