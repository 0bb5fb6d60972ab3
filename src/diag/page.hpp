// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace sluice::diag {

/// A self-contained HTML page: loads nothing, runs nothing (its Content-Security-Policy allows no
/// script), light and dark, readable on a phone. `title` is untrusted; `body` is HTML, and `style`
/// CSS on top of what all pages share: the colours --back, --ink, --faint, --line, --same, --more,
/// --less, and the looks of headings, code, small and tables.
std::string page(std::string_view title, std::string_view style, std::string_view body);

}  // namespace sluice::diag
