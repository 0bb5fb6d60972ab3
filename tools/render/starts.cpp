// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "io/files.hpp"
#include "render/directory.hpp"
#include "render/documents.hpp"
#include "render/parallel.hpp"
#include "render/plan.hpp"
#include "render/stream.hpp"
#include "render/survey.hpp"

#include <algorithm>
#include <optional>

namespace sluice::render {
namespace {

constexpr std::uint64_t template_limit = 5U << 20U;

/// The folder that `flux bootstrap` would sync: "clusters/dev" for "clusters/dev/apps/web.yaml";
/// empty when there is none.
std::string cluster_folder(const std::string& path) {
  const auto parts = text::split(path, '/');
  std::string folder;
  for (std::size_t i = 0; i + 2 < parts.size(); ++i) {
    folder += (i == 0 ? "" : "/") + std::string(parts[i]);
    if (parts[i] == "clusters") {
      return folder + "/" + std::string(parts[i + 1]);
    }
  }
  return {};
}

bool is_flux(const FileFacts& facts) {
  return std::any_of(facts.objects.begin(), facts.objects.end(), [](const auto& object) {
    return object.api_version.find(".toolkit.fluxcd.io/") != std::string::npos;
  });
}

delivery::Unit file_unit(const std::string& file) {
  return {.name = file,
          .path = file,
          .defined_at = {.file = file, .line = 1},
          .source = delivery::DirectorySource{.path = file}};
}

delivery::Unit kustomize_unit(const std::string& folder, bool generate) {
  return {.name = folder,
          .path = folder,
          .defined_at = {.file = folder},
          .source = delivery::KustomizeSource{.path = folder, .generate_if_absent = generate}};
}

/// The objects of a file as a stream with provenance, without rendering anything.
Result<yaml::Stream> stream_of_file(const delivery::Repository& repository,
                                    const std::string& file,
                                    const yaml::Limits& limits) {
  Delivery delivery{.unit = file_unit(file)};
  io::Snapshot::Bytes bytes;
  SLUICE_TRY_ASSIGN(bytes, io::snapshot_of(repository.snapshot, repository.root)->read(file));
  cut_file(*bytes, file, delivery, limits);
  return yaml::parse(stream_of(delivery), file, limits);
}

bool makes_applications(std::string_view text) {
  const auto holds = [&](std::string_view word) {
    return text.find(word) != std::string_view::npos;
  };
  return (holds("argoproj.io/") && holds("kind: Application")) ||
         holds("kustomize.toolkit.fluxcd.io/") || holds("helm.toolkit.fluxcd.io/");
}

}  // namespace

std::vector<std::string> covered_files(const delivery::Repository& repository,
                                       const Graph& graph,
                                       const delivery::Unit& unit) {
  std::vector<std::string> files;
  const auto below = [&](const std::string& folder) {
    const auto prefix = folder == "." ? std::string() : folder + "/";
    for (auto at = std::lower_bound(repository.files.begin(), repository.files.end(), prefix);
         at != repository.files.end() && at->starts_with(prefix); ++at) {
      files.push_back(*at);
    }
  };
  if (const auto* kustomize = std::get_if<delivery::KustomizeSource>(&unit.source)) {
    const auto reached = graph.reached_from(kustomize->path);
    files.assign(reached.begin(), reached.end());
    if (reached.empty() && kustomize->generate_if_absent) {
      below(kustomize->path);
    }
  } else if (const auto* directory = std::get_if<delivery::DirectorySource>(&unit.source)) {
    files = directory_files(repository, *directory);
  } else {
    below(std::get<delivery::HelmSource>(unit.source).chart);
  }
  return files;
}

/// Every file with Argo CD or Flux objects that no other such file's objects deliver.
std::vector<delivery::Unit> Plan::starting_units() const {
  std::vector<std::string> candidates;
  for (const auto& [path, facts] : parts_.survey.files) {
    if (is_start(path, facts)) {
      candidates.push_back(path);
    }
  }
  struct Look {
    std::optional<yaml::Stream> stream;
    std::set<std::string> covered;

    void cover(const std::vector<std::string>& files) {
      covered.insert(files.begin(), files.end());
    }
  };
  std::vector<Look> looks(candidates.size());
  parallel(parts_.jobs, candidates.size(), [&](std::size_t i) {
    if (auto stream = stream_of_file(parts_.repository, candidates[i], parts_.limits)) {
      for (const auto& unit : parts_.expanders.expand_argo(*stream, {}, Templates::leave).units) {
        looks[i].cover(covered_files(parts_.repository, graph_, unit));
      }
      looks[i].stream = std::move(*stream);
    }
  });
  std::set<std::string> delivered;
  std::set<std::string> itself;  // Flux's own folder is delivered by an object in it
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    if (!looks[i].stream) {
      continue;
    }
    for (const auto& unit :
         parts_.expanders.expand_flux(*looks[i].stream, {}, Templates::leave).units) {
      looks[i].cover(covered_files(parts_.repository, graph_, unit));
    }
    if (looks[i].covered.erase(candidates[i]) != 0) {
      itself.insert(candidates[i]);
    }
    delivered.merge(looks[i].covered);
  }
  std::erase_if(candidates, [&](const auto& file) { return delivered.contains(file); });
  return units_for(candidates, itself);
}

