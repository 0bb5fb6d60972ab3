// SPDX-License-Identifier: Apache-2.0
#include "render/report.hpp"

#include "base/text.hpp"
#include "render/order.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace sluice::render {
namespace {

void report_failure(const Options& options,
                    const std::string& name,
                    diag::Finding finding,
                    bool skip,
                    diag::Report& report) {
  const std::string what = name + " (" + finding.env + "): " + finding.message;
  report.skipped.push_back(text::printable(what, 1000));
  if (options.skips == Skips::forbid) {
    report.no_verdict.push_back("cannot render " + text::printable(what, 1000));
  } else if (skip) {
    finding.severity = diag::Severity::warning;
  }
  report.findings.push_back(std::move(finding));
}

/// What the units load that were not looked at for values and entries without effect: such a file
/// cannot be judged.
Places unjudged_places(const Plan& plan) {
  Places places;
  for (const auto& delivery : plan.deliveries) {
    if (!delivery.probed && !delivery.superseded) {
      places.add(delivery.scope);
    }
  }
  return places;
}

/// Values that nothing reads: judged over all units that load a file, whatever --unit asks for.
void report_values(const Plan& plan, diag::Report& report) {
  std::vector<helm::UnitValues> units;
  for (const auto* delivery : sorted(plan.deliveries)) {
    if (delivery->values) {
      units.push_back(
          {.unit = delivery->unit.name, .env = delivery->unit.env, .values = *delivery->values});
    }
  }
  const auto unjudged = unjudged_places(plan);
  std::size_t left = 0;
  for (auto& finding : helm::dead_value_findings(units)) {
    if (unjudged.hold(finding.location.file)) {
      ++left;
    } else {
      report.findings.push_back(std::move(finding));
    }
  }
  if (left != 0) {
    report.summary.push_back(text::counted(left, "value") +
                             " that no changed unit reads, but an unchanged one may");
  }
  for (const auto& unit : units) {
    for (const auto& reason : unit.values.not_checked) {
      report.summary.push_back("values of " + text::printable(unit.unit) +
                               " not checked: " + reason);
    }
  }
}

/// Entries of kustomizations that select nothing, wherever their file is built: a component may
/// well patch what only some of its users have.
void report_no_effect(const Plan& plan, diag::Report& report) {
  std::map<std::string, std::size_t> users;
  std::map<std::tuple<std::string, std::string, std::size_t>,
           std::vector<std::pair<const Delivery*, const kustomize::NoEffect*>>>
      idle;
  for (const auto* delivery : sorted(plan.deliveries)) {
    for (const auto& file : delivery->kustomizations) {
      ++users[file];
    }
    for (const auto& entry : delivery->no_effect) {
      const auto file = entry.at.file.empty() ? label(delivery->unit) : entry.file;
      idle[{file, entry.field, entry.index}].emplace_back(delivery, &entry);
    }
  }
  const auto unjudged = unjudged_places(plan);
  for (const auto& [key, places] : idle) {
    const auto& [delivery, entry] = places.front();
    const bool of_the_unit = entry->at.file.empty();
    if (!of_the_unit && (places.size() < users[entry->file] || unjudged.hold(entry->file))) {
      continue;
    }
    report.findings.push_back(
        {.location = of_the_unit ? delivery->unit.defined_at : entry->at,
         .code = "render/no-effect",
         .severity = diag::Severity::warning,
         .message = entry->what + " selects nothing" +
                    (places.size() == 1 ? " in " + text::printable(label(delivery->unit))
                                        : " in any of " + text::counted(places.size(), "unit")) +
                    ", and the build without it is the same",
         .hint = "kustomize does not complain: correct the target, or delete the entry"});
  }
}

/// What is wrong with a chart or values file is said once, however many units load it.
bool is_about_file(const diag::Finding& finding) {
  constexpr std::string_view codes[] = {"render/dependency-version", "render/duplicate-dependency",
                                        "render/lock-digest",        "render/undeclared-dependency",
                                        "yaml/duplicate-key",        "value/type-ignored",
                                        "render/depends-on-cluster"};
  return std::find(std::begin(codes), std::end(codes), finding.code) != std::end(codes);
}

void report_units(const Options& options, const Chosen& chosen, diag::Report& report) {
  for (const auto* delivery : chosen.deliveries) {
    const auto& unit = delivery->unit;
    for (auto finding : delivery->findings) {
      if (!is_about_file(finding)) {
        finding.unit = unit.name;
        finding.env = unit.env;
      }
      report.findings.push_back(std::move(finding));
    }
    if (!delivery->failure.empty()) {
      report_failure(options, unit.name,
                     {.location = delivery->failure_at,
                      .code = delivery->code,
                      .message = delivery->failure,
                      .unit = unit.name,
                      .env = unit.env},
                     delivery->skip, report);
    }
  }
  for (const auto* skip : chosen.skips) {
    const bool said =
        std::any_of(report.findings.begin(), report.findings.end(), [&](const auto& finding) {
          return finding.severity == diag::Severity::error && finding.object == skip->object &&
                 finding.message == skip->reason;
        });
    report_failure(
        options, skip->name,
        {.location = skip->at,
         .code = "render/skipped",
         .message = skip->reason,
         .hint = "put it into the repository, or run with --allow-skips to go on without it",
         .object = skip->object,
         .unit = skip->name,
         .env = skip->env},
        true, report);
    if (said) {  // the expander's finding points at the very field
      report.findings.pop_back();
    }
  }
}

}  // namespace

void report_plan(const Options& options,
                 const Plan& plan,
                 const Chosen& chosen,
                 diag::Report& report) {
  report.findings.insert(report.findings.end(), plan.findings.begin(), plan.findings.end());
  report_units(options, chosen, report);
  report_values(plan, report);
  report_no_effect(plan, report);
  for (const auto& unit : plan.unforeseen) {
    report.no_verdict.push_back(
        text::printable(unit) +
        " makes objects of Argo CD or Flux without their apiVersion in its files, so nobody can "
        "tell what a change of them touches: write it out, or render everything");
  }
  if (const auto unchanged = count_unchanged(chosen, {}); unchanged != 0) {
    report.skipped.push_back(text::counted(unchanged, "unit") + " that did not change since " +
                             text::printable(options.changed_since));
  }
}

}  // namespace sluice::render
