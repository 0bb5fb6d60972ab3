// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "helm/value_reads.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace sluice::helm {

/// One file of a chart or of the charts below it.
struct TemplateFile {
  ValuePath scope;  ///< where the chart's values stand in the top chart's: {} or {"backstage"}
  std::string_view text;
};

/// What the templates of a chart and of the charts below it read of the values, found by following
/// `.Values` through pipelines, variables, `with`, `range`, named templates and the functions that
/// pass values on - without running anything.
///
/// Errs on the side of reading: a value handed to a function that is not known counts as read
/// whole. What it cannot follow are keys that are computed (`index .Values $name`); those are left
/// to the chart's defaults, and to the render that confirms. A file that is no template, or more
/// work than 400,000 steps, is searched for the words `.Values.a.b`, each read whole.
void read_templates(const std::vector<TemplateFile>& files, ValueReads& reads);

/// Adds the paths that a text names as `.Values.a.b`, each as read whole.
void scan_for_values(std::string_view text, const ValuePath& scope, ValueReads& reads);

}  // namespace sluice::helm
