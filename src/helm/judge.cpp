// SPDX-License-Identifier: Apache-2.0
#include "helm/judge.hpp"

#include "base/text.hpp"
#include "helm/archive.hpp"
#include "io/files.hpp"

#include <algorithm>

namespace sluice::helm {
namespace {

constexpr std::uint64_t file_limit = 5U << 20U;

std::string below(const std::string& folder, const std::string& rest) {
  return folder == "." ? rest : folder + "/" + rest;
}

Status add_archive(const std::string& path, const std::string& prefix, ChartFiles& files) {
  std::vector<ArchiveFile> members;
  SLUICE_TRY_ASSIGN(members, read_archive(path));
  for (auto& member : members) {
    files[prefix + member.path] = std::move(member.bytes);
  }
  return ok;
}

/// Adds the files of a chart in charts/ under the name that helm knows it by.
Status add_vendored(const std::string& root,
                    const Chart& chart,
                    const Vendored& entry,
                    ChartFiles& files) {
  const std::string prefix = "charts/" + entry.name + "/";
  if (entry.packed) {
    return add_archive(root + "/" + entry.path, prefix, files);
  }
  for (const auto& file : chart.files) {
    if (file.starts_with(entry.path + "/")) {
      SLUICE_TRY_ASSIGN(files[prefix + file.substr(entry.path.size() + 1)],
                        io::read_file(root + "/" + file, file_limit));
    }
  }
  return ok;
}

/// What is judged, and which layer of the render each is; the chart's own file is no layer of its
/// own unless it was named.
struct Judged {
  std::vector<JudgedLayer> layers;
  std::vector<std::size_t> indexes;
};

constexpr std::size_t own_file = ~std::size_t{0};

Judged judged_layers(const Settings& settings, const Chart& chart, const Rendered& rendered) {
  Judged judged;
  const auto own = below(chart.folder, "values.yaml");
  if (!chart.dependencies.empty()) {
    if (auto text = io::read_file(settings.root + "/" + own, file_limit)) {
      judged.layers.push_back({.file = own,
                               .text = std::move(*text),
                               .at = {.file = own, .line = 1},
                               .of_the_chart = true});
      judged.indexes.push_back(own_file);
    }
  }
  for (std::size_t i = 0; i < rendered.layers.size(); ++i) {
    const auto& layer = rendered.layers[i];
    if (layer.file != own) {  // named again, it is still the chart's own
      judged.layers.push_back({.file = layer.file, .text = layer.text, .at = layer.at});
      judged.indexes.push_back(i);
    }
  }
  return judged;
}

Status add_copied(const Prepared& prepared, ChartFiles& files) {
  std::vector<io::Entry> entries;
  SLUICE_TRY_ASSIGN(entries, io::walk(prepared.folder));
  for (const auto& entry : entries) {
    if (entry.kind != io::EntryKind::file) {
      continue;
    }
    const auto path = prepared.folder + "/" + entry.path;
    if (entry.path.starts_with("charts/") && entry.path.ends_with(".tgz")) {
      SLUICE_TRY(
          add_archive(path, "charts/" + entry.path.substr(7, entry.path.size() - 11) + "/", files));
    } else {
      SLUICE_TRY_ASSIGN(files[entry.path], io::read_file(path, file_limit));
    }
  }
  return ok;
}

}  // namespace

Result<ChartFiles> read_chart_files(const std::string& root, const Prepared& prepared) {
  ChartFiles files;
  if (prepared.folder.starts_with('/')) {
    SLUICE_TRY(add_copied(prepared, files));
    return files;
  }
  const auto& chart = prepared.chart;
  const auto is_vendored = [&](const std::string& file) {
    return std::any_of(chart.vendored.begin(), chart.vendored.end(), [&](const auto& entry) {
      return file == entry.path || file.starts_with(entry.path + "/");
    });
  };
  const std::string prefix = below(chart.folder, "");
  for (const auto& file : chart.files) {
    if (!is_vendored(file) && (chart.folder == "." || file.starts_with(prefix))) {
      SLUICE_TRY_ASSIGN(files[chart.folder == "." ? file : file.substr(prefix.size())],
                        io::read_file(root + "/" + file, file_limit));
    }
  }
  for (const auto& entry : chart.vendored) {
    SLUICE_TRY(add_vendored(root, chart, entry, files));
  }
  return files;
}

Result<DeadValues> judge_values(const proc::Runner& runner,
                                const Settings& settings,
                                const Request& request,
                                const ChartValues& values,
                                const Rendered& rendered,
                                FrozenChart& frozen) {
  const auto judged = judged_layers(settings, request.chart->chart, rendered);
  Status broken = ok;
  const auto bytes = [&](Result<Rendered> again) -> Result<std::string> {
    if (!again) {
      broken = again.error();
      return again.error();
    }
    return again->failure.empty() ? Result<std::string>(std::move(again->out))
                                  : Error{Error::Kind::subprocess, again->failure};
  };
  const auto base = [&]() -> Result<std::string> {
    if (!values.is_random) {
      return rendered.out;
    }
    SLUICE_TRY(frozen.request());
    const auto again = frozen.render(rendered);
    return bytes(again ? Result<Rendered>(**again) : Result<Rendered>(again.error()));
  };
  const auto without = [&](std::size_t layer, const std::string& text) -> Result<std::string> {
    const Request* compared = &request;
    if (values.is_random) {
      SLUICE_TRY_ASSIGN(compared, frozen.request());
    }
    const auto index = judged.indexes.at(layer);
    return bytes(index == own_file
                     ? render_with_own_values(runner, settings, *compared, rendered, text)
                     : render_with_layer(runner, settings, *compared, rendered, index, text));
  };
  auto found =
      find_dead_values(values, judged.layers,
                       {.base = base, .without = without, .base_costs_a_render = values.is_random});
  SLUICE_TRY(broken);
  return found;
}

}  // namespace sluice::helm
