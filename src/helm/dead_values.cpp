// SPDX-License-Identifier: Apache-2.0
#include "helm/dead_values.hpp"

#include "base/text.hpp"
#include "helm/suggest_value.hpp"
#include "helm/write_values.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>

namespace sluice::helm {
namespace {

constexpr int most_renders = 12;

struct Suspect {
  ValuePath path;
  const yaml::Node* key = nullptr;
  const yaml::Node* value = nullptr;
};

/// A value under an anchor may be alive where it is aliased; what came through an alias is judged
/// at its anchor's place.
bool has_anchor(const yaml::Document& document, const yaml::Node& key, const yaml::Node& value) {
  const auto bytes = document.source().bytes();
  const auto between = bytes.substr(
      key.span.end, value.span.begin > key.span.end ? value.span.begin - key.span.end : 0);
  return value.by_alias || key.by_alias || between.find('&') != std::string_view::npos;
}

std::size_t leaves(const yaml::Document& document, const yaml::Node& node) {
  if (node.kind != yaml::Kind::mapping || node.child_count == 0) {
    return 1;
  }
  std::size_t count = 0;
  const auto pairs = document.children(node);
  for (std::size_t i = 1; i < pairs.size(); i += 2) {
    count += leaves(document, pairs[i]);
  }
  return count;
}

bool is_dependency(const ChartValues& chart, const std::string& key) {
  return std::ranges::find(chart.dependencies, key, &ChartValues::Dependency::key) !=
         chart.dependencies.end();
}

/// Finds the highest nodes that neither defaults nor templates know.
class Suspects {
 public:
  Suspects(const ChartValues& chart, const yaml::Document& document, bool of_the_chart)
      : chart_(chart), document_(document), of_the_chart_(of_the_chart) {}

  std::vector<Suspect> find() {
    walk(document_.root(), {});
    return std::move(suspects_);
  }

 private:
  /// The chart's own values.yaml is what its templates read; only what it hands to dependencies can
  /// be misplaced - or everything else, when it has no templates at all.
  bool is_judged(const ValuePath& path) const {
    return !of_the_chart_ || is_dependency(chart_, path.front()) || !chart_.has_templates;
  }

  Knowledge knowledge(const ValuePath& path) const {
    if (of_the_chart_ && !is_dependency(chart_, path.front())) {
      return chart_.named.contains(path) || path.front() == "global" || path.front() == "tags"
                 ? Knowledge::known
                 : Knowledge::unknown;
    }
    return knowledge_of(chart_, path);
  }

  void walk(const yaml::Node& mapping, const ValuePath& prefix) {
    const auto pairs = document_.children(mapping);
    for (std::size_t i = 0; i < pairs.size(); i += 2) {
      ValuePath path = prefix;
      path.emplace_back(pairs[i].text);
      if (path.front().starts_with("x-") || has_anchor(document_, pairs[i], pairs[i + 1]) ||
          !is_judged(path)) {
        continue;
      }
      const auto known = knowledge(path);
      if (known == Knowledge::unknown) {
        suspects_.push_back({path, &pairs[i], &pairs[i + 1]});
      } else if (known == Knowledge::known && pairs[i + 1].kind == yaml::Kind::mapping) {
        walk(pairs[i + 1], path);
      }
    }
  }

  const ChartValues& chart_;
  const yaml::Document& document_;
  bool of_the_chart_;
  std::vector<Suspect> suspects_;
};

/// Confirms suspects of one layer by rendering without them, all at once when they are all dead.
class Confirm {
 public:
  Confirm(std::size_t layer,
          const yaml::Document& document,
          const std::string& rendered,
          const RenderWithout& render,
          int& renders)
      : layer_(layer),
        document_(document),
        rendered_(rendered),
        render_(render),
        renders_(renders) {}

