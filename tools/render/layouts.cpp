// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "helm/chart.hpp"
#include "render/environments.hpp"
#include "render/plan.hpp"
#include "render/survey.hpp"

#include <algorithm>

namespace sluice::render {
namespace {

/// The values files of one environment, first loaded first.
using Layers = std::vector<delivery::ValuesFile>;

delivery::ValuesFile values_file(const std::string& path) { return {.path = path, .named_at = {.file = path, .line = 1}}; }

std::vector<std::string> children(const delivery::Repository& repository, const std::string& folder) {
  const auto prefix = folder == "." ? std::string() : folder + "/";
  std::set<std::string> names;
  for (auto at = std::lower_bound(repository.files.begin(), repository.files.end(), prefix);
       at != repository.files.end() && at->starts_with(prefix); ++at) {
    const auto rest = at->substr(prefix.size());
    names.insert(rest.substr(0, rest.find('/')));
  }
  return {names.begin(), names.end()};
}

/// The environments that a folder with envs/ describes: its own values.yaml first (unless helm reads it anyway), then the
/// environment's.
std::map<std::string, Layers> environments_below(const delivery::Repository& repository, const std::string& base, bool base_is_chart) {
  std::map<std::string, Layers> found;
  for (const auto* const parent : {"envs", "env", "environments"}) {
    const auto folder = join(base, parent);
    for (const auto& name : children(repository, folder)) {
      const auto file = folder + "/" + name + "/values.yaml";
      if (!repository.has_file(file)) {
        continue;
      }
      Layers layers;
      if (!base_is_chart && repository.has_file(join(base, "values.yaml"))) {
        layers.push_back(values_file(join(base, "values.yaml")));
      }
      layers.push_back(values_file(file));
      found.emplace(name, std::move(layers));
    }
  }
  return found;
}

/// values-<env>.yaml beside the chart's own.
std::map<std::string, Layers> environments_beside(const delivery::Repository& repository, const std::string& chart) {
  std::map<std::string, Layers> found;
  for (const auto& name : children(repository, chart)) {
    const auto env = name.ends_with(".yaml") ? environment_in_path(name) : std::string();
    if (!env.empty()) {
      found.emplace(env, Layers{values_file(join(chart, name))});
    }
  }
  return found;
}

/// A chart's environments: below it, beside its values, or below a folder above it ("envs/" next to "chart/" or "charts/").
std::map<std::string, Layers> environments_of_chart(const delivery::Repository& repository, const std::string& chart) {
  if (auto found = environments_below(repository, chart, true); !found.empty()) {
    return found;
  }
  if (auto found = environments_beside(repository, chart); !found.empty()) {
    return found;
  }
  std::string above = chart;
  while (above != ".") {
    above = folder_of(above);
    if (auto found = environments_below(repository, above, false); !found.empty()) {
      return found;
    }
  }
  return {};
}

/// `name` is the chart's own, for one at the root, where the folder has none.
delivery::Unit chart_unit(const std::string& chart, const std::string& name, const std::string& env, Layers layers) {
  const auto file = layers.empty() ? join(chart, "Chart.yaml") : layers.back().path;
  const auto unit = chart == "." && !name.empty() ? name : chart;
  return {.name = unit,
          .path = file,
          .env = env,
          .defined_at = {.file = file, .line = 1},
          .source = delivery::HelmSource{.chart = chart, .release = release_name(unit), .values_files = std::move(layers)}};
}

/// "apps/iris" for "apps/iris/overlays/prod".
std::string without_environment(const std::string& folder, const std::string& env) {
  std::string out;
  const auto parts = text::split(folder, '/');
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i + 1 < parts.size() && parts[i + 1] == env && !env.empty()) {
      ++i;
      continue;
    }
    out += (out.empty() ? "" : "/") + std::string(parts[i]);
  }
  return out.empty() ? folder : out;
}

std::vector<delivery::Unit> chart_units(const delivery::Repository& repository, const Survey& survey) {
  std::set<std::string> dependencies;  // a chart that others draw in is delivered by them
  std::set<std::string> libraries;
  std::map<std::string, std::string> names;
  for (const auto& folder : survey.charts) {
    const auto chart = helm::read_chart(repository.root, folder);
    if (!chart) {
      continue;  // the unit below says why
    }
    names[folder] = chart->name;
    if (chart->type == "library") {
      libraries.insert(folder);
    }
    for (const auto& dependency : chart->dependencies) {
      const auto target = dependency.is_file() ? helm::dependency_folder(*chart, dependency) : Result<std::string>(Error{});
      if (target) {
        dependencies.insert(*target);
      }
    }
  }
  std::vector<delivery::Unit> units;
  for (const auto& folder : survey.charts) {
    if (dependencies.contains(folder) || libraries.contains(folder)) {
      continue;
    }
    auto environments = environments_of_chart(repository, folder);
    if (environments.empty()) {
      units.push_back(chart_unit(folder, names[folder], "", {}));
    }
    for (auto& [env, layers] : environments) {
      units.push_back(chart_unit(folder, names[folder], env, std::move(layers)));
    }
  }
  return units;
}

std::vector<delivery::Unit> kustomize_units(const Graph& graph) {
  std::vector<delivery::Unit> units;
  std::set<std::pair<std::string, std::string>> names;
  for (const auto& folder : graph.roots()) {
    const auto env = environment_in_path(folder + "/kustomization.yaml");
    auto name = without_environment(folder, env);
    if (!names.emplace(name, env).second) {
      name = folder;
    }
    units.push_back({.name = name,
                     .path = folder,
                     .defined_at = {.file = join(folder, "kustomization.yaml")},
                     .source = delivery::KustomizeSource{.path = folder}});
  }
  return units;
}

/// Folders that hold manifests which no kustomization names and no chart owns.
std::vector<delivery::Unit> directory_units(const Survey& survey, const Graph& graph) {
  std::set<std::string> folders;
  for (const auto& [path, facts] : survey.files) {
    const bool object = std::any_of(facts.objects.begin(), facts.objects.end(),
                                    [](const auto& ref) { return client_side_reason(ref).empty(); });
    if (facts.kind == FileFacts::Kind::manifest && object && graph.roots_of(path).empty() && !graph.is_patch(path)) {
      folders.insert(folder_of(path));
    }
  }
  std::vector<delivery::Unit> units;
  for (const auto& folder : folders) {
    units.push_back({.name = folder == "." ? "manifests" : folder,
                     .path = folder,
                     .defined_at = {.file = folder},
                     .source = delivery::DirectorySource{.path = folder}});
  }
  return units;
}

}  // namespace

std::string release_name(const std::string& folder) {
  const auto slash = folder.rfind('/');
  const auto name = text::to_lower(slash == std::string::npos ? folder : folder.substr(slash + 1));
  std::string out;
  for (const char c : name) {
    const bool fits = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    out += fits ? c : '-';
  }
  const auto first = out.find_first_not_of('-');
  return first == std::string::npos ? "release" : out.substr(first, out.find_last_not_of('-') - first + 1).substr(0, 53);
}

std::vector<delivery::Unit> layout_units(const delivery::Repository& repository, const Survey& survey, const Graph& graph) {
  auto units = chart_units(repository, survey);
  for (auto& unit : kustomize_units(graph)) {
    units.push_back(std::move(unit));
  }
  for (auto& unit : directory_units(survey, graph)) {
    units.push_back(std::move(unit));
  }
  return units;
}

}  // namespace sluice::render
