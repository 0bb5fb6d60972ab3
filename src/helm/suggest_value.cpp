// SPDX-License-Identifier: Apache-2.0
#include "helm/suggest_value.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <map>
#include <span>
#include <vector>

namespace sluice::helm {
namespace {

// All prices are hundredths, set by hand; bench/planted_values.py says how often the true place is
// the first that is named.
constexpr int other_spelling = 8;
constexpr int chart_name = 8;  ///< instead of its alias
constexpr int plural = 15;
constexpr int typo = 15;
constexpr int typo_share = 50;
constexpr int missing_level = 50;
constexpr int missing_dependency = 35;
constexpr int surplus_level = 55;
constexpr int surplus_known = 40;
constexpr int other_scalar = 15;
constexpr int other_shape = 45;
constexpr int lacking_keys = 60;
constexpr int already_set = 40;
constexpr int other_section = 8;  ///< a mapping that the values do not touch so far
constexpr int per_level = 1;
constexpr int read_whole = 10;
constexpr int as_near = 5;
constexpr int nothing_near = 160;
constexpr int impossible = 100'000;

/// A place where a value could stand.
struct Place {
  const yaml::Document* document = nullptr;  ///< of its default; null when only a template names it
  const yaml::Node* value = nullptr;
};

using Places = std::map<ValuePath, Place>;

constexpr std::size_t most_places = 20'000;

struct Convention {
  std::string_view ending;
  std::vector<std::string_view> children;
};

/// What stands in a mapping that charts leave empty: fields of Kubernetes' own types.
const std::vector<Convention>& conventions() {
  static const std::vector<Convention> table{
      {"affinity", {"nodeAffinity", "podAffinity", "podAntiAffinity"}},
      {"lifecycle", {"postStart", "preStop"}},
      {"probe",
       {"exec", "failureThreshold", "grpc", "httpGet", "initialDelaySeconds", "periodSeconds",
        "successThreshold", "tcpSocket", "timeoutSeconds"}},
      {"resources", {"limits", "requests"}},
      {"securitycontext",
       {"allowPrivilegeEscalation", "capabilities", "fsGroup", "privileged",
        "readOnlyRootFilesystem", "runAsGroup", "runAsNonRoot", "runAsUser", "seLinuxOptions",
        "seccompProfile", "supplementalGroups"}},
  };
  return table;
}

void add_conventional(const ValuePath& path, Places& places) {
  const auto word = text::to_lower(path.back());
  for (const auto& [ending, children] : conventions()) {
    if (word.ends_with(ending)) {
      for (const auto child : children) {
        ValuePath below = path;
        below.emplace_back(child);
        places.try_emplace(std::move(below));
      }
    }
  }
}

void add_defaults(const yaml::Document& document,
                  const yaml::Node& mapping,
                  const ValuePath& prefix,
                  Places& places) {
  const auto pairs = document.children(mapping);
  for (std::size_t i = 0; i < pairs.size() && places.size() < most_places; i += 2) {
    ValuePath path = prefix;
    path.emplace_back(pairs[i].text);
    places.try_emplace(path, Place{&document, &pairs[i + 1]});
    if (pairs[i + 1].kind == yaml::Kind::mapping) {
      add_conventional(path, places);
      add_defaults(document, pairs[i + 1], path, places);
    }
  }
}

void add_places(const ChartValues& chart, const ValuePath& prefix, Places& places) {
  if (const auto* root = chart.root()) {
    add_defaults(chart.defaults->documents.front(), *root, prefix, places);
  }
  for (const auto& dependency : chart.dependencies) {
    if (dependency.chart != nullptr) {
      ValuePath path = prefix;
      path.push_back(dependency.key);
      add_places(*dependency.chart, path, places);
    }
  }
}

/// What stands for a dependency in values, to the name of its chart: another one under an alias.
using DependencyNames = std::map<std::string, std::string>;

void add_dependency_names(const ChartValues& chart, DependencyNames& names) {
  for (const auto& dependency : chart.dependencies) {
    names.emplace(dependency.key, dependency.chart == nullptr ? "" : dependency.chart->name);
    if (dependency.chart != nullptr) {
      add_dependency_names(*dependency.chart, names);
    }
  }
}

std::string plain(std::string_view word) {
  auto lower = text::to_lower(word);
  std::erase_if(lower, [](char c) { return c == '-' || c == '_'; });
  return lower;
}

int substitute(const std::string& a, const std::string& b) {
  if (a == b) {
    return 0;
  }
  if (plain(a) == plain(b)) {
    return other_spelling;
  }
  if (a + 's' == b || b + 's' == a) {
    return plural;
  }
  const auto limit = std::max<std::size_t>(1, a.size() / 4);
  const auto distance = text::edit_distance(a, b, limit);
  return distance > limit ? impossible
                          : typo + typo_share * static_cast<int>(distance) /
                                       static_cast<int>(std::max<std::size_t>(1, a.size()));
}

/// The cheapest way to turn what was written into the place, level by level.
int align(const ValuePath& written, const ValuePath& place, const DependencyNames& dependencies) {
  std::vector<int> row(place.size() + 1);
  const auto missing = [&](const std::string& level) {
    return dependencies.contains(level) ? missing_dependency : missing_level;
  };
  for (std::size_t j = 1; j <= place.size(); ++j) {
    row[j] = row[j - 1] + missing(place[j - 1]);
  }
  for (std::size_t i = 1; i <= written.size(); ++i) {
    const auto& level = written[i - 1];
    const bool repeated = i > 1 && written[i - 2] == level;
    const int surplus = repeated || dependencies.contains(level) ? surplus_known : surplus_level;
    int diagonal = row[0];
    row[0] += surplus;
    for (std::size_t j = 1; j <= place.size(); ++j) {
      const int above = row[j];
      const auto alias = dependencies.find(place[j - 1]);
      const bool by_name = alias != dependencies.end() && alias->second == level;
      const int instead = by_name ? chart_name : substitute(level, place[j - 1]);
      row[j] = std::min({diagonal + instead, above + surplus, row[j - 1] + missing(place[j - 1])});
      diagonal = above;
    }
  }
  return row.back();
}

const yaml::Node* at(const yaml::Document& layer, std::span<const std::string> path) {
  const auto* node = &layer.root();
  for (const auto& key : path) {
    node = node == nullptr ? nullptr : layer.find(*node, key);
  }
  return node;
}

/// Whether the value could not go there without replacing one: mappings go together while they
/// share no key.
bool is_taken(const yaml::Document& layer,
              std::span<const std::string> path,
              const yaml::Node& value) {
  const auto* there = at(layer, path);
  if (there == nullptr || there->kind != yaml::Kind::mapping || value.kind != yaml::Kind::mapping) {
    return there != nullptr;
  }
  const auto pairs = layer.children(value);
  for (std::size_t i = 0; i < pairs.size(); i += 2) {
    if (layer.find(*there, pairs[i].text) != nullptr) {
      return true;
    }
  }
  return false;
}

/// One search for one value.
class Search {
 public:
  Search(const ChartValues& chart,
         const ValuePath& written,
         const yaml::Document& layer,
         const yaml::Node& node)
      : reads_(*chart.reads), written_(written), layer_(layer), node_(node) {
    add_places(chart, {}, places_);
    for (auto& path : reads_.paths()) {
      if (places_.size() < most_places) {
        places_.try_emplace(std::move(path));
      }
    }
    add_dependency_names(chart, dependencies_);
    leaf_ = &node_;
    while (leaf_->kind == yaml::Kind::mapping && leaf_->child_count > 0) {
      const auto pairs = layer_.children(*leaf_);
      below_.emplace_back(pairs[0].text);
      leaf_ = &pairs[1];
    }
  }

