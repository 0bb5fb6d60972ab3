// SPDX-License-Identifier: Apache-2.0
#include "helm/chart_values.hpp"

#include "base/text.hpp"
#include "helm/freeze.hpp"
#include "helm/template_reader.hpp"

#include <algorithm>
#include <span>

namespace sluice::helm {
namespace {

constexpr std::size_t most_levels = 8;  // charts within charts

/// Files of a chart; the bytes belong to the caller of read_chart_values().
using Views = std::map<std::string, std::string_view>;

Result<std::shared_ptr<const yaml::Stream>> read_yaml(const Views& files, const std::string& name) {
  const auto file = files.find(name);
  auto stream = yaml::parse(std::string(file == files.end() ? "" : file->second), name);
  if (!stream) {
    return stream.error();
  }
  if (!stream->findings.empty()) {
    return Error{Error::Kind::parse, name + ": " + stream->findings.front().message};
  }
  return std::make_shared<const yaml::Stream>(std::move(*stream));
}

/// The files below `folder`/, with their path below it.
Views below(const Views& files, const std::string& folder) {
  Views found;
  const auto prefix = folder + '/';
  for (auto at = files.lower_bound(prefix); at != files.end() && at->first.starts_with(prefix);
       ++at) {
    found.emplace(at->first.substr(prefix.size()), at->second);
  }
  return found;
}

/// Folders of charts/ by the name that their Chart.yaml gives.
std::map<std::string, Views> vendored(const Views& files) {
  std::map<std::string, Views> charts;
  for (const auto& [path, bytes] : below(files, "charts")) {
    const auto slash = path.find('/');
    if (slash == std::string::npos || path.substr(slash + 1) != "Chart.yaml") {
      continue;
    }
    const auto stream = yaml::parse(std::string(bytes), path);
    if (stream && !stream->documents.empty()) {
      const auto& document = stream->documents.front();
      charts.emplace(document.text(document.root(), {"name"}),
                     below(files, "charts/" + path.substr(0, slash)));
    }
  }
  return charts;
}

ValuePath joined_path(ValuePath path, const ValuePath& more) {
  path.insert(path.end(), more.begin(), more.end());
  return path;
}

ValuePath split_path(std::string_view dotted_path) {
  ValuePath path;
  for (const auto part : text::split(dotted_path, '.')) {
    path.emplace_back(part);
  }
  return path;
}

/// Finds the paths that the `properties` of a JSON schema name.
void read_properties(const yaml::Document& schema,
                     const yaml::Node& node,
                     const ValuePath& prefix,
                     std::set<ValuePath>& paths) {
  constexpr std::size_t deepest = 32;
  const auto* properties = schema.find(node, "properties");
  if (properties == nullptr || properties->kind != yaml::Kind::mapping || prefix.size() > deepest) {
    return;
  }
  const auto pairs = schema.children(*properties);
  for (std::size_t i = 0; i < pairs.size(); i += 2) {
    ValuePath path = prefix;
    path.emplace_back(pairs[i].text);
    read_properties(schema, pairs[i + 1], path, paths);
    paths.insert(std::move(path));
  }
}

/// Reads a chart and the charts below it.
class TreeReader {
 public:
  explicit TreeReader(ValueReads& reads) : reads_(reads) {}

  using Chart = std::shared_ptr<ChartValues>;

  Result<Chart> read(const Views& files, const ValuePath& scope) {
    auto chart = std::make_shared<ChartValues>();
    std::shared_ptr<const yaml::Stream> chart_yaml;
    SLUICE_TRY_ASSIGN(chart_yaml, read_yaml(files, "Chart.yaml"));
    SLUICE_TRY_ASSIGN(chart->defaults, read_yaml(files, "values.yaml"));
    const auto charts = vendored(files);
    std::set<std::string> declared;
    if (!chart_yaml->documents.empty()) {
      const auto& document = chart_yaml->documents.front();
      chart->name = document.text(document.root(), {"name"});
      if (const auto* version = document.find(document.root(), "version")) {
        chart->version = version->text;
      }
      SLUICE_TRY(dependencies(document, charts, scope, declared, *chart));
    }
    for (const auto& [name, found] : charts) {
      if (!declared.contains(name)) {
        SLUICE_TRY(add(name, &found, scope, *chart));
      }
    }
    for (const auto& [path, bytes] : files) {
      file(path, bytes, scope, *chart);
    }
    return chart;
  }

