// SPDX-License-Identifier: Apache-2.0
#include "kustomize/spelling.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>

namespace sluice::kustomize {
namespace {

using yaml::Kind;
using yaml::Node;

/// Of a Kustomization, and of its entries as far as they name files; in lower case without
/// exception where kustomize's own spelling is none of these.
constexpr std::array fields = {"apiVersion",
                               "bases",
                               "buildMetadata",
                               "commonAnnotations",
                               "commonLabels",
                               "components",
                               "configMapGenerator",
                               "configurations",
                               "crds",
                               "env",
                               "envs",
                               "files",
                               "generatorOptions",
                               "generators",
                               "helmChartInflationGenerator",
                               "helmCharts",
                               "helmGlobals",
                               "images",
                               "kind",
                               "labels",
                               "literals",
                               "metadata",
                               "namePrefix",
                               "nameSuffix",
                               "namespace",
                               "openapi",
                               "patch",
                               "patches",
                               "patchesJson6902",
                               "patchesStrategicMerge",
                               "path",
                               "replacements",
                               "replicas",
                               "resources",
                               "secretGenerator",
                               "sortOptions",
                               "transformers",
                               "validators",
                               "vars"};

/// Lower case as Go folds it: two characters beyond ASCII are letters of it, too.
std::string folded(std::string_view key) {
  auto out = text::replace_all(std::string(key), "\xc5\xbf", "s");  // long s
  out = text::replace_all(std::move(out), "\xe2\x84\xaa", "k");     // the kelvin sign
  return text::to_lower(out);
}

bool names_files(std::string_view key) {
  constexpr std::array names = {"path", "paths", "files", "file", "env", "envs"};
  return std::ranges::find(names, folded(key)) != names.end();
}

/// Every scalar of `node`, whatever lies between.
void take_addresses(const yaml::Document& document, const Node& node, std::vector<Address>& out) {
  std::vector<const Node*> open = {&node};
  while (!open.empty()) {
    const Node& next = *open.back();
    open.pop_back();
    if (next.is_scalar() && next.text.find("://") != std::string_view::npos) {
      out.push_back({std::string(next.text), document.where(next)});
    }
    for (const auto& child : document.children(next)) {
      open.push_back(&child);
    }
  }
}

}  // namespace

std::optional<diag::Location> misspelt_field(const yaml::Document& document, const Node& mapping) {
  if (mapping.kind != Kind::mapping) {
    return std::nullopt;
  }
  const auto children = document.children(mapping);
  for (std::size_t i = 0; i < children.size(); i += 2) {
    const auto key = children[i].text;
    const auto meant = folded(key);
    const bool is_other = std::ranges::any_of(fields, [&](std::string_view field) {
      return field != key && text::to_lower(field) == meant;
    });
    if (is_other) {
      return document.where(children[i]);
    }
  }
  return std::nullopt;
}

bool has_merge_key(std::string_view bytes) {
  constexpr std::string_view blank = " \t\r\n";
  for (auto at = bytes.find("<<"); at != std::string_view::npos; at = bytes.find("<<", at + 1)) {
    auto next = bytes.find_first_not_of(blank, at + 2);
    while (next != std::string_view::npos && bytes[next] == '#') {  // between "? <<" and its ':'
      next = bytes.find_first_not_of(blank, bytes.find('\n', next));
    }
    if (next != std::string_view::npos && bytes[next] == ':') {
      return true;
    }
  }
  return false;
}

std::vector<Address> addresses(const yaml::Document& plugin) {
  std::vector<Address> out;
  std::vector<const Node*> open = {&plugin.root()};
  while (!open.empty()) {
    const Node& node = *open.back();
    open.pop_back();
    const auto children = plugin.children(node);
    for (std::size_t i = 0; i < children.size(); ++i) {
      const bool is_value = node.kind == Kind::mapping && i % 2 == 1;
      if (is_value && names_files(children[i - 1].text)) {
        take_addresses(plugin, children[i], out);
      } else {
        open.push_back(&children[i]);
      }
    }
  }
  return out;
}

}  // namespace sluice::kustomize
