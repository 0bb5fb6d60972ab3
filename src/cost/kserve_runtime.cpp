// SPDX-License-Identifier: Apache-2.0
#include "cost/kserve_runtime.hpp"

#include "yaml/canonical.hpp"

#include <algorithm>
#include <optional>
#include <span>
#include <vector>

namespace sluice::cost {
namespace {

using yaml::Document;
using yaml::Node;

bool is_true(const Document& document,
             const Node& object,
             std::initializer_list<std::string_view> path) {
  const auto* node = document.find(object, path);
  return node != nullptr && node->kind == yaml::Kind::boolean && yaml::as_bool(*node);
}

std::span<const Node> items(const Document& document, const Node* list) {
  return list != nullptr && list->kind == yaml::Kind::sequence ? document.children(*list)
                                                               : std::span<const Node>{};
}

/// Version numbers may be written as text or as numbers: "1", 1.
std::string_view scalar(const Document& document, const Node& mapping, std::string_view key) {
  const auto* node = document.find(mapping, key);
  return node != nullptr && node->is_scalar() ? node->text : std::string_view{};
}

bool speaks(const k8s::Resource& runtime, std::string_view protocol) {
  const auto& document = *runtime.document;
  const auto known = items(document, document.find(*runtime.object, {"spec", "protocolVersions"}));
  return protocol.empty() || known.empty() ||
         std::any_of(known.begin(), known.end(),
                     [&](const Node& node) { return node.text == protocol; });
}

/// The priority with which a runtime offers itself; nothing when it does not. -1: none written.
std::optional<std::int64_t> offer(const k8s::Resource& runtime, const ModelWish& wish) {
  const auto& document = *runtime.document;
  if (is_true(document, *runtime.object, {"spec", "disabled"}) ||
      is_true(document, *runtime.object, {"spec", "multiModel"}) ||
      !speaks(runtime, wish.protocol)) {
    return std::nullopt;
  }
  std::optional<std::int64_t> best;
  for (const auto& format :
       items(document, document.find(*runtime.object, {"spec", "supportedModelFormats"}))) {
    const bool version_fits =
        wish.format_version.empty() || scalar(document, format, "version") == wish.format_version;
    if (document.text(format, {"name"}) != wish.format || !version_fits ||
        !is_true(document, format, {"autoSelect"})) {
      continue;
    }
    const auto* priority = document.find(format, "priority");
    const auto value =
        priority == nullptr ? std::int64_t{-1} : yaml::as_int64(*priority).value_or(-1);
    best = std::max(best.value_or(-1), value);
  }
  return best;
}

RuntimeChoice best_of(const std::vector<const k8s::Resource*>& candidates, const ModelWish& wish) {
  RuntimeChoice choice;
  std::int64_t best = -2;
  for (const auto* candidate : candidates) {
    const auto priority = offer(*candidate, wish);
    if (!priority || *priority < best) {
      continue;
    }
    if (*priority > best) {
      choice = {candidate, nullptr};
      best = *priority;
    } else if (candidate->ref.name < choice.runtime->ref.name) {
      choice = {candidate, choice.runtime};
    } else {
      choice.rival = choice.rival == nullptr ? candidate : choice.rival;
    }
  }
  return choice;
}

}  // namespace

RuntimeChoice choose_runtime(const Context& context, const Place& place, const ModelWish& wish) {
  if (!wish.runtime.empty()) {
    const auto* own = context.find(place, "ServingRuntime", place.name_space, wish.runtime);
    return {own != nullptr ? own : context.find(place, "ClusterServingRuntime", "", wish.runtime)};
  }
  const auto own = best_of(context.find(place, "ServingRuntime", place.name_space), wish);
  return own.runtime != nullptr ? own
                                : best_of(context.find(place, "ClusterServingRuntime", ""), wish);
}

}  // namespace sluice::cost
