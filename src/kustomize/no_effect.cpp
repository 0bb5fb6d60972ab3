// SPDX-License-Identifier: Apache-2.0
#include "kustomize/no_effect.hpp"

#include "base/text.hpp"
#include "yaml/value.hpp"

#include <algorithm>
#include <set>
#include <span>

namespace sluice::kustomize {
namespace {

using yaml::Document;
using yaml::Kind;
using yaml::Node;
using yaml::Value;

constexpr std::size_t most_builds = 8;

/// Selectors are regular expressions of Go. What is more than a literal in anchors is not judged:
/// nothing, and it fits everything.
std::optional<std::string> literal(std::string_view expression) {
  if (expression.starts_with('^')) {
    expression.remove_prefix(1);
  }
  if (expression.ends_with('$')) {
    expression.remove_suffix(1);
  }
  const bool plain = expression.find_first_of("^$*+?()[]{}|\\") == std::string_view::npos;
  return plain ? std::optional(std::string(expression)) : std::nullopt;
}

/// One requirement of a label selector: "a=b", "a==b" or "a". Others are not judged.
bool label_fits(const Document& document, const Node* labels, std::string_view requirement) {
  requirement = text::trim(requirement);
  if (requirement.empty() || requirement.find_first_of("!()<> ") != std::string_view::npos) {
    return true;
  }
  const auto equal = requirement.find('=');
  const Node* value =
      labels == nullptr ? nullptr : document.find(*labels, requirement.substr(0, equal));
  if (equal == std::string_view::npos) {
    return value != nullptr;
  }
  const auto wanted =
      requirement.substr(requirement.find_first_not_of('=', equal) == std::string_view::npos
                             ? requirement.size()
                             : requirement.find_first_not_of('=', equal));
  return value != nullptr && value->text == wanted;
}

/// What the entries of a kustomization select among, as it came out of the build.
class Objects {
 public:
  explicit Objects(const yaml::Stream& stream) {
    for (const auto& document : stream.documents) {
      add(document, document.root());
    }
  }

  /// Whether some object looks like what `target` selects. The names that prefixes and suffixes
  /// were added to fit, too; the namespace is not compared, because the build may have set it.
  [[nodiscard]] bool fits(const Value& target) const {
    const auto kind = literal(target.text_at({"kind"}));
    const auto name = literal(target.text_at({"name"}));
    return std::ranges::any_of(objects_, [&](const auto& object) {
      const auto& [document, root] = object;
      return (!kind || kind->empty() || document->text(*root, {"kind"}) == *kind) &&
             (!name || name->empty() ||
              document->text(*root, {"metadata", "name"}).find(*name) != std::string_view::npos) &&
             metadata_fits(*document, *root, "labels", target.text_at({"labelSelector"})) &&
             metadata_fits(*document, *root, "annotations", target.text_at({"annotationSelector"}));
    });
  }

  /// Whether a container runs an image of that name, whatever its tag.
  [[nodiscard]] bool has_image(std::string_view name) const {
    return std::ranges::any_of(images_, [&](std::string_view image) {
      return image.starts_with(name) && (image.size() == name.size() || image[name.size()] == ':' ||
                                         image[name.size()] == '@');
    });
  }

 private:
  static bool metadata_fits(const Document& document,
                            const Node& root,
                            std::string_view field,
                            std::string_view selector) {
    const Node* found = document.find(root, {"metadata", field});
    const auto requirements = text::split(selector, ',');
    return selector.find('(') != std::string_view::npos ||
           std::ranges::all_of(requirements, [&](std::string_view requirement) {
             return label_fits(document, found, requirement);
           });
  }

  void add(const Document& document, const Node& root) {
    if (root.kind != Kind::mapping) {
      return;
    }
    objects_.emplace_back(&document, &root);
    collect_images(document, root);
  }

  void collect_images(const Document& document, const Node& node) {
    const auto children = document.children(node);
    for (std::size_t i = 0; i < children.size(); ++i) {
      const bool value_of_image = node.kind == Kind::mapping && i % 2 == 1 &&
                                  children[i].is_scalar() && children[i - 1].text == "image";
      if (value_of_image) {
        images_.insert(children[i].text);
      } else if (!children[i].is_scalar()) {
        collect_images(document, children[i]);
      }
    }
  }

  std::vector<std::pair<const Document*, const Node*>> objects_;
  std::set<std::string_view> images_;
};

std::string described(const Value& target) {
  std::string words;
  for (const auto* const key : {"kind", "name", "labelSelector", "annotationSelector"}) {
    if (const auto part = target.text_at({key}); !part.empty()) {
      words += (words.empty() ? "" : " ") + std::string(part);
    }
  }
  return text::printable(words.empty() ? "everything" : words, 120);
}

std::span<const Value> items(const Value& kustomization, std::string_view field) {
  const Value* list = kustomization.find(field);
  return list == nullptr ? std::span<const Value>{} : std::span<const Value>(list->items);
}

/// The entries of one kustomization that seem to select nothing.
class Suspects {
 public:
  Suspects(const Judged& judged, const Objects& objects) : judged_(judged), objects_(objects) {}

