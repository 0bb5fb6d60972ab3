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

/// Back to the unit as it was before it was rendered.
void forget(Delivery& delivery) {
  delivery = {.unit = std::move(delivery.unit),
              .origin = delivery.origin,
              .parent = delivery.parent,
              .rendered_for = std::move(delivery.rendered_for),
              .scope = std::move(delivery.scope),
              .touched = delivery.touched};
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

Status Plan::run(const Changes* changes) {
  changes_ = changes;
  SLUICE_TRY(run_from(std::move(starts_), Origin::bootstrap));
  SLUICE_TRY(run_charts_with_applications());
  SLUICE_TRY(run_leftovers());
  gitops =
      gitops || std::any_of(parts_.survey.files.begin(), parts_.survey.files.end(),
                            [&](const auto& file) { return is_start(file.first, file.second); });
  if (!gitops) {
    SLUICE_TRY(run_from(layout_units(parts_.repository, parts_.survey, graph_), Origin::delivered));
  }
  settle();
  return ok;
}

void Plan::settle() {
  settle_environments();
  supersede();
  if (changes_ == nullptr) {
    report_unmatched();
  }
}

bool Plan::is_probed(const Delivery& delivery) const {
  return parts_.probing == Probing::all || (parts_.probing == Probing::changed && delivery.touched);
}

Status Plan::finish(const std::function<bool(const Delivery&)>& affected, Rest rest) {
  std::vector<Delivery*> again;
  for (auto& delivery : deliveries) {
    delivery.touched = delivery.touched || affected(delivery);
    if (delivery.stage == Stage::rendered && is_probed(delivery) && !delivery.probed) {
      forget(delivery);
      again.push_back(&delivery);
    } else if (delivery.stage == Stage::rendered && !delivery.touched && rest == Rest::left_out) {
      delivery.stage = Stage::unchanged;
    }
  }
  SLUICE_TRY(execute(again));  // what they lead to is known
  for (auto wave = decide(affected, rest); !wave.empty(); wave = decide(affected, rest)) {
    SLUICE_TRY(run_waves(std::move(wave)));
  }
  settle();
  report_unmatched();
  return ok;
}

/// Of the units that wait, those that are rendered; the others are unchanged.
std::vector<Delivery*> Plan::decide(const std::function<bool(const Delivery&)>& affected,
                                    Rest rest) {
  std::vector<Delivery*> wave;
  for (auto& delivery : deliveries) {
    if (delivery.stage != Stage::waiting) {
      continue;
    }
    delivery.touched = delivery.touched || affected(delivery);
    if (delivery.touched || rest == Rest::rendered) {
      wave.push_back(&delivery);
    } else {
      delivery.stage = Stage::unchanged;
    }
  }
  return wave;
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

/// With a base, most units wait: nothing depends on what they render to.
bool Plan::may_wait(const Delivery& delivery) const {
  return changes_ != nullptr && !delivery.touched && !delivery.scope.may_deliver();
}

Status Plan::run_from(std::vector<delivery::Unit> units, Origin origin) {
  std::vector<Delivery*> wave;
  for (auto& unit : units) {
    auto* delivery = admit(std::move(unit), nullptr, origin);
    if (delivery != nullptr && !may_wait(*delivery)) {
      wave.push_back(delivery);
    }
  }
  return run_waves(std::move(wave));
}

Status Plan::execute(const std::vector<Delivery*>& wave) {
  std::vector<Status> results(wave.size(), ok);
  std::atomic<std::size_t> done = deliveries.size() - wave.size();
  parallel(parts_.jobs, wave.size(), [&](std::size_t i) {
    auto& delivery = *wave[i];
    delivery.probed = is_probed(delivery);
    results[i] = parts_.executor.execute(delivery);
    delivery.stage = Stage::rendered;
    parts_.progress(++done, deliveries.size());
  });
  for (const auto& result : results) {
    SLUICE_TRY(result);
  }
  return ok;
}

Status Plan::run_waves(std::vector<Delivery*> wave) {
  while (!wave.empty()) {
    SLUICE_TRY(execute(wave));
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
  const bool delivers = !expansion.units.empty() || !expansion.unrenderable.empty();
  gitops = gitops || delivers;
  if (delivers && changes_ != nullptr && !delivery.scope.may_deliver()) {
    unforeseen.push_back(label(delivery.unit));
  }
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
    auto* more = admit(std::move(unit), &delivery, Origin::delivered);
    if (more != nullptr && !may_wait(*more)) {
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
  auto& added = deliveries.back();
  added.rendered_for = added.unit.env;
  if (changes_ != nullptr) {
    added.scope = scopes_.of(added.unit);
    added.touched = added.scope.touched_by(*changes_);
  }
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

}  // namespace sluice::render
