// SPDX-License-Identifier: Apache-2.0
#include "report/page.hpp"

#include "base/text.hpp"
#include "diag/describe.hpp"
#include "diag/escape.hpp"
#include "diag/page.hpp"

#include <algorithm>
#include <map>

namespace sluice::report {

namespace {

using diag::Finding;
using diag::Severity;

constexpr std::size_t most_findings = 2000;  ///< a browser has to lay them out
constexpr std::size_t longest_plan = std::size_t{2} << 20U;

constexpr std::string_view style = R"(.verdict { font-size: 1.1rem; margin: 0 0 1rem; }
.tag {
  display: inline-block; border: 1px solid currentColor; border-radius: 1rem; padding: 0 .6rem;
  font-size: .82rem; font-weight: 600; white-space: nowrap;
}
.clean { color: #1a7f37; } .findings, .error { color: #cf222e; }
.verdict-none, .bug { color: #8250df; } .warning { color: #9a6700; } .note { color: var(--faint); }
@media (prefers-color-scheme: dark) {
  .clean { color: #3fb950; } .findings, .error { color: #ff7b72; }
  .verdict-none, .bug { color: #d2a8ff; } .warning { color: #d29922; }
}
.stage {
  display: grid; grid-template-columns: 7.5rem 6.5rem 9rem 1fr; gap: .9rem; align-items: center;
  padding: .35rem 0; border-bottom: 1px solid var(--line);
}
.stage svg { display: block; width: 100%; height: .8rem; }
.stage rect { fill: currentColor; }
.stage small { line-height: 1.3; }
.stage .tag { justify-self: start; }
details { border: 1px solid var(--line); border-radius: .4rem; margin: .6rem 0; }
summary { cursor: pointer; padding: .5rem .8rem; font-weight: 600; overflow-wrap: anywhere; }
details > :not(summary) { margin: 0 .8rem; }
.finding { padding: .6rem 0; border-top: 1px solid var(--line); }
.finding p { margin: .15rem 0; overflow-wrap: anywhere; }
.hint { color: var(--less); }
pre {
  background: var(--soft); padding: .5rem .7rem; margin: .4rem 0; border-radius: .3rem;
  overflow-x: auto; font: .82rem/1.45 ui-monospace, Menlo, Consolas, monospace;
}
pre b { font-weight: 400; background: color-mix(in srgb, var(--more) 22%, transparent); }
pre i { font-style: normal; color: var(--faint); }
pre ins { text-decoration: none; color: #1a7f37; } pre del { text-decoration: none; color: #cf222e; }
pre u { text-decoration: none; color: var(--more); }
@media (prefers-color-scheme: dark) { pre ins { color: #3fb950; } pre del { color: #ff7b72; } }
iframe { width: 100%; height: 44rem; border: 1px solid var(--line); border-radius: .4rem; }
ul { padding-left: 1.2rem; } li { overflow-wrap: anywhere; }
@media (max-width: 40rem) {
  .stage { grid-template-columns: 1fr auto; gap: .3rem .9rem; }
  .stage svg, .stage small { grid-column: 1 / -1; }
  .stage .tag { justify-self: end; }
  .stage .none { display: none; }
}
)";

std::string html(std::string_view untrusted) {
  return diag::xml(untrusted);
}

std::string code(std::string_view untrusted) {
  return untrusted.empty() ? "" : "<code>" + html(untrusted) + "</code>";
}

std::string_view class_of(int exit) {
  return exit == 0 ? "clean" : exit == 1 ? "findings" : exit == 2 ? "verdict-none" : "bug";
}

std::string tag(std::string_view word, std::string_view looks) {
  return "<span class=\"tag " + std::string(looks) + "\">" + std::string(word) + "</span>";
}

/// Errors, warnings and notes of a stage side by side, in the scale of the stage with most of them.
std::string bar(const diag::Counts& counts, std::size_t most) {
  if (counts.errors + counts.warnings + counts.notes == 0) {
    return "<span class=\"none\"></span>";
  }
  std::string out =
      "<svg viewBox=\"0 0 100 8\" preserveAspectRatio=\"none\" role=\"img\">"
      "<title>" +
      html(diag::describe_counts(counts)) + "</title>";
  const std::size_t values[] = {counts.errors, counts.warnings, counts.notes};
  constexpr std::string_view looks[] = {"error", "warning", "note"};
  std::size_t at = 0;
  for (std::size_t i = 0; i < 3; ++i) {
    // What is there is seen: at least one unit wide.
    const std::size_t width = values[i] == 0 ? 0 : std::max<std::size_t>(1, values[i] * 94 / most);
    if (width != 0) {
      out += "<g class=\"" + std::string(looks[i]) + "\"><rect x=\"" + std::to_string(at) +
             "\" y=\"0\" width=\"" + std::to_string(width) + "\" height=\"8\"/></g>";
    }
    at += width + (width == 0 ? 0 : 1);
  }
  return out + "</svg>";
}

std::string stages_html(const Chain& chain) {
  std::size_t most = 1;
  for (const StageResult& stage : chain.stages) {
    most = std::max(most, stage.report.findings.size());
  }
  std::string out = "<h2>Stages</h2>\n";
  for (const StageResult& stage : chain.stages) {
    out += "<div class=\"stage\"><b>" + html(stage.name) + "</b>" +
           tag(verdict_name(stage.exit), class_of(stage.exit)) +
           bar(diag::count(stage.report), most) + "<small>" + html(account(stage)) +
           "</small></div>\n";
  }
  return out;
}

std::string excerpt_html(const Finding& finding, Excerpts& excerpts) {
  const auto lines = excerpts.around(finding);
  if (lines.empty()) {
    return "";
  }
  const std::uint32_t marked =
      finding.location.line != 0 ? finding.location.line : finding.rendered.line;
  std::string out = "<pre>";
  for (const auto& [number, text] : lines) {
    const std::string line = "<i>" + std::to_string(number) + "</i>  " + html(text);
    out += (number == marked ? "<b>" + line + "</b>" : line) + '\n';
  }
  return out + "</pre>";
}

std::string finding_html(const Finding& finding, Excerpts& excerpts) {
  const std::string severity(name(finding.severity));
  std::string out = "<div class=\"finding\"><p>" + tag(severity, severity) + ' ' +
                    html(finding.message) + " <small>" + html(finding.code) + "</small></p>";
  const std::string object = to_string(finding.object);
  out += "<p><small>" + code(diag::describe_place(finding.location)) +
         (object.empty() ? "" : " in " + code(object)) +
         (finding.env.empty() ? "" : ", environment " + html(finding.env)) +
         (finding.location.line != 0 || finding.rendered.line == 0
              ? ""
              : ", rendered at " + code(diag::describe_place(finding.rendered))) +
         "</small></p>";
  out += excerpt_html(finding, excerpts);
  if (!finding.hint.empty()) {
    out += "<p class=\"hint\">" + html(finding.hint) + "</p>";
  }
  return out + "</div>\n";
}

/// Units with errors come first and stand open.
std::string findings_html(const diag::Report& report, Excerpts& excerpts) {
  using Group = std::pair<std::string, std::vector<const Finding*>>;
  std::map<std::string, std::vector<const Finding*>> by_unit;
  for (const Finding& finding : report.findings) {
    by_unit[finding.unit].push_back(&finding);
  }
  std::vector<Group> groups(by_unit.begin(), by_unit.end());
  const auto worst_of = [](const Group& group) {
    return (*std::ranges::min_element(group.second, {}, &Finding::severity))->severity;
  };
  std::ranges::stable_sort(groups, {}, worst_of);
  std::string out = groups.empty() ? "" : "<h2>Findings</h2>\n";
  std::size_t shown = 0;
  for (const Group& group : groups) {
    const bool has_errors = worst_of(group) == Severity::error;
    out += std::string(has_errors ? "<details open>" : "<details>") + "<summary>" +
           (group.first.empty() ? "Repository" : html(group.first)) + " <small>" +
           text::counted(group.second.size(), "finding") + "</small></summary>\n";
    for (const Finding* finding : group.second) {
      if (shown < most_findings) {
        out += finding_html(*finding, excerpts);
        ++shown;
      }
    }
    out += "</details>\n";
  }
  return shown == report.findings.size()
             ? out
             : out + "<p>" + text::counted(report.findings.size() - shown, "further finding") +
                   " not shown here: see the reports of the stages.</p>\n";
}

/// The plan as text, its signs coloured.
std::string plan_html(const std::string& plan) {
  if (plan.empty()) {
    return "";
  }
  if (plan.size() > longest_plan) {
    return "<h2>Plan</h2>\n<p>Too long to be shown here: see plan.txt.</p>\n";
  }
  std::string out = "<h2>Plan</h2>\n<pre>";
  for (const std::string_view line : text::split(plan, '\n')) {
    const std::string_view words = text::trim(line);
    const std::string_view element = words.starts_with("+ ")   ? "ins"
                                     : words.starts_with("- ") ? "del"
                                     : words.starts_with("! ") ? "u"
                                                               : "";
    const std::size_t indent = line.size() - text::trim(line).size();
    const std::string text = std::string(indent, ' ') + html(words);
    out += element.empty()
               ? text
               : "<" + std::string(element) + ">" + text + "</" + std::string(element) + ">";
    out += '\n';
  }
  return out + "</pre>\n";
}

/// A whole document as the value of an attribute.
std::string attribute(std::string document) {
  document = text::replace_all(std::move(document), "&", "&amp;");
  document = text::replace_all(std::move(document), "<", "&lt;");
  return text::replace_all(std::move(document), "\"", "&quot;");
}

/// The page of sluice-cost-proxy as it is, in a frame of its own that may run nothing.
std::string cost_html(const std::string& page) {
  return page.empty() ? ""
                      : "<h2>Cost</h2>\n<iframe sandbox title=\"Cost\" srcdoc=\"" +
                            attribute(page) + "\"></iframe>\n";
}

std::string list_html(std::string_view title, const std::vector<std::string>& items) {
  std::string out = items.empty() ? "" : "<h2>" + std::string(title) + "</h2>\n<ul>\n";
  for (const std::string& item : items) {
    out += "<li>" + html(item) + "</li>\n";
  }
  return items.empty() ? out : out + "</ul>\n";
}

}  // namespace

std::string to_page(const Chain& chain, Excerpts& excerpts) {
  const diag::Report all = merged(chain);
  const int exit = worst(chain);
  const std::string verdict(verdict_name(exit));
  return diag::page("Sluice: " + verdict, style,
                    "<h1>Sluice</h1>\n<p class=\"verdict\">" + tag(verdict, class_of(exit)) + ' ' +
                        html(diag::describe_counts(diag::count(all))) + "</p>\n" +
                        stages_html(chain) + list_html("No verdict", all.no_verdict) +
                        findings_html(all, excerpts) + cost_html(chain.cost_page) +
                        plan_html(chain.plan_text) + list_html("Skipped", all.skipped) +
                        "<h2>Ledger</h2>\n<p>" + html(ledger_line(chain)) + "</p>\n");
}

}  // namespace sluice::report
