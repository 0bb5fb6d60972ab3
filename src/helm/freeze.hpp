// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sluice::helm {

/// The template with every random function, and the clock, replaced by one that gives the same each
/// time: two renders then differ only by their values. Nothing when it calls none. Only for renders
/// that are compared and thrown away.
std::optional<std::string> freeze_template(std::string_view text);

/// Whether a file of a chart, or of one in its charts/, is a template; `path` is below the chart.
bool is_template(std::string_view path);

/// Whether a function of templates is replaced.
bool is_frozen(std::string_view function);

}  // namespace sluice::helm
