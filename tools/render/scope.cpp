// SPDX-License-Identifier: Apache-2.0
#include "render/scope.hpp"

#include "helm/archive.hpp"
#include "helm/chart.hpp"
#include "io/files.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace sluice::render {
namespace {

constexpr std::uint64_t file_limit = 5U << 20U;  // what helm takes of a chart
constexpr Words any_word = {.argo = true, .application = true, .flux = true};

/// The components that a unit's own kustomization fields name, as paths in the repository; false
/// when one leads out of it.
bool take_components(const delivery::KustomizeSource& source, std::vector<std::string>& folders) {
  if (source.edits.empty()) {
    return true;
  }
  const auto fields = nlohmann::json::parse(source.edits, nullptr, false);
  if (!fields.is_object() || !fields.contains("components")) {
    return fields.is_object();
  }
  for (const auto& entry : fields["components"]) {
    const auto path = entry.is_string()
                          ? io::normalise_inside(source.path + "/" + entry.get<std::string>())
                          : Result<std::string>(Error{});
    if (!path) {
      return false;
    }
    folders.push_back(*path);
  }
  return true;
}

}  // namespace

bool Places::hold(std::string_view file) const {
  bool found = places_.contains(".") || places_.find(file) != places_.end();
  for (auto slash = file.find('/'); !found && slash != std::string_view::npos;
       slash = file.find('/', slash + 1)) {
    found = places_.find(file.substr(0, slash)) != places_.end();
  }
  return found;
}

Scope Scopes::of(const delivery::Unit& unit) {
  Scope scope;
  if (const auto* helm = std::get_if<delivery::HelmSource>(&unit.source)) {
    add(*helm, scope);
  } else if (const auto* kustomize = std::get_if<delivery::KustomizeSource>(&unit.source)) {
    add(*kustomize, scope);
  } else {
    add_place(std::get<delivery::DirectorySource>(unit.source).path, scope);
  }
  if (unit.substitute) {
    for (const auto& [name, value] : unit.substitute->variables) {
      scope.words |= words_in(value);
    }
  }
  return scope;
}

void Scopes::add(const delivery::HelmSource& source, Scope& scope) {
  scope = known_chart(source.chart);
  for (const auto& file : source.values_files) {
    add_place(file.path, scope);
  }
  for (const auto& parameter : source.parameters) {
    scope.words |= words_in(parameter.value);
    if (parameter.as == delivery::HelmParameter::As::file) {
      add_place(parameter.value, scope);
    }
  }
  scope.words |= words_in(source.values);
  for (const auto& fields : source.post_renderers) {
    scope.words |= words_in(fields);
  }
}

const Scope& Scopes::known_chart(const std::string& folder) {
  const auto [place, added] = charts_.try_emplace(folder);
  if (added) {
    place->second = of_chart(folder);
  }
  return place->second;
}

/// The chart, and the charts of its file:// dependencies, theirs too.
Scope Scopes::of_chart(const std::string& folder) {
  Scope scope;
  std::set<std::string> seen = {folder};
  std::vector<std::string> open = {folder};
  while (!open.empty()) {
    const auto next = std::move(open.back());
    open.pop_back();
    scope.places.push_back(next);
    const auto chart = helm::read_chart(repository_.root, next);
    if (!chart) {
      scope.unknown = true;
      return scope;
    }
    for (const auto& file : chart->files) {
      scope.words |= words_of(file);
      if (!repository_.has_file(file)) {  // below a linked folder, or nothing that Git keeps
        scope.places.push_back(file);
        scope.unknown = true;
      }
    }
    for (const auto& dependency : chart->dependencies) {
      const auto other = dependency.is_file() ? helm::dependency_folder(*chart, dependency)
                                              : Result<std::string>(Error{});
      if (dependency.is_file() && !other) {
        scope.unknown = true;
      } else if (other && seen.insert(*other).second) {
        open.push_back(*other);
      }
    }
  }
  return scope;
}

void Scopes::add(const delivery::KustomizeSource& source, Scope& scope) {
  std::vector<std::string> starts = {source.path};
  scope.unknown = !take_components(source, starts);
  scope.words |= words_in(source.edits);
  for (const auto& folder : survey_.kustomizations) {  // a generated one names those below
    if (source.generate_if_absent && folder.starts_with(join(source.path, ""))) {
      starts.push_back(folder);
    }
  }
  for (const auto& start : starts) {
    auto reached = graph_.reached_from(start);
    reached.insert(start);
    for (const auto& place : reached) {
      add_place(place, scope);
      for (const auto* name : {"kustomization.yaml", "kustomization.yml", "Kustomization"}) {
        // One that the survey takes for something else (a part of a chart) names what we miss.
        const auto facts = survey_.files.find(join(place, name));
        scope.unknown = scope.unknown || (facts != survey_.files.end() &&
                                          facts->second.kind != FileFacts::Kind::kustomization);
      }
    }
  }
}

void Scopes::add_place(std::string place, Scope& scope) {
  scope.words |= words_below(place);
  scope.places.push_back(std::move(place));
}

Words Scopes::words_below(const std::string& place) {
  const auto [known, added] = places_.try_emplace(place);
  if (added) {
    Words words;
    if (repository_.has_file(place)) {
      words |= words_of(place);
    }
    const auto prefix = place == "." ? std::string() : place + "/";
    const auto& files = repository_.files;
    for (auto at = std::lower_bound(files.begin(), files.end(), prefix);
         at != files.end() && at->starts_with(prefix); ++at) {
      words |= words_of(*at);
    }
    known->second = words;
  }
  return known->second;
}

/// A file that cannot be looked at may hold anything.
Words Scopes::words_of(const std::string& file) {
  const auto facts = survey_.files.find(file);
  if (facts != survey_.files.end() && facts->second.kind != FileFacts::Kind::chart_part) {
    return facts->second.words;
  }
  const auto [known, added] = words_.try_emplace(file);
  if (added && file.ends_with(".tgz")) {
    const auto members = helm::read_archive(repository_.root + "/" + file);
    known->second = members ? Words{} : any_word;
    for (const auto& member : members ? *members : std::vector<helm::ArchiveFile>{}) {
      known->second |= words_in(member.bytes);
    }
  } else if (added) {
    const auto bytes =
        io::snapshot_of(repository_.snapshot, repository_.root)->read(file, file_limit);
    known->second = bytes ? words_in(**bytes) : any_word;
  }
  return known->second;
}

}  // namespace sluice::render