  std::vector<Suspect> dead(std::vector<Suspect> suspects) {
    test(std::move(suspects));
    return std::move(dead_);
  }
  /// Suspects that the cap on renders left undecided.
  [[nodiscard]] std::size_t undecided() const { return undecided_; }
  /// Whether the bytes differ although nothing is taken out: then no render can confirm anything.
  bool is_unstable() { return !same({}); }

 private:
  bool same(const std::vector<Suspect>& without) {
    std::set<const yaml::Node*> keys;
    for (const auto& suspect : without) {
      keys.insert(suspect.key);
    }
    ++renders_;
    const auto out = render_(layer_, write_values_without(document_, keys));
    return out && *out == rendered_;
  }

  void test(std::vector<Suspect> suspects) {
    if (suspects.empty()) {
      return;
    }
    if (renders_ >= most_renders) {
      undecided_ += suspects.size();
      return;
    }
    if (same(suspects)) {
      dead_.insert(dead_.end(), suspects.begin(), suspects.end());
      return;
    }
    if (suspects.size() == 1) {
      return test_children(suspects.front());
    }
    const auto middle = suspects.begin() + static_cast<std::ptrdiff_t>(suspects.size() / 2);
    test({suspects.begin(), middle});
    test({middle, suspects.end()});
  }

  void test_children(const Suspect& suspect) {
    const auto pairs = document_.children(*suspect.value);
    if (suspect.value->kind != yaml::Kind::mapping || pairs.size() < 4) {
      return;
    }
    std::vector<Suspect> children;
    for (std::size_t i = 0; i < pairs.size(); i += 2) {
      auto path = suspect.path;
      path.emplace_back(pairs[i].text);
      children.push_back({std::move(path), &pairs[i], &pairs[i + 1]});
    }
    const auto middle = children.begin() + static_cast<std::ptrdiff_t>(children.size() / 2);
    test({children.begin(), middle});
    test({middle, children.end()});
  }

  std::size_t layer_;
  const yaml::Document& document_;
  const std::string& rendered_;
  const RenderWithout& render_;
  int& renders_;
  std::size_t undecided_ = 0;
  std::vector<Suspect> dead_;
};

/// Names of values that an outage hangs on: an unread one is an error even without a suggestion.
bool is_vital(const ValuePath& path) {
  constexpr std::array<std::string_view, 11> names{"resources",
                                                   "startupProbe",
                                                   "livenessProbe",
                                                   "readinessProbe",
                                                   "probes",
                                                   "securityContext",
                                                   "podSecurityContext",
                                                   "replicas",
                                                   "replicaCount",
                                                   "image",
                                                   "auth"};
  return std::ranges::any_of(
      path, [&](const auto& level) { return std::ranges::find(names, level) != names.end(); });
}

diag::Location place(const JudgedLayer& layer,
                     const yaml::Document& document,
                     const yaml::Node& key) {
  const auto in_text = document.in_stream(key);
  if (layer.text.starts_with('{') || layer.at.line == 0) {
    return layer
        .at;  // inline values that were written as an object: their lines are not the file's
  }
  return {layer.at.file.empty() ? layer.file : layer.at.file, layer.at.line + in_text.line - 1,
          layer.at.column <= 1 ? in_text.column : 0};
}

DeadValue describe(const ChartValues& chart,
                   const JudgedLayer& layer,
                   const yaml::Document& document,
                   const Suspect& suspect) {
  constexpr int certain_cost = 60;
  DeadValue dead{.file = layer.file,
                 .path = suspect.path,
                 .at = place(layer, document, *suspect.key),
                 .values = leaves(document, *suspect.value),
                 .chart = chart.name + (chart.version.empty() ? "" : " " + chart.version),
                 .certain = is_vital(suspect.path)};
  if (const auto suggestion = suggest_value(chart, suspect.path, document, *suspect.value)) {
    dead.suggestion = dotted(suggestion->path);
    dead.dependency_forgotten = suggestion->adds_dependency;
    dead.certain = dead.certain || suggestion->cost <= certain_cost;
  }
  return dead;
}

std::string list(const std::set<std::string>& words) {
  return text::join(std::vector<std::string>(words.begin(), words.end()), ", ");
}

}  // namespace

DeadValues find_dead_values(const ChartValues& chart,
                            const std::vector<JudgedLayer>& layers,
                            const std::string& rendered,
                            const RenderWithout& render) {
  DeadValues found;
  ChartValues with_values = chart;  // values that are templates themselves read values, too
  for (const auto& layer : layers) {
    collect_named_values(layer.text, with_values);
  }
  int renders = 0;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const auto stream = yaml::parse(layers[i].text, layers[i].file);
    if (!stream || !stream->findings.empty()) {
      found.not_checked.push_back(text::printable(layers[i].file) + ": its values cannot be read");
      continue;
    }
    found.judged.push_back(layers[i].file);
    if (stream->documents.empty() || stream->documents.front().root().kind != yaml::Kind::mapping) {
      continue;
    }
    const auto& document = stream->documents.front();
    auto suspects = Suspects(with_values, document, layers[i].of_the_chart).find();
    if (suspects.empty()) {
      continue;
    }
    Confirm confirm(i, document, rendered, render, renders);
    const auto dead = confirm.dead(suspects);
    for (const auto& suspect : dead) {
      found.dead.push_back(describe(chart, layers[i], document, suspect));
    }
    if (dead.empty() && confirm.is_unstable()) {
      found.not_checked.push_back(
          text::printable(layers[i].file) +
          ": the chart renders differently each time, so unread values cannot be told");
    } else if (confirm.undecided() > 0) {
      found.not_checked.push_back(
          text::printable(layers[i].file) + ": " + text::counted(confirm.undecided(), "value") +
          " left undecided after " + std::to_string(most_renders) + " renders");
    }
  }
  return found;
}

