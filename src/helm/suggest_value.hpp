// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "helm/chart_values.hpp"

#include <optional>
#include <string>

namespace sluice::helm {

struct Suggestion {
  ValuePath path;
  ValuePath alternative;         ///< a place that is nearly as near; empty when there is none
  int cost = 0;                  ///< hundredths; 60 and less is as good as certain
  bool adds_dependency = false;  ///< the dependency's own name was left out
};

/// Above this a mapping has probably no place of its own, and its children may have one each.
inline constexpr int doubtful_cost = 110;

/// The place that a person probably meant: every default and every path that a template reads is
/// aligned with what was written, level by level; a typo, another spelling, a level too many or too
/// few each have their price, and so have another type, children that the place lacks, and a place
/// that is set already. A mapping is also looked for by its first leaf. `node` is the value that
/// was written, `layer` its document (to see what else is set). Nothing when no place is near.
std::optional<Suggestion> suggest_value(const ChartValues& chart,
                                        const ValuePath& written,
                                        const yaml::Document& layer,
                                        const yaml::Node& node);

}  // namespace sluice::helm