  /// Once all charts are known: named templates are shared by the whole tree.
  void read_templates() { helm::read_templates(templates_, reads_); }

 private:
  Status add(const std::string& key,
             const Views* files,
             const ValuePath& scope,
             ChartValues& chart) {
    ChartValues::Dependency dependency{.key = key};
    if (files != nullptr && scope.size() < most_levels) {
      Chart below_it;
      SLUICE_TRY_ASSIGN(below_it, read(*files, joined_path(scope, {key})));
      chart.is_random = chart.is_random || below_it->is_random;
      dependency.chart = std::move(below_it);
    }
    chart.dependencies.push_back(std::move(dependency));
    return ok;
  }

  Status dependencies(const yaml::Document& chart_yaml,
                      const std::map<std::string, Views>& charts,
                      const ValuePath& scope,
                      std::set<std::string>& declared,
                      ChartValues& chart) {
    const auto* list = chart_yaml.find(chart_yaml.root(), "dependencies");
    if (list == nullptr || list->kind != yaml::Kind::sequence) {
      return ok;
    }
    for (const auto& item : chart_yaml.children(*list)) {
      const std::string name(chart_yaml.text(item, {"name"}));
      const std::string alias(chart_yaml.text(item, {"alias"}));
      const auto& key = alias.empty() ? name : alias;
      const auto found = charts.find(name);
      declared.insert(name);
      SLUICE_TRY(add(key, found == charts.end() ? nullptr : &found->second, scope, chart));
      for (const auto condition : text::split(chart_yaml.text(item, {"condition"}), ',')) {
        if (!text::trim(condition).empty()) {
          reads_.add(joined_path(scope, split_path(text::trim(condition))));
        }
      }
      if (const auto* imports = chart_yaml.find(item, "import-values")) {
        import_values(chart_yaml, *imports, scope, key);
      }
    }
    reads_.add_whole(joined_path(scope, {"tags"}));
    return ok;
  }

  void import_values(const yaml::Document& chart_yaml,
                     const yaml::Node& imports,
                     const ValuePath& scope,
                     const std::string& key) {
    for (const auto& item : chart_yaml.children(imports)) {
      if (item.is_scalar()) {
        reads_.add_whole(joined_path(scope, {key, "exports", std::string(item.text)}));
      } else if (item.kind == yaml::Kind::mapping) {
        reads_.add_whole(
            joined_path(joined_path(scope, {key}), split_path(chart_yaml.text(item, {"child"}))));
      }
    }
  }

  void file(const std::string& path,
            std::string_view bytes,
            const ValuePath& scope,
            ChartValues& chart) {
    if (path.starts_with("templates/")) {
      chart.has_templates =
          chart.has_templates || !(path.ends_with(".tpl") || path.ends_with("NOTES.txt"));
      chart.is_random = chart.is_random || freeze_template(bytes).has_value();
      templates_.push_back({scope, bytes});
    } else if (path == "values.schema.json") {
      const auto schema = yaml::parse(std::string(bytes), path);
      if (schema && !schema->documents.empty()) {
        const auto& document = schema->documents.front();
        read_properties(document, document.root(), {}, chart.in_schema);
      }
    } else if (!path.starts_with("charts/") && !path.starts_with("ci/") && path != "values.yaml" &&
               !path.ends_with(".md")) {
      scan_for_values(bytes, scope, reads_);  // for `tpl (.Files.Get ...)`
    }
  }

