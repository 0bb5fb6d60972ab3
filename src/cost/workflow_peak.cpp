// SPDX-License-Identifier: Apache-2.0
#include "cost/workflow_peak.hpp"

#include "base/text.hpp"
#include "cost/antichain.hpp"
#include "cost/overlay.hpp"
#include "cost/scale.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <set>

namespace sluice::cost {
namespace {

using yaml::Document;
using yaml::Kind;
using yaml::Node;

constexpr std::size_t deepest = 50;         ///< templates within templates
constexpr std::size_t largest_graph = 150;  ///< tasks; beyond it they are simply added up

std::span<const Node> items(const Document& document, const Node* list) {
  return list != nullptr && list->kind == Kind::sequence ? document.children(*list)
                                                         : std::span<const Node>{};
}

/// What runs at the worst moment of a template, and its largest single pod.
struct Need {
  ResourceList peak, largest;
};

void add(ResourceList& to, const ResourceList& more, std::int64_t count) {
  for (const auto& [name, value] : more) {
    auto& sum = to[name];
    sum = {plus(sum.quantity, times(value.quantity, count)), value.from};
  }
}

void raise(ResourceList& to, const ResourceList& other) {
  for (const auto& [name, value] : other) {
    auto& most = to[name];
    most = value.quantity > most.quantity ? value : most;
  }
}

void raise(Need& to, const Need& other) {
  raise(to.peak, other.peak);
  raise(to.largest, other.largest);
}

/// At most `count` of the largest at once.
void bound(ResourceList& peak, const ResourceList& largest, std::int64_t count) {
  for (const auto& [name, value] : largest) {
    auto& sum = peak[name];
    sum.quantity = std::min(sum.quantity, times(value.quantity, count));
  }
}

/// The names in "depends: a && b.Succeeded"; none where alternatives are, for then a task may
/// begin before all of them have ended.
std::vector<std::string_view> names_in(std::string_view depends) {
  std::vector<std::string_view> out;
  if (depends.find("||") != std::string_view::npos || depends.find('!') != std::string_view::npos) {
    return out;
  }
  const auto in_name = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  };
  while (!depends.empty()) {
    const auto begin = std::ranges::find_if(depends, in_name);
    depends.remove_prefix(static_cast<std::size_t>(begin - depends.begin()));
    const auto end = std::ranges::find_if_not(depends, in_name);
    const auto word = depends.substr(0, static_cast<std::size_t>(end - depends.begin()));
    depends.remove_prefix(word.size());
    if (!word.empty()) {
      out.push_back(word.substr(0, word.find('.')));
    }
  }
  return out;
}

class Walk {
 public:
  Walk(const Lookup& lookup, const ContainerDefaults& defaults)
      : lookup_(lookup), defaults_(defaults) {}

  WorkflowPeak take(const TemplateHolder& holder, std::string_view entry, std::string_view exit) {
    Need need = of_template(holder, entry);
    if (!exit.empty()) {
      raise(need, of_template(holder, exit));
    }
    const auto& document = *holder.object->document;
    if (const auto most = count_at(document, *holder.spec, "/parallelism")) {
      bound(need.peak, need.largest, *most);
    }
    out_.requests = std::move(need.peak);
    std::ranges::sort(out_.missing);
    out_.missing.erase(std::unique(out_.missing.begin(), out_.missing.end()), out_.missing.end());
    return std::move(out_);
  }

 private:
  void note(std::string words) {
    if (std::ranges::find(out_.notes, words) == out_.notes.end()) {
      out_.notes.push_back(std::move(words));
    }
  }

  Need of_template(const TemplateHolder& holder, std::string_view name) {
    const auto& document = *holder.object->document;
    for (const auto& node : items(document, document.find(*holder.spec, "templates"))) {
      if (document.text(node, {"name"}) == name) {
        return of_node(holder, node);
      }
    }
    note("the template " + text::quoted(name, 80) + " is nowhere, and not counted");
    return {};
  }

  /// Each template once: workflows call the same one often, and hostile ones call each other.
  Need of_node(const TemplateHolder& holder, const Node& node) {
    if (const auto known = known_.find(&node); known != known_.end()) {
      return known->second;
    }
    if (open_.size() >= deepest || !open_.insert(&node).second) {
      out_.open = true;  // it calls itself: as often as its data say
      return {};
    }
    Need need = compute(holder, node);
    open_.erase(&node);
    known_.emplace(&node, need);
    return need;
  }

