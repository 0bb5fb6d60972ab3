// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"
#include "helm/value_reads.hpp"
#include "yaml/parse.hpp"

#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::helm {

std::string dotted(const ValuePath& path);

/// What a chart says about values: its defaults, its dependencies, and what templates read.
struct ChartValues {
  struct Dependency {
    std::string key;  ///< alias or name: where its values stand in the parent
    std::shared_ptr<const ChartValues>
        chart;  ///< null when the chart is not here: its values cannot be judged
  };

  std::string name;
  std::string version;
  std::shared_ptr<const yaml::Stream> defaults;  ///< of values.yaml; never null
  std::set<ValuePath> in_schema;                 ///< `properties` of values.schema.json
  std::vector<Dependency>
      dependencies;  ///< also charts that lie in charts/ undeclared: Helm loads them
  /// What all templates of the tree, and `condition`, `tags` and `import-values`, read, as paths of
  /// this chart. Only the top chart has it; never null there.
  std::shared_ptr<const ValueReads> reads;
  bool has_templates = false;
  bool is_random = false;  ///< a template of the tree calls a random function, or the clock

  /// The chart's own defaults as a mapping, or nullptr.
  [[nodiscard]] const yaml::Node* root() const;
  [[nodiscard]] const Dependency* dependency(std::string_view key) const;
};

/// Files of a chart by their path below it.
using ChartFiles = std::map<std::string, std::string>;

/// Reads the facts out of a chart's files; charts/ is followed through folders, packed ones are
/// unpacked by the caller. Errors (Kind::parse): Chart.yaml or values.yaml that is no YAML mapping.
Result<std::shared_ptr<const ChartValues>> read_chart_values(const ChartFiles& files);

/// Adds what the strings of a values file read that are templates themselves (for `tpl`).
void read_string_templates(const ChartValues& chart,
                           const yaml::Document& values,
                           ValueReads& reads);

/// What the chart knows of a path that a person set.
enum class Knowledge : std::uint8_t {
  known,    ///< a default, or a template names it or something below it
  open,     ///< a template reads a mapping around it whole, or its chart is not here
  unknown,  ///< neither a default nor read by any template
};
/// `more` is read, too: by the values of the unit themselves.
Knowledge knowledge_of(const ChartValues& chart,
                       const ValuePath& path,
                       const ValueReads* more = nullptr);

}  // namespace sluice::helm