  std::optional<Suggestion> best() const {
    std::optional<Suggestion> best;
    for (const auto& [path, place] : places_) {
      const int price = cost(path, place);
      if (price > nothing_near) {
        continue;
      }
      if (!best || price < best->cost) {
        Suggestion next{.path = path, .cost = price};
        if (best && best->cost - price <= as_near) {
          next.alternative = best->path;
        }
        best = std::move(next);
      } else if (price - best->cost <= as_near && best->alternative.empty()) {
        best->alternative = path;
      }
    }
    if (!best) {
      best = open_mapping();
    }
    if (best) {
      best->adds_dependency =
          best->path.size() > written_.size() && dependencies_.contains(best->path.front());
    }
    return best;
  }

 private:
  /// A mapping that takes any key (labels, say), that the values fill themselves, and that was left
  /// out of the path. Nothing when there are two: then it is a guess.
  std::optional<Suggestion> open_mapping() const {
    std::vector<ValuePath> found;
    ValuePath path;
    find_open(layer_.root(), path, found);
    if (found.size() != 1) {
      return std::nullopt;
    }
    return Suggestion{.path = std::move(found.front()), .cost = missing_level + other_scalar};
  }

  void find_open(const yaml::Node& mapping, ValuePath& path, std::vector<ValuePath>& found) const {
    const auto pairs = layer_.children(mapping);
    for (std::size_t i = 0; i < pairs.size() && path.size() <= written_.size(); i += 2) {
      const auto& value = pairs[i + 1];
      path.emplace_back(pairs[i].text);
      if (value.kind == yaml::Kind::mapping && path != written_) {
        ValuePath place = path;
        place.push_back(written_.back());
        if (place.size() == written_.size() + 1 && reads_.takes_whole(path) && takes(value) &&
            align(written_, place, dependencies_) <= missing_level) {
          found.push_back(std::move(place));
        }
        find_open(value, path, found);
      }
      path.pop_back();
    }
  }

