// SPDX-License-Identifier: Apache-2.0
#include "report/fields.hpp"

#include "base/text.hpp"
#include "yaml/canonical.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>

namespace sluice::report {

namespace {

using yaml::Document;
using yaml::Node;

constexpr std::size_t most_fields = 200;  ///< of one object; the rest is counted
constexpr std::size_t most_lines = 20;    ///< of one text
constexpr std::size_t longest_value = 160;

enum class Shown : std::uint8_t { plain, masked };

/// A node with the document that owns it; no node on the side that does not have it.
struct Place {
  const Document* document = nullptr;
  const Node* node = nullptr;

  [[nodiscard]] bool is(yaml::Kind kind) const { return node != nullptr && node->kind == kind; }
  [[nodiscard]] std::span<const Node> children() const { return document->children(*node); }
  [[nodiscard]] Place with(const Node* other) const { return {document, other}; }
};

struct Pair {
  Place base, head;
};

std::string canonical(const Place& place) {
  std::string json;
  yaml::append_canonical_json(*place.document, *place.node, json);
  return json;
}

/// Mappings and lists that hold something are walked into; all else is a leaf.
bool is_leaf(const Place& place) {
  return place.node->is_scalar() || place.node->child_count == 0;
}

/// The names of a list's items in order; nothing unless each is a mapping with a name of its own.
std::optional<std::vector<std::string_view>> names_of(const Place& list) {
  std::vector<std::string_view> names;
  std::set<std::string_view> seen;
  for (const Node& item : list.children()) {
    const Node* name = list.document->find(item, "name");
    if (name == nullptr || name->kind != yaml::Kind::string || !seen.insert(name->text).second) {
      return std::nullopt;
    }
    names.push_back(name->text);
  }
  return names;
}

/// The part of a path for a key: JSON pointer's escapes, then made printable.
std::string step(std::string_view key) {
  return '/' +
         text::printable(
             text::replace_all(text::replace_all(std::string(key), "~", "~0"), "/", "~1"), 80);
}

/// In a Secret everything is masked but what tells which Secret it is.
Shown below(Shown shown, bool secret, std::string_view path, std::string_view key) {
  if (!secret || shown == Shown::masked) {
    return shown;
  }
  constexpr std::array<std::string_view, 5> top = {"apiVersion", "kind", "metadata", "type",
                                                   "immutable"};
  if (path.empty()) {
    return std::ranges::find(top, key) == top.end() ? Shown::masked : Shown::plain;
  }
  return path == "/metadata" && key == "annotations" ? Shown::masked : Shown::plain;
}

class Differ {
 public:
  explicit Differ(bool secret) : secret_(secret) {}

  void compare(const Pair& pair, const std::string& path, Shown shown) {
    const auto& [base, head] = pair;
    if (base.node == nullptr || head.node == nullptr) {
      one_sided(pair, path, shown);
    } else if (base.is(yaml::Kind::mapping) && head.is(yaml::Kind::mapping)) {
      mappings(pair, path, shown);
    } else if (base.is(yaml::Kind::sequence) && head.is(yaml::Kind::sequence)) {
      sequences(pair, path, shown);
    } else if (is_leaf(base) && is_leaf(head)) {
      leaves(pair, path, shown);
    } else {
      one_sided({base, head.with(nullptr)}, path, shown);
      one_sided({base.with(nullptr), head}, path, shown);
    }
  }

  FieldChanges take() { return std::move(changes_); }

 private:
  void one_sided(const Pair& pair, const std::string& path, Shown shown) {
    const Place& place = pair.base.node != nullptr ? pair.base : pair.head;
    if (is_leaf(place)) {
      leaves(pair, path, shown);
    } else if (place.is(yaml::Kind::mapping)) {
      mappings(pair, path, shown);
    } else {
      sequences(pair, path, shown);
    }
  }

  void mappings(const Pair& pair, const std::string& path, Shown shown) {
    std::map<std::string_view, std::pair<const Node*, const Node*>> values;
    const auto collect = [&values](const Place& place, auto member) {
      if (place.node == nullptr) {
        return;
      }
      const auto children = place.children();
      for (std::size_t i = 0; i + 1 < children.size(); i += 2) {
        values[children[i].text].*member = &children[i + 1];
      }
    };
    using Values = std::pair<const Node*, const Node*>;
    collect(pair.base, &Values::first);
    collect(pair.head, &Values::second);
    for (const auto& [key, nodes] : values) {
      compare({pair.base.with(nodes.first), pair.head.with(nodes.second)}, path + step(key),
              below(shown, secret_, path, key));
    }
  }

  void sequences(const Pair& pair, const std::string& path, Shown shown) {
    const Place& any = pair.base.node != nullptr ? pair.base : pair.head;
    const auto base_names = names_of(pair.base.node != nullptr ? pair.base : any);
    const auto head_names = names_of(pair.head.node != nullptr ? pair.head : any);
    if (base_names && head_names && shown == Shown::plain) {
      by_name(pair, path, *base_names, *head_names);
      return;
    }
    const auto base = items(pair.base);
    const auto head = items(pair.head);
    for (std::size_t i = 0; i < std::max(base.size(), head.size()); ++i) {
      compare({pair.base.with(i < base.size() ? &base[i] : nullptr),
               pair.head.with(i < head.size() ? &head[i] : nullptr)},
              path + '/' + std::to_string(i), shown);
    }
  }

