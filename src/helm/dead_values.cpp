// SPDX-License-Identifier: Apache-2.0
#include "helm/dead_values.hpp"

#include "base/text.hpp"
#include "helm/confirm.hpp"
#include "helm/suggest_value.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <optional>
#include <utility>

namespace sluice::helm {
namespace {

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

/// Finds the highest nodes that neither defaults nor templates know.
class Suspects {
 public:
  Suspects(const ChartValues& chart,
           const ValueReads& read_by_values,
           const yaml::Document& document,
           const JudgedLayer& layer,
           std::size_t index)
      : chart_(chart),
        read_by_values_(read_by_values),
        document_(document),
        of_the_chart_(layer.of_the_chart),
        index_(index) {}

  std::vector<Suspect> find() {
    walk(document_.root(), {});
    return std::move(suspects_);
  }

 private:
  /// The chart's own values.yaml is what its templates read; only what it hands to dependencies can
  /// be misplaced - or everything else, when it has no templates at all.
  bool is_judged(const ValuePath& path) const {
    return !of_the_chart_ || chart_.dependency(path.front()) != nullptr || !chart_.has_templates;
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
      const auto known = knowledge_of(chart_, path, &read_by_values_);
      if (known == Knowledge::unknown) {
        suspects_.push_back({index_, &document_, path, &pairs[i], &pairs[i + 1]});
      } else if (known == Knowledge::known && pairs[i + 1].kind == yaml::Kind::mapping) {
        walk(pairs[i + 1], path);
      }
    }
  }

  const ChartValues& chart_;
  const ValueReads& read_by_values_;
  const yaml::Document& document_;
  bool of_the_chart_;
  std::size_t index_;
  std::vector<Suspect> suspects_;
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

constexpr int certain_cost = 60;

/// Describes what is dead.
class Describe {
 public:
  Describe(const ChartValues& chart, const std::vector<JudgedLayer>& layers)
      : chart_(chart), layers_(layers) {}

  /// One finding; or one for each child, when each is nearer to a place of the chart than the
  /// mapping as a whole, or when that is like nothing in the chart and a child is.
  void add(const Suspect& suspect, std::vector<DeadValue>& out) const {
    const auto suggestion = suggest(suspect);
    const int cost = suggestion ? suggestion->cost : doubtful_cost + 1;
    std::vector<DeadValue> apart;
    bool some = false;  // have a place
    bool all = true;    // have a place that is nearer
    for (const auto& child : members(suspect)) {
      const auto own = suggest(child);
      some = some || (own && own->cost <= doubtful_cost);
      all = all && own && own->cost < cost;
      apart.push_back(describe(child, own));
    }
    if (!apart.empty() && (all || (some && cost > doubtful_cost))) {
      std::ranges::move(apart, std::back_inserter(out));
      return;
    }
    out.push_back(describe(suspect, suggestion));
  }

  /// Whether the suspect is as good as certain to be a mistake.
  [[nodiscard]] bool has_certain_place(const Suspect& suspect) const {
    const auto suggestion = suggest(suspect);
    return suggestion && suggestion->cost <= certain_cost;
  }

 private:
  std::optional<Suggestion> suggest(const Suspect& suspect) const {
    return suggest_value(chart_, suspect.path, *suspect.document, *suspect.value);
  }

  DeadValue describe(const Suspect& suspect, const std::optional<Suggestion>& suggestion) const {
    const auto& layer = layers_[suspect.layer];
    DeadValue dead{.file = layer.file,
                   .path = suspect.path,
                   .at = place(layer, *suspect.document, *suspect.key),
                   .values = leaves(*suspect.document, *suspect.value),
                   .chart = chart_.name + (chart_.version.empty() ? "" : " " + chart_.version),
                   .certain = is_vital(suspect.path)};
    if (suggestion) {
      dead.suggestion = dotted(suggestion->path);
      dead.alternative = dotted(suggestion->alternative);
      dead.dependency_forgotten = suggestion->adds_dependency;
      dead.certain = dead.certain || suggestion->cost <= certain_cost;
    }
    return dead;
  }

