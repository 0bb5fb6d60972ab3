// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "helm/template.hpp"
#include "yaml/parse.hpp"

#include <algorithm>
#include <optional>

namespace sluice::helm {
namespace {

/// The entry of charts/ behind a name, which may be an alias.
const Vendored* vendored(const Chart& chart, std::string_view name) {
  std::string_view real = name;
  for (const auto& dependency : chart.dependencies) {
    if (!dependency.alias.empty() && dependency.alias == name) {
      real = dependency.name;
    }
  }
  const auto found = std::find_if(chart.vendored.begin(), chart.vendored.end(),
                                  [&](const auto& entry) { return entry.name == real; });
  return found == chart.vendored.end() ? nullptr : &*found;
}

std::string below(const std::string& folder, std::string_view rest) {
  return folder == "." ? std::string(rest) : folder + "/" + std::string(rest);
}

/// "warning: skipped value for app.image: Not a table." and its like: the path of the value that
/// helm dropped.
std::optional<std::string> dropped_value(const std::string& warning) {
  constexpr std::string_view starts[] = {"warning: skipped value for ", "warning: destination for ",
                                         "warning: cannot overwrite table with non table for "};
  constexpr std::string_view ends[] = {": Not a table", " is a table. Ignoring", " ("};
  for (std::size_t i = 0; i < std::size(starts); ++i) {
    const auto from = warning.find(starts[i]);
    if (from == std::string::npos) {
      continue;
    }
    const auto begin = from + starts[i].size();
    const auto end = warning.find(ends[i], begin);
    return warning.substr(begin, end == std::string::npos ? end : end - begin);
  }
  return std::nullopt;
}

/// The key's place in the last layer that sets it; helm's path begins with the chart's name.
diag::Location place_of(const Rendered& rendered, const std::vector<std::string_view>& keys) {
  for (auto layer = rendered.layers.rbegin(); layer != rendered.layers.rend(); ++layer) {
    const auto stream = yaml::parse(layer->text, layer->file);
    if (!stream || stream->documents.empty()) {
      continue;
    }
    const auto& document = stream->documents.front();
    const yaml::Node* node = &document.root();
    const yaml::Node* key = nullptr;
    for (std::size_t i = 0; i < keys.size() && node != nullptr && node->kind == yaml::Kind::mapping;
         ++i) {
      key = document.find_key(*node, keys[i]);
      node = document.find(*node, keys[i]);
      if (key != nullptr &&
          (i + 1 == keys.size() || node == nullptr || node->kind != yaml::Kind::mapping)) {
        auto place = document.in_stream(*key);
        place.line += layer->at.line > 0 ? layer->at.line - 1 : 0;
        return place;
      }
    }
  }
  return {};
}

}  // namespace

std::vector<diag::Finding> values_findings(const ValuesLayer& layer) {
  const auto stream = yaml::parse(layer.text, layer.file);
  auto findings = stream ? stream->findings : std::vector<diag::Finding>{};
  for (auto& finding : findings) {
    finding.location.line += layer.at.line > 0 ? layer.at.line - 1 : 0;
  }
  return findings;
}

std::string source_file(const Chart& chart, std::string_view printed) {
  const auto slash = printed.find('/');
  if (slash == std::string_view::npos || printed.substr(0, slash) != chart.name) {
    return chart.folder + "/Chart.yaml";
  }
  const auto rest = printed.substr(slash + 1);
  constexpr std::string_view charts = "charts/";
  if (!rest.starts_with(charts)) {
    return below(chart.folder, rest);
  }
  const auto after = rest.substr(charts.size());
  const auto end = after.find('/');
  const Vendored* entry = vendored(chart, after.substr(0, end));
  if (entry == nullptr || end == std::string_view::npos) {
    return below(chart.folder, rest);
  }
  return entry->packed ? entry->path : entry->path + "/" + std::string(after.substr(end + 1));
}

std::vector<diag::Finding> type_findings(const Rendered& rendered, const Chart& chart) {
  std::vector<diag::Finding> findings;
  for (const auto& warning : rendered.warnings) {
    const auto dropped = dropped_value(warning);
    if (!dropped) {
      continue;
    }
    auto keys = text::split(*dropped, '.');
    if (keys.size() > 1 && keys.front() == chart.name) {
      keys.erase(keys.begin());
    }
    diag::Location place = place_of(rendered, keys);
    findings.push_back({.location = place.file.empty() ? chart.at : std::move(place),
                        .code = "value/type-ignored",
                        .severity = diag::Severity::warning,
                        .message = "helm ignored the value " + text::printable(*dropped) +
                                   ": a table stands against a value that is none",
                        .hint = "write it in the shape that the chart's values.yaml has"});
  }
  return findings;
}

}  // namespace sluice::helm