  void by_name(const Pair& pair,
               const std::string& path,
               const std::vector<std::string_view>& base_names,
               const std::vector<std::string_view>& head_names) {
    const auto base = items(pair.base);
    const auto head = items(pair.head);
    std::map<std::string_view, std::pair<const Node*, const Node*>> values;
    for (std::size_t i = 0; i < base.size(); ++i) {
      values[base_names[i]].first = &base[i];
    }
    for (std::size_t i = 0; i < head.size(); ++i) {
      values[head_names[i]].second = &head[i];
    }
    if (!base.empty() && !head.empty()) {
      order(path, values, base_names, head_names);
    }
    for (const auto& [name, nodes] : values) {
      compare({pair.base.with(nodes.first), pair.head.with(nodes.second)},
              path + "[name=" + text::printable(name, 80) + ']', Shown::plain);
    }
  }

  /// Says when the items that both sides have stand in another order: init containers run in
  /// theirs.
  void order(const std::string& path,
             const std::map<std::string_view, std::pair<const Node*, const Node*>>& values,
             const std::vector<std::string_view>& base_names,
             const std::vector<std::string_view>& head_names) {
    const auto common = [&values](const std::vector<std::string_view>& names) {
      std::vector<std::string> kept;
      for (const std::string_view name : names) {
        const auto& nodes = values.at(name);
        if (nodes.first != nullptr && nodes.second != nullptr) {
          kept.push_back(text::printable(name, 80));
        }
      }
      return kept;
    };
    const auto before = common(base_names);
    const auto after = common(head_names);
    if (before != after) {
      add({.path = path,
           .before = "order " + text::printable(text::join(before, ", "), longest_value),
           .after = text::printable(text::join(after, ", "), longest_value)});
    }
  }

  static std::span<const Node> items(const Place& list) {
    return list.node == nullptr ? std::span<const Node>() : list.children();
  }

  void leaves(const Pair& pair, const std::string& path, Shown shown) {
    const std::string before = pair.base.node == nullptr ? "" : canonical(pair.base);
    const std::string after = pair.head.node == nullptr ? "" : canonical(pair.head);
    if (before == after) {
      return;
    }
    Field field{.kind = pair.base.node == nullptr   ? Field::Kind::added
                        : pair.head.node == nullptr ? Field::Kind::removed
                                                    : Field::Kind::changed,
                .path = path};
    if (shown == Shown::masked) {
      field.before = field.after = "(masked)";
    } else {
      field.before = text::printable(before, longest_value);
      field.after = text::printable(after, longest_value);
      if (field.kind == Field::Kind::changed && pair.base.is(yaml::Kind::string) &&
          pair.head.is(yaml::Kind::string)) {
        field.lines = changed_lines(pair.base.node->text, pair.head.node->text);
      }
    }
    add(std::move(field));
  }

  /// Of texts of several lines: what lies between the lines that both begin and end with.
  static std::vector<std::string> changed_lines(std::string_view before, std::string_view after) {
    const std::vector<std::string_view> old_lines = text::split(before, '\n');
    const std::vector<std::string_view> new_lines = text::split(after, '\n');
    if (old_lines.size() < 3 && new_lines.size() < 3) {
      return {};
    }
    const std::size_t shorter = std::min(old_lines.size(), new_lines.size());
    std::size_t head = 0;
    while (head < shorter && old_lines[head] == new_lines[head]) {
      ++head;
    }
    std::size_t tail = 0;
    while (tail < shorter - head &&
           old_lines[old_lines.size() - 1 - tail] == new_lines[new_lines.size() - 1 - tail]) {
      ++tail;
    }
    std::vector<std::string> lines;
    const auto append = [&lines, head, tail](const std::vector<std::string_view>& all, char sign) {
      const std::size_t end = all.size() - tail;
      for (std::size_t i = head; i < std::min(end, head + most_lines); ++i) {
        lines.push_back(sign + (' ' + text::printable(all[i], longest_value)));
      }
      if (end > head + most_lines) {
        lines.push_back(sign + (" ... " + std::to_string(end - head - most_lines) + " more lines"));
      }
    };
    append(old_lines, '-');
    append(new_lines, '+');
    return lines;
  }

  void add(Field field) {
    if (changes_.fields.size() < most_fields) {
      changes_.fields.push_back(std::move(field));
    } else {
      ++changes_.more;
    }
  }

  bool secret_;
  FieldChanges changes_;
};

}  // namespace

FieldChanges changed_fields(const k8s::Resource& base, const k8s::Resource& head) {
  Differ differ(base.ref.kind == "Secret" || head.ref.kind == "Secret");
  differ.compare({{base.document, base.object}, {head.document, head.object}}, "", Shown::plain);
  return differ.take();
}

}  // namespace sluice::report
