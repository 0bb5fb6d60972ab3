// SPDX-License-Identifier: Apache-2.0
#include "report/chain.hpp"

#include "base/text.hpp"
#include "diag/describe.hpp"
#include "diag/escape.hpp"

#include <algorithm>
#include <map>

namespace sluice::report {

namespace {

using diag::Finding;
using diag::Severity;

/// Forges cut what is longer, in the middle of a table if need be.
constexpr std::size_t longest_findings = 400 * 1024;
constexpr std::size_t longest_part = 300 * 1024;

void adjust(const StageResult& stage, std::vector<Finding>& findings) {
  const bool has_errors = diag::count(stage.report).errors != 0;
  for (Finding& finding : findings) {
    if (stage.exit == 0 && finding.severity == Severity::error) {
      finding.severity = Severity::warning;
    } else if (stage.exit == 1 && !has_errors && finding.severity == Severity::warning) {
      finding.severity = Severity::error;
    }
  }
}

std::string place_of(const Finding& finding) {
  return finding.env.empty() ? finding.unit
                             : finding.env + (finding.unit.empty() ? "" : " / " + finding.unit);
}

std::string markdown_of(const Finding& finding) {
  std::string out = "- **" + std::string(name(finding.severity)) + "** ";
  if (const std::string place = diag::describe_place(finding.location); !place.empty()) {
    out += diag::markdown_code(place) + ' ';
  }
  out += diag::markdown_code(finding.message) + ' ' + diag::markdown_code('[' + finding.code + ']');
  if (const std::string object = to_string(finding.object); !object.empty()) {
    out += " in " + diag::markdown_code(object);
  }
  if (!finding.hint.empty()) {
    out += "<br/>hint: " + diag::markdown_code(finding.hint);
  }
  return out + '\n';
}

std::string stages_table(const Chain& chain) {
  std::string out = "| stage | verdict | findings |\n|---|---|---|\n";
  for (const StageResult& stage : chain.stages) {
    out += "| " + diag::markdown(stage.name) + " | " + std::string(verdict_name(stage.exit)) +
           " | " + diag::markdown(account(stage)) + " |\n";
  }
  return out;
}

std::string findings_by_unit(const diag::Report& report) {
  std::map<std::string, std::vector<const Finding*>> groups;
  for (const Finding& finding : report.findings) {
    groups[place_of(finding)].push_back(&finding);
  }
  std::string out = groups.empty() ? "" : "\n## Findings\n";
  std::size_t shown = 0;
  for (const auto& [place, findings] : groups) {
    out += "\n### " + (place.empty() ? "Repository" : diag::markdown_code(place)) + "\n\n";
    for (const Finding* finding : findings) {
      if (out.size() < longest_findings) {
        out += markdown_of(*finding);
        ++shown;
      }
    }
    if (out.size() >= longest_findings) {
      break;
    }
  }
  if (shown < report.findings.size()) {
    out += "\n" + text::counted(report.findings.size() - shown, "further finding") +
           " not shown here: see the reports of the stages.\n";
  }
  return out;
}

std::string list(std::string_view title, const std::vector<std::string>& items) {
  std::string out = items.empty() ? "" : "\n## " + std::string(title) + "\n\n";
  for (const std::string& item : items) {
    out += "- " + diag::markdown_code(item) + '\n';
  }
  return out;
}

std::string details(std::string_view title, const std::string& markdown) {
  if (markdown.empty()) {
    return {};
  }
  const std::string body = markdown.size() <= longest_part
                               ? markdown
                               : "Too long to be shown here: see the output of the stage.\n";
  return "\n<details><summary>" + std::string(title) + "</summary>\n\n" + body + "\n</details>\n";
}

}  // namespace

std::string account(const StageResult& stage) {
  diag::Report report = stage.report;
  report.now.clear();
  report.no_verdict.clear();
  const bool nothing = report.findings.empty() && report.summary.empty() && report.skipped.empty();
  return nothing && stage.exit > 1 ? "" : diag::describe_summary(report);
}

std::string ledger_line(const Chain& chain) {
  const auto ledger = std::ranges::find(chain.stages, "ledger", &StageResult::name);
  return ledger == chain.stages.end() ? "no ledger was made" : account(*ledger);
}

int worst(const Chain& chain) {
  if (chain.stages.empty()) {
    return 2;
  }
  return std::ranges::max(chain.stages, {}, &StageResult::exit).exit;
}

std::string_view verdict_name(int exit) {
  switch (exit) {
    case 0:
      return "clean";
    case 1:
      return "findings";
    case 2:
      return "no verdict";
    default:
      return "bug";
  }
}

std::string verdict_line(const Chain& chain) {
  const int exit = worst(chain);
  return "verdict: " + std::string(verdict_name(exit)) + " (exit " + std::to_string(exit) + ')';
}

diag::Report merged(const Chain& chain) {
  diag::Report all;
  for (const StageResult& stage : chain.stages) {
    for (const std::string& reason : stage.report.no_verdict) {
      all.no_verdict.push_back(stage.name + ": " + reason);
    }
    for (const std::string& skipped : stage.report.skipped) {
      all.skipped.push_back(stage.name + ": " + skipped);
    }
    if (all.now.empty()) {
      all.now = stage.report.now;
    }
    if (stage.name == "render-base" && stage.exit == 0) {
      continue;
    }
    std::vector<Finding> findings = stage.report.findings;
    adjust(stage, findings);
    all.findings.insert(all.findings.end(), findings.begin(), findings.end());
  }
  if (chain.stages.empty()) {
    all.no_verdict.emplace_back("no stage has ended");
  }
  normalise(all);
  return all;
}

std::string to_markdown(const Chain& chain) {
  const diag::Report all = merged(chain);
  const int exit = worst(chain);
  return "# Sluice: " + std::string(verdict_name(exit)) + " (exit " + std::to_string(exit) +
         ")\n\n" + stages_table(chain) + "\nLedger: " + diag::markdown_code(ledger_line(chain)) +
         '\n' + list("No verdict", all.no_verdict) + findings_by_unit(all) +
         list("Skipped", all.skipped) + details("Plan", chain.plan) + details("Cost", chain.cost);
}

std::string to_text(const Chain& chain) {
  std::string out;
  for (const StageResult& stage : chain.stages) {
    std::string name = diag::one_line(stage.name);
    std::string verdict(verdict_name(stage.exit));
    name.resize(std::max<std::size_t>(name.size(), 12), ' ');
    verdict.resize(std::max<std::size_t>(verdict.size(), 10), ' ');
    out += std::string(text::trim(name + ' ' + verdict + ' ' + account(stage))) + '\n';
  }
  for (const std::string& reason : merged(chain).no_verdict) {
    out += "no verdict: " + diag::one_line(reason) + '\n';
  }
  return out + verdict_line(chain) + '\n';
}

}  // namespace sluice::report
