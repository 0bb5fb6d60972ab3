// SPDX-License-Identifier: Apache-2.0
#include "render/plan.hpp"

#include "base/text.hpp"
#include "io/files.hpp"
#include "render/environments.hpp"
#include "render/parallel.hpp"
#include "render/stream.hpp"

#include <algorithm>
#include <atomic>

namespace sluice::render {
namespace {

constexpr std::size_t most_units = 50'000;
constexpr unsigned deepest_chain = 64;

diag::Finding repeat_finding(std::string code,
                             const delivery::Unit& unit,
                             std::string message,
                             std::string hint) {
  return {.location = unit.defined_at,
          .code = std::move(code),
          .message = std::move(message),
          .hint = std::move(hint),
          .unit = unit.name,
          .env = unit.env};
}

std::string chain_of(const delivery::Unit& unit) {
  return unit.chain.empty() ? unit.name : unit.chain;
}

/// The folders that an Application or a Flux Kustomization names as its sources: they are no
/// orphans when it cannot be rendered.
std::vector<std::string> folders_named_by(const yaml::Stream& stream,
                                          const diag::ObjectRef& object) {
  std::vector<std::string> folders;
  const auto add = [&](const yaml::Document& document, const yaml::Node& node,
                       std::initializer_list<std::string_view> keys) {
    const auto folder = io::normalise_inside(document.text(node, keys));
    if (folder && *folder != ".") {
      folders.push_back(*folder);
    }
  };
  for (const auto& document : stream.documents) {
    const auto& root = document.root();
    if (document.text(root, {"kind"}) != object.kind ||
        document.text(root, {"metadata", "name"}) != object.name) {
      continue;
    }
    add(document, root, {"spec", "path"});
    add(document, root, {"spec", "source", "path"});
    const auto* sources = document.find(root, {"spec", "sources"});
    if (sources != nullptr && sources->kind == yaml::Kind::sequence) {
      for (const auto& source : document.children(*sources)) {
        add(document, source, {"path"});
      }
    }
  }
  return folders;
}

}  // namespace

Status Plan::run() {
  SLUICE_TRY(run_from(starting_units(), Origin::bootstrap));
  SLUICE_TRY(run_charts_with_applications());
  SLUICE_TRY(run_leftovers());
  gitops =
      gitops || std::any_of(parts_.survey.files.begin(), parts_.survey.files.end(),
                            [&](const auto& file) { return is_start(file.first, file.second); });
  if (!gitops) {
    SLUICE_TRY(run_from(layout_units(parts_.repository, parts_.survey, graph_), Origin::delivered));
  }
  settle_environments();
  supersede();
  return ok;
}

/// Charts that are installed by hand and whose templates are Applications: `apps/` of many a
/// repository.
Status Plan::run_charts_with_applications() {
  for (const auto& chart : charts_with_applications(parts_.repository, parts_.survey)) {
    if (uses_chart(chart)) {
      continue;
    }
    gitops = true;
    delivery::HelmSource source{.chart = chart, .release = release_name(chart)};
    SLUICE_TRY(run_from({{.name = chart,
                          .path = chart,
                          .defined_at = {.file = join(chart, "Chart.yaml")},
                          .source = std::move(source)}},
                        Origin::bootstrap));
  }
  return ok;
}

/// Argo CD and Flux objects that the first look took for delivered by others and that nobody
/// delivered: they go round in a circle, or a patch changed what delivers them.
Status Plan::run_leftovers() {
  for (const auto& [path, facts] : parts_.survey.files) {
    if (is_start(path, facts) && !is_rendered(path) && graph_.roots_of(path).empty()) {
      SLUICE_TRY(run_from(units_for({path}, {path}), Origin::bootstrap));
    }
  }
  return ok;
}

bool Plan::is_rendered(const std::string& file) const {
  return std::any_of(deliveries.begin(), deliveries.end(), [&](const auto& delivery) {
    return std::binary_search(delivery.rendered.begin(), delivery.rendered.end(), file);
  });
}

bool Plan::uses_chart(const std::string& folder) const {
  const auto file = join(folder, "Chart.yaml");
  return std::any_of(deliveries.begin(), deliveries.end(), [&](const auto& delivery) {
    return std::binary_search(delivery.inputs.begin(), delivery.inputs.end(), file);
  });
}

Status Plan::run_from(std::vector<delivery::Unit> units, Origin origin) {
  std::vector<Delivery*> wave;
  for (auto& unit : units) {
    if (auto* delivery = admit(std::move(unit), nullptr, origin)) {
      wave.push_back(delivery);
    }
  }
  return run_waves(std::move(wave));
}

Status Plan::run_waves(std::vector<Delivery*> wave) {
  while (!wave.empty()) {
    std::vector<Status> results(wave.size(), ok);
    std::atomic<std::size_t> done = deliveries.size() - wave.size();
    parallel(parts_.jobs, wave.size(), [&](std::size_t i) {
      results[i] = parts_.executor.execute(*wave[i]);
      parts_.progress(++done, deliveries.size());
    });
    for (const auto& result : results) {
      SLUICE_TRY(result);
    }
    std::vector<Delivery*> next;
    for (const auto* delivery : wave) {
      const auto more = expand(*delivery);
      next.insert(next.end(), more.begin(), more.end());
    }
    if (deliveries.size() > most_units) {
      return Error{Error::Kind::limit,
                   "the repository expands to more than " + std::to_string(most_units) + " units"};
    }
    wave = std::move(next);
  }
  return ok;
}

std::vector<Delivery*> Plan::expand(const Delivery& delivery) {
  std::vector<Delivery*> next;
  if (!delivery.failure.empty() || !may_expand(delivery)) {
    return next;
  }
  const auto stream = yaml::parse(stream_of(delivery), delivery.unit.name, parts_.limits);
  if (!stream) {
    return next;  // our own text always parses
  }
  auto expansion = parts_.expanders.expand(*stream, chain_of(delivery.unit), Templates::run);
  gitops = gitops || !expansion.units.empty() || !expansion.unrenderable.empty();
  for (auto& finding : expansion.findings) {
    finding.unit = delivery.unit.name;
    findings.push_back(std::move(finding));
  }
  for (auto& skip : expansion.unrenderable) {
    skips.push_back({std::move(skip.name),
                     skip.env.empty() ? delivery.unit.env : std::move(skip.env),
                     std::move(skip.defined_at), std::move(skip.reason), skip.object,
                     folders_named_by(*stream, skip.object)});
  }
  for (const auto& input : expansion.inputs) {
    expansion_inputs[input].insert(delivery.unit.name);
  }
  for (auto& unit : expansion.units) {
    if (auto* more = admit(std::move(unit), &delivery, Origin::delivered)) {
      next.push_back(more);
    }
  }
  return next;
}

Delivery* Plan::admit(delivery::Unit unit, const Delivery* parent, Origin origin) {
  unit.env =
      environment_of(parts_.config, unit, parent == nullptr ? std::string() : parent->unit.env);
  const auto key = std::pair(unit.name, unit.env);
  if (const auto found = by_name_.find(key); found != by_name_.end()) {
    if (parent != nullptr) {
      report_repeat(unit, *parent, *found->second);
    }
    return nullptr;
  }
  unsigned depth = 0;
  for (const auto* above = parent; above != nullptr; above = above->parent) {
    ++depth;
  }
  if (depth > deepest_chain) {
    findings.push_back(repeat_finding(
        "render/cycle", unit,
        "applications lead to each other without end: " + text::printable(chain_of(unit)), ""));
    return nullptr;
  }
  deliveries.push_back({.unit = std::move(unit), .origin = origin, .parent = parent});
  by_name_.emplace(key, &deliveries.back());
  return &deliveries.back();
}

/// A unit that exists already: an application that delivers itself is common and fine; a longer
/// circle or a second definition is not.
void Plan::report_repeat(const delivery::Unit& unit,
                         const Delivery& parent,
                         const Delivery& first) {
  if (&first == &parent && same_source(unit, first.unit)) {
    return;
  }
  for (const auto* above = &parent; above != nullptr; above = above->parent) {
    if (above == &first) {
      findings.push_back(
          repeat_finding("render/cycle", unit,
                         text::printable(unit.name) +
                             " leads back to itself: " + text::printable(chain_of(unit), 600),
                         "take one of them out of the folder that the other delivers"));
      return;
    }
  }
  findings.push_back(repeat_finding(
      "render/duplicate-application", unit,
      text::printable(unit.name) +
          " is defined twice: " + text::printable(chain_of(first.unit), 300) + " (" +
          text::printable(first.unit.defined_at.file) + ") and " +
          text::printable(chain_of(unit), 300) + " (" + text::printable(unit.defined_at.file) + ")",
      "remove one; the cluster keeps whichever was applied last"));
}

/// The one environment of what a unit leads to; empty when there are several or none.
std::string Plan::environment_below(const Delivery& delivery) const {
  std::set<std::string> found;
  for (const auto& other : deliveries) {
    if (other.parent == &delivery) {
      found.insert(other.unit.env);
    }
  }
  return found.size() == 1 ? *found.begin() : std::string();
}

/// Units whose paths say nothing: by their names, when those end in an environment that others
/// have; by the one environment of what they start; else "default". When sluice.yaml names
/// environments, only those count.
void Plan::settle_environments() {
  std::set<std::string> seen;
  for (const auto& delivery : deliveries) {
    seen.insert(delivery.unit.env);
  }
  seen.erase("");
  for (auto delivery = deliveries.rbegin(); delivery != deliveries.rend();
       ++delivery) {  // children come after parents
    auto& unit = delivery->unit;
    if (unit.env.empty() && parts_.config.environments.empty()) {
      unit.env = environment_in_name(unit.app.empty() ? unit.name : unit.app, seen);
      unit.env = unit.env.empty() ? environment_in_name(unit.name_space, seen) : unit.env;
    }
    unit.env = unit.env.empty() ? environment_below(*delivery) : unit.env;
  }
  const auto& known = parts_.config.environments;
  for (auto& delivery : deliveries) {
    auto& env = delivery.unit.env;
    if (env.empty()) {
      env = delivery.parent == nullptr || !known.empty() ? "default" : delivery.parent->unit.env;
    }
    const bool named = std::any_of(known.begin(), known.end(), [&](const auto& environment) {
      return environment.name == env;
    });
    if (!known.empty() && !named) {
      delivery.findings.push_back(
          repeat_finding("config/unmatched-unit", delivery.unit,
                         text::printable(delivery.unit.name) + " matches no environment of " +
                             text::printable(parts_.config.file),
                         "add a match for its path, application, destination or namespace"));
    }
  }
  for (auto& skip : skips) {
    skip.env = skip.env.empty() ? "default" : skip.env;
  }
}

/// What starts everything is often delivered by what it started: Flux's own folder, an Application
/// among the others.
void Plan::supersede() {
  std::set<std::string> rendered;
  for (const auto& delivery : deliveries) {
    if (delivery.origin == Origin::delivered) {
      rendered.insert(delivery.rendered.begin(), delivery.rendered.end());
    }
  }
  for (auto& delivery : deliveries) {
    delivery.superseded = delivery.origin == Origin::bootstrap && delivery.failure.empty() &&
                          !delivery.rendered.empty() &&
                          std::all_of(delivery.rendered.begin(), delivery.rendered.end(),
                                      [&](const auto& file) { return rendered.contains(file); });
  }
}

}  // namespace sluice::render
