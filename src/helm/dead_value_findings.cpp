// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "helm/dead_values.hpp"

#include <map>
#include <set>
#include <utility>

namespace sluice::helm {
namespace {

std::string list(const std::set<std::string>& words) {
  return text::join(std::vector<std::string>(words.begin(), words.end()), ", ");
}

}  // namespace

std::vector<diag::Finding> dead_value_findings(const std::vector<UnitValues>& units) {
  struct Seen {
    DeadValue value;
    std::set<std::string> units, envs;
  };
  std::map<std::pair<std::string, ValuePath>, Seen> dead;
  std::map<std::string, std::set<std::string>> loaded_by;
  for (const auto& unit : units) {
    const auto id = unit.unit + (unit.env.empty() ? "" : " (" + unit.env + ")");
    for (const auto& file : unit.values.judged) {
      loaded_by[file].insert(id);
    }
    for (const auto& value : unit.values.dead) {
      auto& seen = dead[{value.file, value.path}];
      seen.value = value;
      seen.units.insert(id);
      seen.envs.insert(unit.env);
    }
  }
  std::vector<diag::Finding> findings;
  for (const auto& [key, seen] : dead) {
    const auto& value = seen.value;
    const bool everywhere = seen.units == loaded_by[value.file];
    diag::Finding finding{.location = value.at, .code = "value/unread"};
    finding.severity = !everywhere     ? diag::Severity::note
                       : value.certain ? diag::Severity::error
                                       : diag::Severity::warning;
    finding.message =
        text::printable(dotted(value.path)) +
        (value.values > 1 ? " (" + text::counted(value.values, "value") + ")" : "") +
        " changes nothing in " +
        (everywhere && seen.envs.size() > 1 ? "any of the environments " + list(seen.envs)
                                            : list(seen.units)) +
        ": no template of " + text::printable(value.chart) +
        " reads it, and the render without it is the same";
    if (!value.suggestion.empty()) {
      finding.hint =
          "did you mean " + text::printable(value.suggestion) +
          (value.alternative.empty() ? "" : " or " + text::printable(value.alternative)) + '?' +
          (value.dependency_forgotten
               ? " Values for the dependency \"" +
                     text::printable(value.suggestion.substr(0, value.suggestion.find('.'))) +
                     "\" stand under its own key"
               : "");
    } else {
      finding.hint =
          "remove it, or move it to where the chart reads it; a key that begins with x- is never "
          "judged";
    }
    findings.push_back(std::move(finding));
  }
  return findings;
}

}  // namespace sluice::helm
