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

/// Adds the files of a chart in charts/ under the name that helm knows it by.
Status add_vendored(const std::string& root,
                    const Chart& chart,
                    const Vendored& entry,
                    ChartFiles& files) {
  const std::string prefix = "charts/" + entry.name + "/";
  if (entry.packed) {
    std::vector<ArchiveFile> members;
    SLUICE_TRY_ASSIGN(members, read_archive(root + "/" + entry.path));
    for (auto& member : members) {
      files[prefix + member.path] = std::move(member.bytes);
    }
    return ok;
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

}  // namespace

Result<std::shared_ptr<const ChartValues>> read_values_of(const std::string& root,
                                                          const Chart& chart) {
  ChartFiles files;
  const auto is_vendored = [&](const std::string& file) {
    return std::any_of(chart.vendored.begin(), chart.vendored.end(), [&](const auto& entry) {
      return file == entry.path || file.starts_with(entry.path + "/");
    });
  };
  const std::string prefix = below(chart.folder, "");
  for (const auto& file : chart.files) {
    if (!is_vendored(file) && file.starts_with(prefix)) {
      SLUICE_TRY_ASSIGN(files[file.substr(prefix.size())],
                        io::read_file(root + "/" + file, file_limit));
    }
  }
  for (const auto& entry : chart.vendored) {
    SLUICE_TRY(add_vendored(root, chart, entry, files));
  }
  return read_chart_values(files);
}

Result<DeadValues> judge_values(const proc::Runner& runner,
                                const Settings& settings,
                                const Request& request,
                                const ChartValues& values,
                                const Rendered& rendered) {
  const auto judged = judged_layers(settings, request.chart->chart, rendered);
  Status broken = ok;
  auto found = find_dead_values(
      values, judged.layers, rendered.out,
      [&](std::size_t layer, const std::string& text) -> Result<std::string> {
        const auto index = judged.indexes.at(layer);
        auto again = index == own_file
                         ? render_with_own_values(runner, settings, request, rendered, text)
                         : render_with_layer(runner, settings, request, rendered, index, text);
        if (!again) {
          broken = again.error();
          return again.error();
        }
        return again->failure.empty() ? Result<std::string>(std::move(again->out))
                                      : Error{Error::Kind::subprocess, again->failure};
      });
  SLUICE_TRY(broken);
  return found;
}

}  // namespace sluice::helm