  ValueReads& reads_;
  std::vector<TemplateFile> templates_;
};

/// Collects strings that are templates, for each chart that might give them to `tpl`.
void collect_strings(const ChartValues* chart,
                     const yaml::Document& values,
                     const yaml::Node& node,
                     const ValuePath& scope,
                     std::vector<TemplateFile>& found) {
  if (node.kind == yaml::Kind::string) {
    if (node.text.find("{{") != std::string_view::npos) {
      found.push_back({scope, node.text});
    }
    return;
  }
  const auto children = values.children(node);
  const bool is_mapping = node.kind == yaml::Kind::mapping;
  for (std::size_t i = is_mapping ? 1 : 0; i < children.size(); i += is_mapping ? 2 : 1) {
    collect_strings(nullptr, values, children[i], scope, found);
    const auto* dependency =
        chart != nullptr && is_mapping ? chart->dependency(children[i - 1].text) : nullptr;
    if (dependency != nullptr && dependency->chart != nullptr) {
      collect_strings(dependency->chart.get(), values, children[i],
                      joined_path(scope, {dependency->key}), found);
    }
  }
}

void read_default_strings(const ChartValues& chart, const ValuePath& scope, ValueReads& reads) {
  if (const auto* root = chart.root()) {
    std::vector<TemplateFile> found;
    collect_strings(&chart, chart.defaults->documents.front(), *root, scope, found);
    read_templates(found, reads);
  }
  for (const auto& dependency : chart.dependencies) {
    if (dependency.chart != nullptr) {
      read_default_strings(*dependency.chart, joined_path(scope, {dependency.key}), reads);
    }
  }
}

bool is_default(const ChartValues& chart, std::span<const std::string> path) {
  const auto* node = chart.root();
  for (const auto& key : path) {
    node = node == nullptr ? nullptr : chart.defaults->documents.front().find(*node, key);
  }
  return node != nullptr || chart.in_schema.contains(ValuePath(path.begin(), path.end()));
}

bool is_global_default(const ChartValues& chart, std::span<const std::string> path) {
  return is_default(chart, path) ||
         std::ranges::any_of(chart.dependencies, [&](const auto& dependency) {
           return dependency.chart == nullptr || is_global_default(*dependency.chart, path);
         });
}

enum class Level : std::uint8_t { top, below };

/// What the defaults know. Those of the top chart are the user's own for its dependencies, where
/// they would hide every mistake; and a chart without templates reads none of its own.
Knowledge in_defaults(const ChartValues& chart, std::span<const std::string> path, Level level) {
  if (path.front() == "global") {
    return is_global_default(chart, path) ? Knowledge::known : Knowledge::unknown;
  }
  const auto* dependency = chart.dependency(path.front());
  if (dependency == nullptr) {
    const bool counts = level == Level::below || chart.has_templates;
    return counts && is_default(chart, path) ? Knowledge::known : Knowledge::unknown;
  }
  if (path.size() == 1 || (level == Level::below && is_default(chart, path))) {
    return Knowledge::known;
  }
  return dependency->chart == nullptr
             ? Knowledge::open
             : in_defaults(*dependency->chart, path.subspan(1), Level::below);
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

const ChartValues::Dependency* ChartValues::dependency(std::string_view key) const {
  const auto found = std::ranges::find(dependencies, key, &Dependency::key);
  return found == dependencies.end() ? nullptr : &*found;
}

Result<std::shared_ptr<const ChartValues>> read_chart_values(const ChartFiles& files) {
  auto reads = std::make_shared<ValueReads>();
  TreeReader reader(*reads);
  std::shared_ptr<ChartValues> chart;
  SLUICE_TRY_ASSIGN(chart, reader.read(Views(files.begin(), files.end()), {}));
  reader.read_templates();
  read_default_strings(*chart, {}, *reads);
  chart->reads = std::move(reads);
  return std::shared_ptr<const ChartValues>(std::move(chart));
}

void read_string_templates(const ChartValues& chart,
                           const yaml::Document& values,
                           ValueReads& reads) {
  std::vector<TemplateFile> found;
  collect_strings(&chart, values, values.root(), {}, found);
  read_templates(found, reads);
}

Knowledge knowledge_of(const ChartValues& chart, const ValuePath& path, const ValueReads* more) {
  if (chart.reads->takes_whole(path) || (more != nullptr && more->takes_whole(path))) {
    return Knowledge::open;
  }
  if (path.front() == "tags" || chart.reads->names(path) ||
      (more != nullptr && more->names(path))) {
    return Knowledge::known;
  }
  return in_defaults(chart, path, Level::top);
}

}  // namespace sluice::helm
