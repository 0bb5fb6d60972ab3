// SPDX-License-Identifier: Apache-2.0
#include "render/files.hpp"

#include "base/text.hpp"
#include "render/survey.hpp"

#include <algorithm>

namespace sluice::render {
namespace {

/// Files to the units that read them.
using Users = std::map<std::string, std::set<std::string>>;

struct Uses {
  Users rendered, read;
  Places unchanged;  ///< of units that a partial render leaves out
};

Uses uses(const Plan& plan) {
  Uses result;
  for (const auto& delivery : plan.deliveries) {
    const auto unit = label(delivery.unit);
    if (delivery.stage == Stage::unchanged) {
      result.unchanged.add(delivery.scope);
      continue;
    }
    for (const auto& file : delivery.rendered) {
      result.rendered[file].insert(unit);
    }
    for (const auto& file : delivery.inputs) {
      result.read[file].insert(unit);
    }
  }
  for (const auto& [file, units] : plan.expansion_inputs) {
    result.read[file].insert(units.begin(), units.end());
  }
  return result;
}

bool lies_in(const std::string& file, const std::vector<std::string>& places) {
  return std::any_of(places.begin(), places.end(), [&](const auto& place) {
    return file == place || place == "." || file.starts_with(place + "/");
  });
}

/// What the other tools of the chain read, by sluice.yaml.
std::string read_by_sluice(const config::Config& config, const std::string& file) {
  if (file == "sluice.yaml") {
    return "the configuration of Sluice";
  }
  if (lies_in(file, config.policy_paths)) {
    return "a policy by sluice.yaml";
  }
  if (file == config.scan_gate || file == config.model_gate) {
    return "a gate of sluice.yaml";
  }
  return {};
}

std::string ignored(const config::Config& config, const std::string& file) {
  for (const auto& entry : config.ignored_paths) {
    if (text::glob_match(entry.path, file)) {
      return "ignored by sluice.yaml: " + text::printable(entry.reason);
    }
  }
  return {};
}

/// What would have delivered the file, had it been possible to render it.
std::string skipped_by(const Plan& plan, const std::string& file) {
  for (const auto& skip : plan.skips) {
    if (lies_in(file, skip.folders)) {
      return "belongs to " + text::printable(skip.name) + ", which cannot be rendered";
    }
  }
  for (const auto& delivery : plan.deliveries) {
    if (!delivery.failure.empty() && !delivery.unit.path.empty() &&
        lies_in(file, {delivery.unit.path})) {
      return "belongs to " + text::printable(delivery.unit.name) + ", which cannot be rendered";
    }
  }
  return {};
}

/// A manifest is an orphan unless all its objects are read by something that is no cluster.
FileRow by_content(FileRow row, const Survey& survey, const Graph& graph, const FileFacts& facts) {
  row.role = Role::not_kubernetes;
  if (graph.is_patch(row.path)) {
    row.reason = "a patch of a kustomization that nothing builds";
    return row;
  }
  switch (facts.kind) {
    case FileFacts::Kind::manifest: {
      for (const auto& object : facts.objects) {
        auto reason = client_side_reason(object);
        if (reason.empty() && object.name.empty()) {
          reason = "an object without a name, which no cluster takes";
        }
        row.role = reason.empty() ? Role::orphan : row.role;
        row.reason = reason.empty()       ? "a Kubernetes manifest that nothing delivers"
                     : row.reason.empty() ? reason
                                          : row.reason;
      }
      return row;
    }
    case FileFacts::Kind::kustomization:
      row.reason = "a kustomization that nothing builds";
      return row;
    case FileFacts::Kind::chart_part: {
      const auto chart = chart_of(survey, row.path);
      const bool head = row.path == join(chart, "Chart.yaml");
      row.role = head ? Role::orphan : row.role;
      row.reason = head
                       ? "a chart that nothing delivers"
                       : "part of the chart " + text::printable(chart) + ", which nothing delivers";
      return row;
    }
    case FileFacts::Kind::unreadable:
      row.role = Role::orphan;
      row.reason = "nothing delivers this file, and it cannot be read: " + facts.why;
      return row;
    case FileFacts::Kind::other:
      row.reason = facts.why;
      return row;
  }
  return row;
}

std::vector<std::string> list(const std::set<std::string>& units) {
  return {units.begin(), units.end()};
}

}  // namespace

std::vector<FileRow> account(const Survey& survey, const config::Config& config, const Plan& plan) {
  const auto used = uses(plan);
  const Graph graph(survey);
  std::vector<FileRow> rows;
  for (const auto& [path, facts] : survey.files) {
    FileRow row{.path = path};
    if (const auto found = used.rendered.find(path); found != used.rendered.end()) {
      row.role = Role::rendered;
      row.units = list(found->second);
    } else if (const auto read = used.read.find(path); read != used.read.end()) {
      row.role = Role::input;
      row.units = list(read->second);
    } else if (used.unchanged.hold(path)) {
      row.role = Role::input;
      row.reason = "belongs to a unit that did not change";
    } else if (auto reason = read_by_sluice(config, path); !reason.empty()) {
      row.reason = std::move(reason);
    } else if (auto why = ignored(config, path); !why.empty()) {
      row.reason = std::move(why);
    } else if (auto skipped = skipped_by(plan, path); !skipped.empty()) {
      row.role = Role::input;
      row.reason = std::move(skipped);
    } else {
      row = by_content(std::move(row), survey, graph, facts);
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

std::vector<diag::Finding> orphan_findings(const Survey& survey, const std::vector<FileRow>& rows) {
  std::vector<diag::Finding> findings;
  for (const auto& row : rows) {
    if (row.role != Role::orphan) {
      continue;
    }
    const auto& facts = survey.files.at(row.path);
    diag::Finding finding{.location = {.file = row.path, .line = facts.line},
                          .code = "render/orphan",
                          .message = row.reason,
                          .hint =
                              "add it to what Argo CD, Flux or a kustomization delivers, or give a "
                              "reason under render.ignore in "
                              "sluice.yaml"};
    if (facts.objects.size() == 1) {
      finding.object = facts.objects.front();
    }
    findings.push_back(std::move(finding));
  }
  return findings;
}

}  // namespace sluice::render