bool Plan::is_start(const std::string& path, const FileFacts& facts) const {
  return facts.gitops && facts.kind == FileFacts::Kind::manifest && !graph_.is_patch(path);
}

/// A file is applied by the kustomization that names it, by the cluster's folder, or by itself.
std::vector<delivery::Unit> Plan::units_for(const std::vector<std::string>& files,
                                            const std::set<std::string>& itself) const {
  std::vector<delivery::Unit> units;
  std::set<std::string> seen;
  const auto add = [&](delivery::Unit unit, const std::string& destination) {
    unit.destination = destination;
    if (seen.insert(unit.name).second) {
      units.push_back(std::move(unit));
    }
  };
  for (const auto& file : files) {
    const auto roots = graph_.roots_of(file);
    const auto cluster =
        is_flux(parts_.survey.files.at(file)) ? cluster_folder(file) : std::string();
    const auto destination = cluster.substr(cluster.empty() ? 0 : cluster.rfind('/') + 1);
    if (!cluster.empty() && roots.empty() && !itself.contains(file)) {
      add(kustomize_unit(cluster, true), destination);
    }
    for (const auto& root : roots) {
      add(kustomize_unit(root, false), destination);
    }
    if (roots.empty() && (cluster.empty() || itself.contains(file))) {
      add(file_unit(file), destination);
    }
  }
  return units;
}

std::vector<std::string> charts_with_applications(const delivery::Repository& repository,
                                                  const Survey& survey) {
  const auto files = io::snapshot_of(repository.snapshot, repository.root);
  std::vector<std::string> charts;
  for (const auto& chart : survey.charts) {
    const auto prefix = join(chart, "templates/");
    for (auto at = std::lower_bound(repository.files.begin(), repository.files.end(), prefix);
         at != repository.files.end() && at->starts_with(prefix); ++at) {
      const auto text = files->read(*at, template_limit);
      if (text && makes_applications(**text)) {
        charts.push_back(chart);
        break;
      }
    }
  }
  return charts;
}

bool same_source(const delivery::Unit& a, const delivery::Unit& b) {
  if (a.source.index() != b.source.index()) {
    return false;
  }
  if (const auto* helm = std::get_if<delivery::HelmSource>(&a.source)) {
    const auto& other = std::get<delivery::HelmSource>(b.source);
    return helm->chart == other.chart && helm->release == other.release &&
           helm->values == other.values;
  }
  if (const auto* kustomize = std::get_if<delivery::KustomizeSource>(&a.source)) {
    const auto& other = std::get<delivery::KustomizeSource>(b.source);
    return kustomize->path == other.path && kustomize->edits == other.edits;
  }
  const auto& directory = std::get<delivery::DirectorySource>(a.source);
  const auto& other = std::get<delivery::DirectorySource>(b.source);
  return directory.path == other.path && directory.recurse == other.recurse;
}

}  // namespace sluice::render