std::vector<diag::Finding> dead_value_findings(const std::vector<UnitValues>& units) {
  struct Seen {
    DeadValue value;
    std::set<std::string> units, envs;
  };
  std::map<std::pair<std::string, ValuePath>, Seen> dead;
  std::map<std::string, std::set<std::string>> loaded_by;
  for (const auto& unit : units) {
    const auto id = unit.unit + (unit.env.empty() ? "" : " (" + unit.env + ")");
    for (const auto& file : unit.values.judged) {
      loaded_by[file].insert(id);
    }
    for (const auto& value : unit.values.dead) {
      auto& seen = dead[{value.file, value.path}];
      seen.value = value;
      seen.units.insert(id);
      seen.envs.insert(unit.env);
    }
  }
  std::vector<diag::Finding> findings;
  for (const auto& [key, seen] : dead) {
    const auto& value = seen.value;
    const bool everywhere = seen.units == loaded_by[value.file];
    diag::Finding finding{.location = value.at, .code = "value/unread"};
    finding.severity = !everywhere     ? diag::Severity::note
                       : value.certain ? diag::Severity::error
                                       : diag::Severity::warning;
    finding.message =
        text::printable(dotted(value.path)) +
        (value.values > 1 ? " (" + text::counted(value.values, "value") + ")" : "") +
        " changes nothing in " +
        (everywhere && seen.envs.size() > 1 ? "any of the environments " + list(seen.envs)
                                            : list(seen.units)) +
        ": no template of " + text::printable(value.chart) +
        " reads it, and the render without it is the same";
    if (!value.suggestion.empty()) {
      finding.hint =
          "did you mean " + text::printable(value.suggestion) + '?' +
          (value.dependency_forgotten
               ? " Values for the dependency \"" +
                     text::printable(value.suggestion.substr(0, value.suggestion.find('.'))) +
                     "\" stand under its own key"
               : "");
    } else {
      finding.hint =
          "remove it, or move it to where the chart reads it; a key that begins with x- is never "
          "judged";
    }
    findings.push_back(std::move(finding));
  }
  return findings;
}

}  // namespace sluice::helm