  std::vector<NoEffect> find(const Value& kustomization) {
    for (const auto* const field : {"patches", "patchesJson6902"}) {
      patches(kustomization, field);
    }
    images(kustomization);
    replacements(kustomization);
    return std::move(found_);
  }

 private:
  void suspect(const Value& entry, std::string_view field, std::size_t index, std::string what) {
    found_.push_back({.file = judged_.file,
                      .at = {.file = judged_.file, .line = entry.line, .column = entry.column},
                      .field = std::string(field),
                      .index = index,
                      .what = std::move(what)});
  }

  void patches(const Value& kustomization, std::string_view field) {
    const auto entries = items(kustomization, field);
    for (std::size_t i = 0; i < entries.size(); ++i) {
      const Value* target = entries[i].find("target");
      if (target != nullptr && target->is_mapping() && !objects_.fits(*target)) {
        suspect(entries[i], field, i, "the patch for " + described(*target));
      }
    }
  }

  /// The name is a regular expression too, but its dots are meant as dots.
  void images(const Value& kustomization) {
    const auto entries = items(kustomization, "images");
    for (std::size_t i = 0; i < entries.size(); ++i) {
      const auto name = literal(entries[i].text_at({"name"}));
      const auto becomes = entries[i].text_at({"newName"});
      if (name && !name->empty() && !objects_.has_image(*name) &&
          (becomes.empty() || !objects_.has_image(becomes))) {
        suspect(entries[i], "images", i, "the image " + text::printable(*name, 120));
      }
    }
  }

  void replacements(const Value& kustomization) {
    const auto entries = items(kustomization, "replacements");
    for (std::size_t i = 0; i < entries.size(); ++i) {
      const auto targets = items(entries[i], "targets");
      const bool none = !targets.empty() && std::ranges::none_of(targets, [&](const auto& target) {
        const Value* select = target.find("select");
        return select == nullptr || objects_.fits(*select);
      });
      if (none) {
        suspect(entries[i], "replacements", i,
                "the replacement in " + described(*targets.front().find("select")));
      }
    }
  }

  const Judged& judged_;
  const Objects& objects_;
  std::vector<NoEffect> found_;
};

/// The kustomizations that change when `without` is taken out of them.
std::map<std::string, std::string> rewritten(const std::map<std::string, Value>& parsed,
                                             std::span<const NoEffect> without) {
  std::map<std::string, Value> changed;
  std::vector<NoEffect> ordered(without.begin(), without.end());
  std::ranges::sort(ordered, std::greater{}, &NoEffect::index);  // from the end: indexes hold
  for (const auto& entry : ordered) {
    auto& value = changed.try_emplace(entry.file, parsed.at(entry.file)).first->second;
    auto& list = value.find(entry.field)->items;
    list.erase(list.begin() + static_cast<std::ptrdiff_t>(entry.index));
  }
  std::map<std::string, std::string> texts;
  for (const auto& [file, value] : changed) {
    texts[file] = yaml::to_json(value) + "\n";
  }
  return texts;
}

}  // namespace

std::vector<NoEffect> find_no_effect(const std::vector<Judged>& kustomizations,
                                     const yaml::Stream& objects,
                                     const std::string& built,
                                     const BuildWith& build) {
  const Objects selected(objects);
  std::map<std::string, Value> parsed;
  std::vector<NoEffect> suspects;
  for (const auto& judged : kustomizations) {
    auto value = yaml::parse_value(judged.text, judged.file);
    if (!value || !value->is_mapping()) {
      continue;  // kustomize has read it, so this cannot be
    }
    const auto own = Suspects(judged, selected).find(*value);
    suspects.insert(suspects.end(), own.begin(), own.end());
    parsed.emplace(judged.file, std::move(*value));
  }
  const auto changes_nothing = [&](std::span<const NoEffect> without) {
    const auto again = build(rewritten(parsed, without));
    return again && *again == built;
  };
  if (suspects.empty() || changes_nothing(suspects)) {
    return suspects;
  }
  std::vector<NoEffect> found;
  for (std::size_t i = 0; suspects.size() > 1 && i < std::min(suspects.size(), most_builds); ++i) {
    if (changes_nothing(std::span(suspects).subspan(i, 1))) {
      found.push_back(suspects[i]);
    }
  }
  return found;
}

}  // namespace sluice::kustomize