  /// Texts go where only texts are; a mapping only where its other half is.
  bool takes(const yaml::Node& open) const {
    const auto* other = layer_.find(open, written_.back());
    if (node_.kind == yaml::Kind::mapping) {
      return other != nullptr && other->kind == yaml::Kind::mapping;
    }
    const auto pairs = layer_.children(open);
    for (std::size_t i = 1; i < pairs.size(); i += 2) {
      if (pairs[i].kind != yaml::Kind::string) {
        return false;
      }
    }
    return node_.kind == yaml::Kind::string && other == nullptr;
  }

  int cost(const ValuePath& path, const Place& place) const {
    // The last word is what a person looks for: another word is no suggestion.
    if (path == written_ || path.size() > written_.size() + 3 ||
        substitute(written_.back(), path.back()) >= impossible) {
      return impossible;
    }
    const int way = align(written_, path, dependencies_);
    if (way > nothing_near) {
      return impossible;
    }
    int fit = misfit(node_, path, place) + (is_taken(layer_, path, node_) ? already_set : 0);
    if (!below_.empty()) {
      ValuePath leaf = path;
      leaf.insert(leaf.end(), below_.begin(), below_.end());
      const auto found = places_.find(leaf);
      if (found != places_.end()) {
        fit = std::min(fit, misfit(*leaf_, leaf, found->second) +
                                (is_taken(layer_, leaf, *leaf_) ? already_set : 0));
      }
    }
    const bool elsewhere =
        path.size() > 1 && at(layer_, std::span(path).first(path.size() - 1)) == nullptr;
    return way + fit + (elsewhere ? other_section : 0) + per_level * static_cast<int>(path.size());
  }

  /// How badly the value would stand there.
  int misfit(const yaml::Node& value, const ValuePath& path, const Place& place) const {
    const bool is_mapping = value.kind == yaml::Kind::mapping;
    if (place.value != nullptr && place.value->kind != yaml::Kind::null) {
      if (value.is_scalar() && place.value->is_scalar()) {
        return value.kind == place.value->kind ? 0 : other_scalar;
      }
      if (value.kind != place.value->kind) {
        return other_shape;
      }
    }
    return is_mapping && value.child_count > 0 ? lacking(value, path, place) : 0;
  }

  int lacking(const yaml::Node& value, const ValuePath& path, const Place& place) const {
    const bool is_open = place.value != nullptr && place.value->kind == yaml::Kind::mapping &&
                         place.value->child_count == 0;
    if (is_open || reads_.takes_whole(path)) {
      return read_whole;
    }
    const auto pairs = layer_.children(value);
    int lacking = 0;
    for (std::size_t i = 0; i < pairs.size(); i += 2) {
      ValuePath below = path;
      below.emplace_back(pairs[i].text);
      const bool there = (place.value != nullptr &&
                          place.document->find(*place.value, pairs[i].text) != nullptr) ||
                         reads_.names(below) || places_.contains(below);
      lacking += there ? 0 : 1;
    }
    return lacking_keys * lacking / static_cast<int>(pairs.size() / 2);
  }

  const ValueReads& reads_;
  const ValuePath& written_;
  const yaml::Document& layer_;
  const yaml::Node& node_;
  const yaml::Node* leaf_ = nullptr;
  ValuePath below_;  ///< from the node to its first leaf
  Places places_;
  DependencyNames dependencies_;
};

}  // namespace

std::optional<Suggestion> suggest_value(const ChartValues& chart,
                                        const ValuePath& written,
                                        const yaml::Document& layer,
                                        const yaml::Node& node) {
  return Search(chart, written, layer, node).best();
}

}  // namespace sluice::helm
