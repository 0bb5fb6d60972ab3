// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace sluice::cost_proxy {

/// Orange for more and blue for less: told apart by people who cannot tell red from green.
inline constexpr std::string_view page_style = R"(:root {
  --back: #ffffff; --ink: #1f2328; --faint: #59636e; --line: #d1d9e0; --same: #afb8c1;
  --more: #bc4c00; --less: #0969da;
}
@media (prefers-color-scheme: dark) {
  :root {
    --back: #0d1117; --ink: #e6edf3; --faint: #9198a1; --line: #3d444d; --same: #656c76;
    --more: #f0883e; --less: #58a6ff;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 1.5rem 1rem 3rem; max-width: 62rem; background: var(--back);
  color: var(--ink); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
}
h1 { font-size: 1.6rem; margin: 0 0 .5rem; }
h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; }
h3 { font-size: 1rem; margin: 1.25rem 0 .25rem; }
.sentence { font-size: 1.1rem; margin: 0; }
code { font: .9em ui-monospace, Menlo, Consolas, monospace; overflow-wrap: anywhere; }
small { color: var(--faint); font-size: .82rem; overflow-wrap: anywhere; }
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
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td {
  text-align: left; vertical-align: top; padding: .4rem .8rem .4rem 0;
  border-bottom: 1px solid var(--line);
}
th { font-weight: 600; white-space: nowrap; }
th.n, td.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
th:last-child, td:last-child { padding-right: 0; }
.each { padding-left: .9rem; }
.each small { display: inline; }
@media (max-width: 40rem) {
  body { font-size: 14px; }
  .bar { grid-template-columns: 1fr auto; }
  .bar svg { grid-column: 1 / -1; grid-row: 2; }
  .bar .num { grid-row: 1; grid-column: 2; }
}
)";

}  // namespace sluice::cost_proxy