  Need compute(const TemplateHolder& holder, const Node& node) {
    const auto& document = *holder.object->document;
    Need need;
    if (const auto* steps = document.find(node, "steps")) {
      for (const auto& group : items(document, steps)) {
        Need together;
        const auto* parallel = document.find(group, "steps");  // {steps: [...]}, or the list itself
        for (const auto& step : items(document, parallel == nullptr ? &group : parallel)) {
          const auto [one, count] = of_call(holder, step);
          add(together.peak, one.peak, count);
          raise(together.largest, one.largest);
        }
        raise(need, together);
      }
    } else if (const auto* dag = document.find(node, "dag")) {
      need = of_graph(holder, *dag);
    } else {
      return of_pod(holder, node);
    }
    if (const auto most = count_at(document, node, "/parallelism")) {
      bound(need.peak, need.largest, *most);
    }
    return need;
  }

  /// A step or task: what it calls, and how often at once.
  std::pair<Need, std::int64_t> of_call(const TemplateHolder& holder, const Node& call) {
    const auto& document = *holder.object->document;
    const auto count = turns(document, call);
    if (const auto* inlined = document.find(call, "inline")) {
      return {of_node(holder, *inlined), count};
    }
    if (const auto* reference = document.find(call, "templateRef")) {
      const auto other = referenced_templates(lookup_, document, *reference);
      if (other.spec == nullptr) {
        note("the template " + text::quoted(document.text(*reference, {"name"}), 80) +
             " is in no manifest, and not counted");
        return {{}, 0};
      }
      return {of_template(other, document.text(*reference, {"template"})), count};
    }
    return {of_template(holder, document.text(call, {"template"})), count};
  }

  /// How often a loop goes, where that is written.
  std::int64_t turns(const Document& document, const Node& call) {
    if (const auto* list = document.find(call, "withItems");
        list != nullptr && list->kind == Kind::sequence) {
      return std::min<std::int64_t>(list->child_count, most_pods);
    }
    if (document.find(call, "withParam") != nullptr) {
      out_.open = true;
      return 1;
    }
    if (const auto* sequence = document.find(call, "withSequence")) {
      const auto number = [&](std::string_view key) -> std::optional<std::int64_t> {
        const auto* node = document.find(*sequence, key);
        std::int64_t value = 0;
        if (node == nullptr || !node->is_scalar()) {
          return std::nullopt;
        }
        const auto text = node->text;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        return error == std::errc{} && end == text.data() + text.size() ? std::optional(value)
                                                                        : std::nullopt;
      };
      if (const auto count = number("count")) {
        return std::clamp<std::int64_t>(*count, 0, most_pods);
      }
      const auto begin = number("start").value_or(0);
      if (const auto last = number("end")) {
        const auto most = most_pods;
        return std::clamp<std::int64_t>(std::max(*last, begin), -most, most) -
               std::clamp<std::int64_t>(std::min(*last, begin), -most, most) + 1;
      }
      out_.open = true;
    }
    return 1;
  }

  Need of_graph(const TemplateHolder& holder, const Node& dag) {
    const auto& document = *holder.object->document;
    const auto tasks = items(document, document.find(dag, "tasks"));
    std::map<std::string_view, std::size_t> places;
    for (std::size_t i = 0; i < tasks.size(); ++i) {
      places.emplace(document.text(tasks[i], {"name"}), i);
    }
    std::vector<ResourceList> peaks(tasks.size());
    std::vector<std::vector<std::size_t>> before(tasks.size());
    Need need;
    ResourceList sum;
    for (std::size_t i = 0; i < tasks.size(); ++i) {
      const auto [one, count] = of_call(holder, tasks[i]);
      add(peaks[i], one.peak, count);
      add(sum, one.peak, count);
      raise(need.largest, one.largest);
      auto earlier = names_in(document.text(tasks[i], {"depends"}));
      for (const auto& name : items(document, document.find(tasks[i], "dependencies"))) {
        earlier.push_back(name.text);
      }
      for (const auto name : earlier) {
        if (const auto found = places.find(name); found != places.end()) {
          before[i].push_back(found->second);
        }
      }
    }
    need.peak = std::move(sum);
    if (tasks.size() <= largest_graph) {
      for (const auto& [name, total] : ResourceList(need.peak)) {
        std::vector<k8s::Int128> weights;
        for (const auto& peak : peaks) {
          const auto* own = peak.find(name);
          weights.push_back(own == nullptr ? 0 : own->quantity.nano());
        }
        need.peak.set(name,
                      {k8s::Quantity(heaviest_antichain(weights, before), total.quantity.format()),
                       total.from});
      }
    }
    return need;
  }

