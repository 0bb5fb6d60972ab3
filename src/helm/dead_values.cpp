// SPDX-License-Identifier: Apache-2.0
#include "helm/dead_values.hpp"

#include "base/text.hpp"
#include "helm/suggest_value.hpp"
#include "helm/write_values.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <optional>
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

/// Finds the highest nodes that neither defaults nor templates know.
class Suspects {
 public:
  Suspects(const ChartValues& chart,
           const ValueReads& read_by_values,
           const yaml::Document& document,
           bool of_the_chart)
      : chart_(chart),
        read_by_values_(read_by_values),
        document_(document),
        of_the_chart_(of_the_chart) {}

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
        suspects_.push_back({path, &pairs[i], &pairs[i + 1]});
      } else if (known == Knowledge::known && pairs[i + 1].kind == yaml::Kind::mapping) {
        walk(pairs[i + 1], path);
      }
    }
  }

  const ChartValues& chart_;
  const ValueReads& read_by_values_;
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
          const ConfirmingRenders& render,
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
    const auto out = render_.without(layer_, write_values_without(document_, keys));
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
  const ConfirmingRenders& render_;
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

std::vector<Suspect> children(const yaml::Document& document, const Suspect& suspect) {
  std::vector<Suspect> found;
  if (suspect.value->kind == yaml::Kind::mapping) {
    const auto pairs = document.children(*suspect.value);
    for (std::size_t i = 0; i < pairs.size(); i += 2) {
      auto path = suspect.path;
      path.emplace_back(pairs[i].text);
      found.push_back({std::move(path), &pairs[i], &pairs[i + 1]});
    }
  }
  return found;
}

/// Describes what is dead in one layer.
class Describe {
 public:
  Describe(const ChartValues& chart, const JudgedLayer& layer, const yaml::Document& document)
      : chart_(chart), layer_(layer), document_(document) {}

  /// One finding; or one for each child, when each is nearer to a place of the chart than the
  /// mapping as a whole, or when that is like nothing in the chart and a child is.
  void add(const Suspect& suspect, std::vector<DeadValue>& out) const {
    const auto suggestion = suggest(suspect);
    const int cost = suggestion ? suggestion->cost : doubtful_cost + 1;
    std::vector<DeadValue> apart;
    bool some = false;  // have a place
    bool all = true;    // have a place that is nearer
    for (const auto& child : children(document_, suspect)) {
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

 private:
  std::optional<Suggestion> suggest(const Suspect& suspect) const {
    return suggest_value(chart_, suspect.path, document_, *suspect.value);
  }

  DeadValue describe(const Suspect& suspect, const std::optional<Suggestion>& suggestion) const {
    constexpr int certain_cost = 60;
    DeadValue dead{.file = layer_.file,
                   .path = suspect.path,
                   .at = place(layer_, document_, *suspect.key),
                   .values = leaves(document_, *suspect.value),
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
  const JudgedLayer& layer_;
  const yaml::Document& document_;
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

}  // namespace

DeadValues find_dead_values(const ChartValues& chart,
                            const std::vector<JudgedLayer>& layers,
                            const ConfirmingRenders& render) {
  DeadValues found;
  const auto read = read_layers(layers, found);
  ValueReads read_by_values;  // values that are templates themselves
  for (const auto& layer : read) {
    read_string_templates(chart, layer.document(), read_by_values);
  }
  int renders = 0;
  std::optional<Result<std::string>> base;
  for (const auto& [index, stream] : read) {
    const auto& layer = layers[index];
    const auto& document = stream->documents.front();
    note_missing_charts(chart, layer, document, found);
    auto suspects = Suspects(chart, read_by_values, document, layer.of_the_chart).find();
    if (suspects.empty()) {
      continue;
    }
    if (!base) {
      renders += render.base_costs_a_render ? 1 : 0;
      base = render.base();
    }
    if (!*base) {
      found.not_checked.push_back(text::printable(layer.file) + ": the chart renders differently " +
                                  "each time, and not at all without its random functions");
      continue;
    }
    Confirm confirm(index, document, **base, render, renders);
    const auto dead = confirm.dead(suspects);
    for (const auto& suspect : dead) {
      Describe(chart, layer, document).add(suspect, found.dead);
    }
    if (dead.empty() && confirm.is_unstable()) {
      found.not_checked.push_back(
          text::printable(layer.file) +
          ": the chart renders differently each time, so unread values cannot be told");
    } else if (confirm.undecided() > 0) {
      found.not_checked.push_back(
          text::printable(layer.file) + ": " + text::counted(confirm.undecided(), "value") +
          " left undecided after " + std::to_string(most_renders) + " renders");
    }
  }
  return found;
}

}  // namespace sluice::helm