  const ChartValues& chart_;
  const std::vector<JudgedLayer>& layers_;
};

struct ReadLayer {
  std::size_t index = 0;
  std::shared_ptr<const yaml::Stream> stream;
  [[nodiscard]] const yaml::Document& document() const { return stream->documents.front(); }
};

/// The layers that hold a mapping; the others are noted.
std::vector<ReadLayer> read_layers(const std::vector<JudgedLayer>& layers, DeadValues& found) {
  std::vector<ReadLayer> read;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    auto stream = yaml::parse(layers[i].text, layers[i].file);
    if (!stream || !stream->findings.empty()) {
      found.not_checked.push_back(text::printable(layers[i].file) + ": its values cannot be read");
      continue;
    }
    found.judged.push_back(layers[i].file);
    if (!stream->documents.empty() &&
        stream->documents.front().root().kind == yaml::Kind::mapping) {
      read.push_back({i, std::make_shared<const yaml::Stream>(std::move(*stream))});
    }
  }
  return read;
}

/// Values for a chart that is not here seem dead, and may be alive.
void note_missing_charts(const ChartValues& chart,
                         const JudgedLayer& layer,
                         const yaml::Document& document,
                         DeadValues& found) {
  for (const auto& dependency : chart.dependencies) {
    if (dependency.chart == nullptr && document.find(document.root(), dependency.key) != nullptr) {
      found.not_checked.push_back(text::printable(layer.file) + ": the chart that reads " +
                                  text::printable(dependency.key) + " is not here");
    }
  }
}

/// Of each layer what was not decided, and why.
void note_undecided(const std::vector<JudgedLayer>& layers,
                    const std::vector<Suspect>& suspects,
                    const std::function<std::string(std::size_t count)>& why,
                    DeadValues& found) {
  std::map<std::size_t, std::size_t> counts;
  for (const auto& suspect : suspects) {
    ++counts[suspect.layer];
  }
  for (const auto& [layer, count] : counts) {
    found.not_checked.push_back(text::printable(layers[layer].file) + ": " + why(count));
  }
}

}  // namespace

DeadValues find_dead_values(const ChartValues& chart,
                            const std::vector<JudgedLayer>& layers,
                            const ConfirmingRenders& renders) {
  DeadValues found;
  const auto read = read_layers(layers, found);
  ValueReads read_by_values;  // values that are templates themselves
  for (const auto& layer : read) {
    read_string_templates(chart, layer.document(), read_by_values);
  }
  std::vector<Suspect> suspects;
  for (const auto& layer : read) {
    note_missing_charts(chart, layers[layer.index], layer.document(), found);
    std::ranges::move(
        Suspects(chart, read_by_values, layer.document(), layers[layer.index], layer.index).find(),
        std::back_inserter(suspects));
  }
  if (suspects.empty()) {
    return found;
  }
  const auto base = renders.base();
  if (!base) {
    note_undecided(
        layers, suspects,
        [](std::size_t) {
          return "the chart renders differently each time, and not at all without its random "
                 "functions";
        },
        found);
    return found;
  }
  const Describe describe(chart, layers);
  const auto confirmed = confirm(suspects, *base, renders, [&](const auto& suspect) {
    return describe.has_certain_place(suspect);
  });
  for (const auto& suspect : confirmed.dead) {
    describe.add(suspect, found.dead);
  }
  if (confirmed.unstable) {
    note_undecided(
        layers, suspects,
        [](std::size_t) {
          return "the chart renders differently each time, so unread values cannot be told";
        },
        found);
  }
  note_undecided(
      layers, confirmed.undecided,
      [](std::size_t count) {
        return text::counted(count, "value") +
               " left undecided after the renders that a unit may "
               "have";
      },
      found);
  return found;
}

}  // namespace sluice::helm
