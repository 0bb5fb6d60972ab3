// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "references/checker.hpp"

#include <algorithm>

namespace sluice::references {

using yaml::Document;
using yaml::Kind;
using yaml::Node;

std::vector<const Pods*> Checker::selected(const Resource& from, const Selector& selector) const {
  std::vector<const Pods*> out;
  for (const auto& [object, all] : pods_) {
    const bool here = reach_one_cluster(from, *object) &&
                      (object->ref.name_space == from.ref.name_space ||
                       object->ref.name_space.empty() || from.ref.name_space.empty());
    for (const Pods& pods : all) {
      if (here && selector.matches(pods.labels)) {
        out.push_back(&pods);
      }
    }
  }
  return out;
}

/// Objects of kinds that nobody here knows may bring the pods: in the same unit they probably do.
bool Checker::may_be_selected_elsewhere(const Resource& from) const {
  return std::any_of(index_.objects().begin(), index_.objects().end(), [&](const Resource& other) {
    return other.unit() == from.unit() && other.env() == from.env() && may_bring_pods(other);
  });
}

void Checker::service(const Resource& service) {
  if (service.ref.kind != "Service" || !service.group().empty()) {
    return;
  }
  const Node* labels = service.document->find(*service.object, {"spec", "selector"});
  if (labels == nullptr || labels->kind != Kind::mapping || labels->child_count == 0) {
    return;  // endpoints come from elsewhere
  }
  const Selector selector = Selector::of_labels(*service.document, *labels);
  const std::vector<const Pods*> pods = selected(service, selector);
  if (!pods.empty()) {
    return target_ports(service, pods);
  }
  const Target self{"", "Service", service.ref.name_space, service.ref.name};
  if (!whole() || may_be_selected_elsewhere(service) ||
      scope_.externals->cover(self, service.env())) {
    return;
  }
  say(service, *labels,
      {"refs/selects-nothing",
       "this Service selects " + selector.text() +
           ", and no pods that are delivered have these labels",
       "compare with the labels of the pod template; pods of an operator: declare the Service in "
       "sluice.yaml under externals",
       "/spec/selector"});
}

/// A port that a Service forwards to by name must be named by a container.
void Checker::target_ports(const Resource& service, const std::vector<const Pods*>& pods) {
  const Document& document = *service.document;
  const Node* ports = document.find(*service.object, {"spec", "ports"});
  if (ports == nullptr || ports->kind != Kind::sequence) {
    return;
  }
  std::vector<std::string_view> names;
  bool known = true;
  for (const auto& [object, all] : pods_) {
    for (const Pods& one : all) {
      if (std::find(pods.begin(), pods.end(), &one) == pods.end()) {
        continue;
      }
      const Document& theirs = *object->document;
      known = known && one.spec != nullptr && theirs.find(*one.spec, "containers") != nullptr &&
              object->group() != "serving.kserve.io";
      for (const std::string_view list : {"containers", "initContainers"}) {
        const Node* containers = one.spec == nullptr ? nullptr : theirs.find(*one.spec, list);
        for (const Node& container : containers == nullptr || containers->kind != Kind::sequence
                                         ? std::span<const Node>{}
                                         : theirs.children(*containers)) {
          const Node* own = theirs.find(container, "ports");
          for (const Node& port : own == nullptr || own->kind != Kind::sequence
                                      ? std::span<const Node>{}
                                      : theirs.children(*own)) {
            names.push_back(theirs.text(port, {"name"}));
          }
        }
      }
    }
  }
  std::size_t index = 0;
  for (const Node& port : document.children(*ports)) {
    const std::string path = "/spec/ports/" + std::to_string(index++) + "/targetPort";
    const Node* target = document.find(port, "targetPort");
    if (!known || target == nullptr || target->kind != Kind::string ||
        target->text.find_first_not_of("0123456789") == std::string_view::npos ||
        std::find(names.begin(), names.end(), target->text) != names.end()) {
      continue;
    }
    std::sort(names.begin(), names.end());
    const auto near = text::nearest(target->text, names);
    say(service, *target,
        {"refs/missing-port",
         "targetPort \"" + text::printable(target->text) +
             "\" is the name of no port of the pods that this Service selects",
         near ? "did you mean \"" + text::printable(*near) + "\"?"
              : "name the port of the container, or write its number",
         path});
  }
}

void Checker::disruption_budget(const Resource& budget) {
  const Node* selector = budget.document->find(*budget.object, {"spec", "selector"});
  if (budget.ref.kind != "PodDisruptionBudget" || budget.group() != "policy" ||
      selector == nullptr || selector->kind != Kind::mapping) {
    return;
  }
  const Selector wanted = Selector::of_expressions(*budget.document, *selector);
  const Target self{"policy", "PodDisruptionBudget", budget.ref.name_space, budget.ref.name};
  if (wanted.empty() || !selected(budget, wanted).empty() || may_be_selected_elsewhere(budget) ||
      scope_.externals->cover(self, budget.env())) {
    return;
  }
  say(budget, *selector,
      {"refs/selects-nothing",
       "this PodDisruptionBudget selects " + wanted.text() +
           ", and no pods that are delivered have these labels",
       "compare with the labels of the pod template", "/spec/selector"});
}

}  // namespace sluice::references
