// SPDX-License-Identifier: Apache-2.0
#include "helm/chart_values.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <cctype>
#include <span>

namespace sluice::helm {
namespace {

constexpr int most_levels = 8;  // charts within charts

bool is_name(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

Result<std::shared_ptr<const yaml::Stream>> read_yaml(const ChartFiles& files,
                                                      const std::string& name) {
  const auto file = files.find(name);
  auto stream = yaml::parse(file == files.end() ? "" : file->second, name);
  if (!stream) {
    return stream.error();
  }
  if (!stream->findings.empty()) {
    return Error{Error::Kind::parse, name + ": " + stream->findings.front().message};
  }
  return std::make_shared<const yaml::Stream>(std::move(*stream));
}

/// The files below `folder`/, with their path below it.
ChartFiles below(const ChartFiles& files, const std::string& folder) {
  ChartFiles found;
  const auto prefix = folder + '/';
  for (auto at = files.lower_bound(prefix); at != files.end() && at->first.starts_with(prefix);
       ++at) {
    found.emplace(at->first.substr(prefix.size()), at->second);
  }
  return found;
}

/// Folders of charts/ by the name that their Chart.yaml gives.
std::map<std::string, ChartFiles> vendored(const ChartFiles& files) {
  std::map<std::string, ChartFiles> charts;
  for (const auto& [path, bytes] : below(files, "charts")) {
    const auto slash = path.find('/');
    if (slash == std::string::npos || path.substr(slash + 1) != "Chart.yaml") {
      continue;
    }
    const auto stream = yaml::parse(bytes, path);
    if (stream && !stream->documents.empty()) {
      const auto& document = stream->documents.front();
      charts.emplace(document.text(document.root(), {"name"}),
                     below(files, "charts/" + path.substr(0, slash)));
    }
  }
  return charts;
}

ValuePath split_path(std::string_view dotted_path) {
  ValuePath path;
  for (const auto part : text::split(dotted_path, '.')) {
    path.emplace_back(part);
  }
  return path;
}

Status read_dependencies(const yaml::Document& chart_yaml,
                         const ChartFiles& files,
                         int depth,
                         ChartValues& chart) {
  const auto* list = chart_yaml.find(chart_yaml.root(), "dependencies");
  if (list == nullptr || list->kind != yaml::Kind::sequence) {
    return ok;
  }
  const auto charts = vendored(files);
  for (const auto& item : chart_yaml.children(*list)) {
    const std::string name(chart_yaml.text(item, {"name"}));
    const std::string alias(chart_yaml.text(item, {"alias"}));
    ChartValues::Dependency dependency{.key = alias.empty() ? name : alias};
    const auto found = charts.find(name);
    if (found != charts.end() && depth < most_levels) {
      SLUICE_TRY_ASSIGN(dependency.chart, read_chart_values(found->second, depth + 1));
    }
    chart.dependencies.push_back(std::move(dependency));
    for (const auto condition : text::split(chart_yaml.text(item, {"condition"}), ',')) {
      chart.named.insert(split_path(text::trim(condition)));
    }
  }
  chart.named.insert({"tags"});
  return ok;
}

bool starts_with(const ValuePath& path, const ValuePath& prefix) {
  return prefix.size() <= path.size() && std::equal(prefix.begin(), prefix.end(), path.begin());
}

/// Whether a template names the path itself or something below it.
bool is_named(const ChartValues& chart, const ValuePath& path) {
  const auto at = chart.named.lower_bound(path);
  return at != chart.named.end() && starts_with(*at, path);
}

bool is_handed_on(const ChartValues& chart, const ValuePath& path) {
  ValuePath prefix;
  for (std::size_t i = 0;; ++i) {
    if (chart.whole.contains(prefix)) {
      return true;
    }
    if (i == path.size()) {
      return false;
    }
    prefix.push_back(path[i]);
  }
}

Knowledge in_defaults(const yaml::Document& document,
                      const yaml::Node& defaults,
                      std::span<const std::string> path) {
  const yaml::Node* node = &defaults;
  for (const auto& key : path) {
    if (node->kind != yaml::Kind::mapping || node->child_count == 0) {
      return node->kind == yaml::Kind::mapping || !node->is_scalar() ||
                     node->kind == yaml::Kind::null
                 ? Knowledge::open
                 : Knowledge::unknown;
    }
    node = document.find(*node, key);
    if (node == nullptr) {
      return Knowledge::unknown;
    }
  }
  return Knowledge::known;
}

}  // namespace

std::string dotted(const ValuePath& path) {
  return text::join(path, ".");
}

const yaml::Node* ChartValues::root() const {
  if (defaults->documents.empty() ||
      defaults->documents.front().root().kind != yaml::Kind::mapping) {
    return nullptr;
  }
  return &defaults->documents.front().root();
}

void collect_named_values(std::string_view text, ChartValues& chart) {
  constexpr std::string_view word = ".Values";
  for (auto at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
    if (at > 0 && is_name(text[at - 1])) {
      continue;
    }
    ValuePath path;
    auto end = at + word.size();
    while (end + 1 < text.size() && text[end] == '.' && is_name(text[end + 1])) {
      auto stop = end + 1;
      while (stop < text.size() && is_name(text[stop])) {
        ++stop;
      }
      path.emplace_back(text.substr(end + 1, stop - end - 1));
      end = stop;
    }
    if (end < text.size() && is_name(text[end])) {
      continue;  // .ValuesX
    }
    auto before = text.substr(0, at);
    before = before.ends_with('$') ? before.substr(0, before.size() - 1) : before;
    before = text::trim(before.substr(before.size() > 12 ? before.size() - 12 : 0));
    const bool whole =
        before.ends_with("toYaml") || before.ends_with("toJson") || before.ends_with("range");
    if (path.empty() || whole) {
      chart.whole.insert(path);
    }
    chart.named.insert(std::move(path));
  }
}

Result<std::shared_ptr<const ChartValues>> read_chart_values(const ChartFiles& files, int depth) {
  auto chart = std::make_shared<ChartValues>();
  std::shared_ptr<const yaml::Stream> chart_yaml;
  SLUICE_TRY_ASSIGN(chart_yaml, read_yaml(files, "Chart.yaml"));
  SLUICE_TRY_ASSIGN(chart->defaults, read_yaml(files, "values.yaml"));
  if (!chart_yaml->documents.empty()) {
    const auto& document = chart_yaml->documents.front();
    chart->name = document.text(document.root(), {"name"});
    if (const auto* version = document.find(document.root(), "version")) {
      chart->version = version->text;
    }
    SLUICE_TRY(read_dependencies(document, files, depth, *chart));
  }
  for (const auto& [path, bytes] : files) {
    if (path.starts_with("charts/")) {
      continue;
    }
    const bool is_template = path.starts_with("templates/");
    chart->has_templates = chart->has_templates ||
                           (is_template && !path.ends_with(".tpl") && !path.ends_with("NOTES.txt"));
    collect_named_values(bytes, *chart);
  }
  return std::shared_ptr<const ChartValues>(std::move(chart));
}

Knowledge knowledge_of(const ChartValues& chart, const ValuePath& path) {
  if (path.front() == "global" || is_handed_on(chart, path)) {
    return Knowledge::open;
  }
  if (is_named(chart, path)) {
    return Knowledge::known;
  }
  const auto dependency =
      std::ranges::find(chart.dependencies, path.front(), &ChartValues::Dependency::key);
  if (dependency != chart.dependencies.end()) {
    if (path.size() == 1) {
      return Knowledge::known;
    }
    if (dependency->chart == nullptr) {
      return Knowledge::open;
    }
    return knowledge_of(*dependency->chart, ValuePath(path.begin() + 1, path.end()));
  }
  const auto* root = chart.root();
  return root == nullptr ? Knowledge::unknown
                         : in_defaults(chart.defaults->documents.front(), *root, path);
}

}  // namespace sluice::helm
