// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace sluice::cost_proxy {

/// On top of what all pages share (diag::page).
inline constexpr std::string_view page_style = R"(.sentence { font-size: 1.1rem; margin: 0; }
.flags { list-style: none; margin: 0; padding: 0; }
.flags li { border-left: 3px solid var(--line); padding: .1rem 0 .1rem .7rem; margin: .35rem 0; }
.flags .error, .flags .warning { border-color: var(--more); }
.bar {
  display: grid; grid-template-columns: 13rem 1fr 13rem; gap: .1rem .9rem; align-items: center;
  padding: .3rem 0; border-bottom: 1px solid var(--line);
}
.bar .who { overflow-wrap: anywhere; line-height: 1.25; }
.bar .num { text-align: right; font-variant-numeric: tabular-nums; line-height: 1.25; }
.bar .who small, .bar .num small, td small { display: block; }
.bar svg { display: block; width: 100%; height: 1.1rem; }
.same { fill: var(--same); }
rect.more { fill: var(--more); }
rect.less { fill: none; stroke: var(--less); stroke-width: 1.5; stroke-dasharray: 4 3; }
.more b { color: var(--more); }
.less b { color: var(--less); }
.legend { color: var(--faint); font-size: .85rem; margin: 0; }
.legend svg { width: 1.6rem; height: .8rem; margin: 0 .25rem 0 .75rem; vertical-align: -.05rem; }
.legend svg:first-child { margin-left: 0; }
th:last-child, td:last-child { padding-right: 0; }
.each { padding-left: .9rem; }
.each small { display: inline; }
@media (max-width: 40rem) {
  .bar { grid-template-columns: 1fr auto; }
  .bar svg { grid-column: 1 / -1; grid-row: 2; }
  .bar .num { grid-row: 1; grid-column: 2; }
}
)";

}  // namespace sluice::cost_proxy