  /// The pod of a template: container, script or containerSet, with its sidecars.
  Need of_pod(const TemplateHolder& holder, const Node& node) {
    const auto& document = *holder.object->document;
    std::vector<BadQuantity> bad;
    const bool own = holder.object == &lookup_.resource;
    const Reading reading{*holder.object, own ? Origin::Basis::manifest : Origin::Basis::object,
                          bad};
    PodShape pod;
    for (const std::string_view kind : {"container", "script"}) {
      if (const auto* container = document.find(node, kind)) {
        pod.app.push_back(read_container(reading, *container));
        pod.app.back().name = "main";
      }
    }
    for (const auto& container :
         items(document, document.find(node, {"containerSet", "containers"}))) {
      pod.app.push_back(read_container(reading, container));
    }
    if (pod.app.empty()) {
      return {};  // suspend, http and the like: nothing worth counting runs
    }
    for (const auto& container : items(document, document.find(node, "sidecars"))) {
      pod.app.push_back(read_container(reading, container));
    }
    for (const auto& container : items(document, document.find(node, "initContainers"))) {
      pod.init.push_back(read_container(reading, container));
    }
    for (const auto* from : {holder.spec, &node}) {
      patch(*holder.object, document.find(*from, "podSpecPatch"), pod);
    }
    sort_out(bad);
    apply_defaults(pod, defaults_);
    const auto missing = without_requests(pod);
    out_.missing.insert(out_.missing.end(), missing.begin(), missing.end());
    return sourced(effective(pod));
  }

  static Need sourced(const PodAmounts& amounts) {
    Need need;
    std::uint32_t place = 0;
    for (const auto& [name, quantity] : amounts.amounts) {
      const auto origin =
          std::ranges::find(amounts.origins, place, [](const auto& entry) { return entry.first; });
      need.peak.set(name, {quantity, origin == amounts.origins.end() ? Origin{} : origin->second});
      ++place;
    }
    need.largest = need.peak;
    return need;
  }

  /// podSpecPatch is text; its numbers are ascribed to its place.
  void patch(const k8s::Resource& object, const Node* node, PodShape& pod) {
    if (node == nullptr || node->kind != Kind::string) {
      return;
    }
    const auto parsed = yaml::parse(std::string(node->text), "podSpecPatch");
    if (!parsed || parsed->documents.size() != 1 || !parsed->findings.empty()) {
      return note("a podSpecPatch cannot be read before the workflow runs, and is not counted");
    }
    k8s::Resource inner = object;
    inner.document = &parsed->documents.front();
    inner.object = &inner.document->root();
    std::vector<BadQuantity> unread;
    auto upper = read_pod({inner, Origin::Basis::manifest, unread}, *inner.object);
    if (!unread.empty()) {
      note("some quantities of a podSpecPatch are parameters, and are not counted");
    }
    const Origin here{Origin::Basis::manifest, &object, node};
    for (auto& container : upper.app) {
      const auto same = std::ranges::find(pod.app, container.name, &Container::name);
      if (same == pod.app.end()) {
        continue;  // Argo's own, or a slip
      }
      for (const auto& [name, value] : container.requests) {
        same->requests.set(name, {value.quantity, here});
      }
      for (const auto& [name, value] : container.limits) {
        same->limits.set(name, {value.quantity, here});
      }
    }
  }

  /// Parameters stand for quantities in workflows; anything else that is none is wrong.
  void sort_out(std::vector<BadQuantity>& bad) {
    for (auto& entry : bad) {
      if (entry.node->text.find("{{") != std::string_view::npos) {
        note("some quantities are parameters, and are not counted");
      } else {
        lookup_.bad.push_back(std::move(entry));
      }
    }
  }

  const Lookup& lookup_;
  const ContainerDefaults& defaults_;
  std::map<const Node*, Need> known_;
  std::set<const Node*> open_;
  WorkflowPeak out_;
};

}  // namespace

TemplateHolder referenced_templates(const Lookup& lookup,
                                    const Document& document,
                                    const Node& reference) {
  const bool cluster = is_true(document, reference, "/clusterScope");
  const auto place = place_of(lookup.resource);
  const auto* found = lookup.context.find(
      place, cluster ? "ClusterWorkflowTemplate" : "WorkflowTemplate",
      cluster ? std::string_view{} : place.name_space, document.text(reference, {"name"}));
  const auto* spec = found == nullptr ? nullptr : found->document->find(*found->object, "spec");
  if (spec == nullptr || spec->kind != Kind::mapping) {
    return {};
  }
  lookup.used.push_back(found);
  return {found, spec};
}

WorkflowPeak workflow_peak(const Lookup& lookup,
                           const TemplateHolder& holder,
                           std::string_view entry,
                           std::string_view exit,
                           const ContainerDefaults& defaults) {
  return Walk(lookup, defaults).take(holder, entry, exit);
}

}  // namespace sluice::cost
