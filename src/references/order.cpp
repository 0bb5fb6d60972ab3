// SPDX-License-Identifier: Apache-2.0
#include "references/order.hpp"

#include "base/text.hpp"

#include <charconv>
#include <vector>

namespace sluice::references {
namespace {

using yaml::Kind;
using yaml::Node;

/// When Argo CD applies an object: first by phase, then by wave.
struct Turn {
  int phase = 1;  ///< 0 PreSync, 1 Sync, 2 PostSync
  int wave = 0;
  friend auto operator<=>(const Turn&, const Turn&) = default;
};

std::string_view annotation(const k8s::Resource& object, std::string_view name) {
  return object.document->text(*object.object, {"metadata", "annotations", name});
}

int number(std::string_view text) {
  int value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

/// Source: Argo CD's documentation of sync phases and waves; Helm's hooks become its own.
Turn turn_of(const k8s::Resource& object) {
  Turn turn{.wave = number(annotation(object, "argocd.argoproj.io/sync-wave"))};
  const std::string_view hook = annotation(object, "argocd.argoproj.io/hook");
  const std::string_view helm = annotation(object, "helm.sh/hook");
  if (hook.find("PreSync") != std::string_view::npos ||
      (hook.empty() && helm.starts_with("pre-"))) {
    turn.phase = 0;
  } else if (!hook.empty() ? hook.find("Post") != std::string_view::npos
                           : helm.starts_with("post-")) {
    turn.phase = 2;
  }
  if (hook.empty() && !helm.empty()) {
    turn.wave = number(annotation(object, "helm.sh/hook-weight"));
  }
  return turn;
}

std::string text_of(Turn turn) {
  const std::string wave = "sync wave " + std::to_string(turn.wave);
  return turn.phase == 0 ? "the PreSync phase" : turn.phase == 2 ? "the PostSync phase" : wave;
}

/// "dev-eu-west/" of the unit "dev-eu-west/flux-system/crds".
std::string cluster_of(std::string_view unit) {
  const auto slash = unit.find('/');
  return slash == std::string_view::npos ? std::string{} : std::string(unit.substr(0, slash + 1));
}

bool is_flux(const k8s::Resource& object) {
  return (object.ref.kind == "Kustomization" && object.group() == "kustomize.toolkit.fluxcd.io") ||
         (object.ref.kind == "HelmRelease" && object.group() == "helm.toolkit.fluxcd.io");
}

}  // namespace

Order::Order(const Index& index) {
  for (const k8s::Resource& object : index.objects()) {
    if (is_flux(object)) {
      read_flux(object);
    } else if (object.ref.kind == "Application" && object.group() == "argoproj.io") {
      units_[object.ref.name].by = &object;
    }
  }
}

void Order::read_flux(const k8s::Resource& object) {
  const std::string cluster = cluster_of(object.unit());
  const std::string& space = object.ref.name_space;
  Unit& unit = units_[cluster + space + "/" + object.ref.name];
  unit.by = &object;
  unit.after.emplace(object.unit());  // what brings it is applied before, or with it
  const yaml::Document& document = *object.document;
  const Node* list = document.find(*object.object, {"spec", "dependsOn"});
  for (const Node& one : list == nullptr || list->kind != Kind::sequence
                             ? std::span<const Node>{}
                             : document.children(*list)) {
    const std::string_view given = document.text(one, {"namespace"});
    unit.after.insert(cluster + (given.empty() ? space : std::string(given)) + "/" +
                      std::string(document.text(one, {"name"})));
  }
}

bool Order::waits_for(const std::string& unit, const std::string& other) const {
  std::set<std::string> seen;
  std::vector<std::string> open{unit};
  while (!open.empty()) {
    const std::string next = open.back();
    open.pop_back();
    if (next == other) {
      return true;
    }
    if (const auto found = units_.find(next); found != units_.end() && seen.insert(next).second) {
      open.insert(open.end(), found->second.after.begin(), found->second.after.end());
    }
  }
  return false;
}

std::string Order::why_later(const k8s::Resource& object, const k8s::Resource& needed) const {
  const std::string unit(object.unit());
  const std::string other(needed.unit());
  if (unit == other) {
    const Turn mine = turn_of(object);
    const Turn theirs = turn_of(needed);
    return theirs > mine ? "comes in " + text_of(theirs) + ", after " + text_of(mine) : "";
  }
  const auto a = units_.find(unit);
  const auto b = units_.find(other);
  if (a == units_.end() || b == units_.end()) {
    return {};
  }
  if (is_flux(*a->second.by) && is_flux(*b->second.by)) {
    return waits_for(unit, other) ? ""
                                  : "comes with the unit " + text::printable(other) + ", which " +
                                        text::printable(unit) + " does not wait for";
  }
  const Turn mine = turn_of(*a->second.by);
  const Turn theirs = turn_of(*b->second.by);
  const bool together = a->second.by->unit() == b->second.by->unit();
  return together && theirs > mine ? "comes with the Application " + text::printable(other) +
                                         " in " + text_of(theirs) + ", after " + text_of(mine)
                                   : "";
}

std::string Order::hint(const k8s::Resource& object, const k8s::Resource& needed) const {
  const auto by = units_.find(std::string(object.unit()));
  if (object.unit() != needed.unit() && by != units_.end() && is_flux(*by->second.by)) {
    const std::string other(needed.unit().substr(needed.unit().rfind('/') + 1));
    return "add dependsOn: [{name: " + text::printable(other) + "}] to " +
           text::printable(diag::to_string(by->second.by->ref));
  }
  return "give it an earlier sync wave than what needs it";
}

}  // namespace sluice::references
