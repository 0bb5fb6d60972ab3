// SPDX-License-Identifier: Apache-2.0
#include "diag/page.hpp"

#include "diag/escape.hpp"

namespace sluice::diag {

namespace {

/// Orange for more and blue for less: told apart by people who cannot tell red from green.
constexpr std::string_view shared_style = R"(:root {
  --back: #ffffff; --ink: #1f2328; --faint: #59636e; --line: #d1d9e0; --same: #afb8c1;
  --more: #bc4c00; --less: #0969da; --soft: #f6f8fa;
}
@media (prefers-color-scheme: dark) {
  :root {
    --back: #0d1117; --ink: #e6edf3; --faint: #9198a1; --line: #3d444d; --same: #656c76;
    --more: #f0883e; --less: #58a6ff; --soft: #161b22;
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
code { font: .9em ui-monospace, Menlo, Consolas, monospace; overflow-wrap: anywhere; }
small { color: var(--faint); font-size: .82rem; overflow-wrap: anywhere; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td {
  text-align: left; vertical-align: top; padding: .4rem .8rem .4rem 0;
  border-bottom: 1px solid var(--line);
}
th { font-weight: 600; white-space: nowrap; }
th.n, td.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
@media (max-width: 40rem) { body { font-size: 14px; } }
)";

}  // namespace

std::string page(std::string_view title, std::string_view style, std::string_view body) {
  std::string out =
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
      "'unsafe-inline'\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"color-scheme\" content=\"light dark\">\n<title>";
  out += xml(title);
  out += "</title>\n<style>\n";
  out += shared_style;
  out += style;
  out += "</style>\n</head>\n<body>\n";
  out += body;
  return out + "</body>\n</html>\n";
}

}  // namespace sluice::diag
