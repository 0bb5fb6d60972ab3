// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cost/report.hpp"

#include <string>

namespace sluice::cost_proxy {

/// The report as one HTML file that loads nothing: what changes by environment and team as bars
/// (inline SVG), light and dark, readable on a phone. No scripts; its Content-Security-Policy
/// allows none. Untrusted text is escaped.
std::string page(const cost::Report& report);

}  // namespace sluice::cost_proxy
