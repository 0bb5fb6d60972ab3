// SPDX-License-Identifier: Apache-2.0
#include "cost/workflow.hpp"

#include "base/text.hpp"
#include "cost/scale.hpp"
#include "cost/workflow_peak.hpp"

#include <algorithm>

namespace sluice::cost {
namespace {

using yaml::Node;

/// The spec of a workflow below each kind.
const Node* spec_of(const Lookup& lookup) {
  const bool cron = lookup.resource.ref.kind == "CronWorkflow";
  return at(lookup.document(), *lookup.resource.object, cron ? "/spec/workflowSpec" : "/spec");
}

/// The spec that has the templates: the workflow's own, or that of its workflowTemplateRef.
TemplateHolder holder_of(const Lookup& lookup, const Node& spec, RunningPods& out) {
  const auto& document = lookup.document();
  const auto* reference = document.find(spec, "workflowTemplateRef");
  if (reference == nullptr) {
    return {&lookup.resource, &spec};
  }
  const auto found = referenced_templates(lookup, document, *reference);
  if (found.spec == nullptr) {
    out.left_out.push_back("its template " + text::quoted(document.text(*reference, {"name"}), 80) +
                           " is in no manifest");
  }
  return found;
}

/// How often it runs at once.
Pods pods_of(const Lookup& lookup, const Node& spec, bool open) {
  const auto& document = lookup.document();
  const auto& kind = lookup.resource.ref.kind;
  Pods pods{.min = 0,
            .max = 1,
            .bound = open ? Bound::none : Bound::written,
            .role = Role::batch,
            .from = {Origin::Basis::manifest, &lookup.resource, &spec}};
  const bool suspended = is_true(document, *lookup.resource.object, "/spec/suspend");
  if (kind == "CronWorkflow") {
    const auto policy = document.text(*lookup.resource.object, {"spec", "concurrencyPolicy"});
    pods.bound = policy == "Forbid" || policy == "Replace" ? pods.bound : Bound::none;
  }
  if (suspended) {
    pods.max = 0;
    pods.bound = Bound::written;
  }
  if (kind.ends_with("WorkflowTemplate")) {
    const auto* caller =
        lookup.context.caller_of(place_of(lookup.resource), kind, lookup.resource.ref.name);
    if (caller != nullptr) {
      lookup.used.push_back(caller);
      return {.min = 0,
              .max = 0,
              .role = Role::batch,
              .from = {Origin::Basis::object, caller, nullptr}};
    }
  }
  return pods;
}

}  // namespace

RunningPods workflow_pods(const Lookup& lookup, const ContainerDefaults& defaults) {
  RunningPods out;
  const auto* spec = spec_of(lookup);
  if (spec == nullptr || spec->kind != yaml::Kind::mapping) {
    out.left_out.emplace_back("it has no workflow spec");
    return out;
  }
  const auto holder = holder_of(lookup, *spec, out);
  if (holder.spec == nullptr) {
    return out;
  }
  auto entry = lookup.document().text(*spec, {"entrypoint"});
  if (entry.empty()) {
    entry = holder.object->document->text(*holder.spec, {"entrypoint"});
  }
  auto exit = lookup.document().text(*spec, {"onExit"});
  if (exit.empty()) {
    exit = holder.object->document->text(*holder.spec, {"onExit"});
  }
  auto peak = workflow_peak(lookup, holder, entry, exit, defaults);
  out.notes = std::move(peak.notes);
  PodShape all;
  Container together{.name = "all at once", .requests = std::move(peak.requests), .injected = true};
  all.app.push_back(std::move(together));
  all.node_labels =
      read_pod({*holder.object, Origin::Basis::manifest, lookup.bad}, *holder.spec).node_labels;
  out.pods.push_back({"", std::move(all), pods_of(lookup, *spec, peak.open), holder.object,
                      holder.spec, std::move(peak.missing)});
  return out;
}

}  // namespace sluice::cost
