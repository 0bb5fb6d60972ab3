// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"
#include "yaml/parse.hpp"

#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::helm {

using ValuePath = std::vector<std::string>;  ///< {"ingress", "className"}

std::string dotted(const ValuePath& path);

/// What a chart says about values: its defaults, its dependencies, and the paths that its templates
/// name.
struct ChartValues {
  struct Dependency {
    std::string key;  ///< alias or name: where its values stand in the parent
    std::shared_ptr<const ChartValues>
        chart;  ///< null when the chart is not here: its values cannot be judged
  };

  std::string name;
  std::string version;
  std::shared_ptr<const yaml::Stream> defaults;  ///< of values.yaml; never null
  std::vector<Dependency> dependencies;
  std::set<ValuePath>
      named;  ///< `.Values.a.b` in a template, `condition` and `tags` of dependencies
  std::set<ValuePath>
      whole;  ///< handed on whole: `toYaml .Values.a`; the empty path is `.Values` itself
  bool has_templates = false;

  /// The chart's own defaults as a mapping, or nullptr.
  [[nodiscard]] const yaml::Node* root() const;
};

/// Files of a chart by their path below it.
using ChartFiles = std::map<std::string, std::string>;

/// Reads the facts out of a chart's files; charts/ is followed through folders, packed ones are
/// unpacked by the caller. Errors (Kind::parse): Chart.yaml or values.yaml that is no YAML mapping.
Result<std::shared_ptr<const ChartValues>> read_chart_values(const ChartFiles& files,
                                                             int depth = 0);

/// Adds the paths that a template text names. Also finds them in values that are templates
/// themselves.
void collect_named_values(std::string_view text, ChartValues& chart);

/// What the chart knows of a path that a person set.
enum class Knowledge : std::uint8_t {
  known,  ///< a default, or named by a template
  open,   ///< below a default that is {}, [] or null, or handed on whole, or of a chart that is not
          ///< here: anything may stand there
  unknown,  ///< missing from a default mapping that has other keys
};
Knowledge knowledge_of(const ChartValues& chart, const ValuePath& path);

}  // namespace sluice::helm
