// SPDX-License-Identifier: Apache-2.0
#include "cost/counter.hpp"

#include "base/text.hpp"
#include "cost/devices.hpp"
#include "cost/kserve.hpp"
#include "cost/llm.hpp"
#include "cost/owners.hpp"
#include "cost/table_pods.hpp"
#include "cost/uncounted.hpp"
#include "cost/workflow.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace sluice::cost {

using k8s::Resource;

void Counter::take(const Resource& resource) {
  const auto group = resource.group();
  const std::string_view kind = resource.ref.kind;
  if (group.empty() && take_core(resource, kind)) {
    return;
  }
  const auto* row = find_kind(group, kind, options_);
  if (row != nullptr) {
    return take_row(resource, *row);
  }
  if (!never_runs(group, kind) && find_pod_shape(resource) != nullptr) {
    leave_out(resource, "it holds containers, and no row says how many pods a " +
                            text::printable(kind, 80) + " runs");
  }
}

bool Counter::take_core(const Resource& resource, std::string_view kind) {
  if (kind == "PersistentVolumeClaim") {
    take_claim(resource);
  } else if (kind == "Service") {
    take_balancer(resource);
  } else if (kind == "LimitRange") {
    check_limit_range(resource);
  } else {
    return kind == "ConfigMap" || kind == "Secret";  // many, and they run nothing
  }
  return true;
}

void Counter::take_row(const Resource& resource, const KindRow& row) {
  Workload workload{.key = key_of(resource), .resource = &resource};
  std::vector<BadQuantity> bad;
  RunningPods running = running_pods(resource, row, workload.used, bad);
  workload.complete = running.left_out.empty();
  for (auto& reason : running.left_out) {
    leave_out(resource, std::move(reason));
  }
  std::ranges::move(running.findings, std::back_inserter(out_.findings));
  workload.notes = std::move(running.notes);
  for (auto& pods : running.pods) {
    add_part(workload, std::move(pods));
  }
  if (workload.parts.empty()) {
    return;
  }
  add_claim_templates(row, workload, bad);
  workload.owners = owners_of(*workload.resource, context_);
  end(std::move(workload), bad);
}

/// What runs, by the kind's own code or by the table.
RunningPods Counter::running_pods(const Resource& resource,
                                  const KindRow& row,
                                  std::vector<const Resource*>& used,
                                  std::vector<BadQuantity>& bad) {
  const Lookup lookup{resource, context_, options_, used, bad};
  switch (row.count) {
    case Count::kserve:
      return inference_pods(lookup);
    case Count::graph:
      return graph_pods(lookup);
    case Count::llm:
      return llm_pods(lookup);
    case Count::workflow:
      return workflow_pods(lookup, rules_of(place_of(resource)).defaults);
    case Count::elsewhere:
      return {.left_out = {"its pods are made by rules that stand in no manifest"}};
    default:
      return table_pods(lookup, row);
  }
}

/// Everything that admission would add, then the formula.
void Counter::add_part(Workload& workload, RunningPods::Entry pods) {
  auto& shape = pods.shape;
  const auto place = place_of(*workload.resource);
  if (!shape.runtime_class.empty() && shape.overhead.empty()) {
    add_overhead(place, shape, workload);
  }
  const auto& rules = rules_of(place);
  apply_defaults(shape, rules.defaults);
  Part part{.name = std::move(pods.name),
            .per_pod = effective(shape),
            .pods = pods.pods,
            .claim_count = shape.claim_count,
            .qos = qos_of(shape),
            .terminating = shape.terminating,
            .priority_class = shape.priority_class,
            .missing = without_requests(shape)};
  part.missing.insert(part.missing.end(), pods.missing.begin(), pods.missing.end());
  if (rules.counts_limits) {
    part.limits = effective_limits(shape);
  }
  check_pod(rules, *workload.resource, shape, out_.findings);
  add_devices(workload, shape, part);
  if (prices_ != nullptr) {
    part.charge = charge(*prices_, part.per_pod.amounts, shape.node_labels);
    part.placement = placement(*prices_, shape.node_labels);
  }
  for (const auto& [place_in_list, origin] : part.per_pod.origins) {
    if (origin.object != nullptr && origin.object != workload.resource) {
      workload.used.push_back(origin.object);
    }
  }
  if (workload.pod_spec == nullptr) {
    workload.pod_spec = pods.spec;
    workload.pod_holder = pods.holder;
  }
  workload.parts.push_back(std::move(part));
}

void Counter::add_overhead(const Place& place, PodShape& shape, Workload& workload) {
  const auto* runtime = context_.find(place, "RuntimeClass", "", shape.runtime_class);
  if (runtime == nullptr) {
    workload.notes.push_back("the overhead of the RuntimeClass \"" +
                             text::printable(shape.runtime_class, 80) +
                             "\" is unknown: it is in no manifest");
    return;
  }
  std::vector<BadQuantity> elsewhere;
  shape.overhead =
      read_resource_list({*runtime, Origin::Basis::object, elsewhere},
                         runtime->document->find(*runtime->object, {"overhead", "podFixed"}));
  workload.used.push_back(runtime);
}

void Counter::add_devices(Workload& workload, const PodShape& shape, Part& part) {
  for (const auto& claim : shape.devices) {
    auto found = devices_of(context_, place_of(*workload.resource), claim);
    if (!found.note.empty()) {
      workload.notes.push_back(std::move(found.note));
    }
    if (found.shared) {
      workload.shared_devices.push_back({found.object, std::move(found.devices)});
    } else {
      for (const auto& [name, quantity] : found.devices) {
        add_amount(part.per_pod, name, quantity,
                   {Origin::Basis::device_claim, found.object, nullptr});
      }
    }
    if (found.object != nullptr) {
      workload.used.push_back(found.object);
    }
  }
}

void Counter::take_claim(const Resource& resource) {
  Workload workload{.key = key_of(resource), .resource = &resource};
  std::vector<BadQuantity> bad;
  const Reading reading{resource, Origin::Basis::manifest, bad};
  for (const auto& [name, size] :
       read_claim(reading, resource.document->find(*resource.object, "spec"))) {
    workload.claims.set(name, size.quantity);
  }
  workload.owners = owners_of(*workload.resource, context_);
  end(std::move(workload), bad);
}

void Counter::take_balancer(const Resource& resource) {
  const auto& document = *resource.document;
  if (document.text(*resource.object, {"spec", "type"}) != "LoadBalancer") {
    return;
  }
  constexpr k8s::Int128 one_balancer = 1'000'000'000;
  Workload workload{.key = key_of(resource), .resource = &resource};
  workload.claims.set("services.loadbalancers", k8s::Quantity(one_balancer));
  const auto load_balancer = document.text(*resource.object, {"spec", "loadBalancerClass"});
  if (!load_balancer.empty()) {
    workload.notes.push_back("loadBalancerClass " + text::printable(load_balancer, 80));
  }
  workload.owners = owners_of(*workload.resource, context_);
  end(std::move(workload), {});
}

/// One set of claims for each pod; they belong to the part, so that autoscalers count.
void Counter::add_claim_templates(const KindRow& row,
                                  Workload& workload,
                                  std::vector<BadQuantity>& bad) {
  const auto& resource = *workload.resource;
  const auto& document = *resource.document;
  const auto* templates = row.claims.empty() ? nullptr : at(document, *resource.object, row.claims);
  if (templates == nullptr || templates->kind != yaml::Kind::sequence) {
    return;
  }
  auto& part = workload.parts.front();
  Amounts claimed;
  for (const auto& node : document.children(*templates)) {
    ++part.claim_count;
    const Reading reading{resource, Origin::Basis::manifest, bad};
    for (const auto& [name, size] : read_claim(reading, document.find(node, "spec"))) {
      auto from = size.from;
      from.basis = Origin::Basis::claim_template;
      add_amount(part.per_pod, name, size.quantity, from);
      claimed[name] = plus(claimed[name], size.quantity);
    }
  }
  if (prices_ != nullptr) {
    const auto more = charge(*prices_, claimed, {});
    part.charge.per_hour = part.charge.per_hour + more.per_hour;
    part.charge.unpriced.insert(part.charge.unpriced.end(), more.unpriced.begin(),
                                more.unpriced.end());
    std::ranges::sort(part.charge.unpriced);
  }
}

const NamespaceRules& Counter::rules_of(const Place& place) {
  auto [entry, fresh] = rules_.try_emplace(place);
  if (fresh) {
    entry->second = namespace_rules(context_, place);
  }
  return entry->second;
}

void Counter::end(Workload workload, const std::vector<BadQuantity>& bad) {
  for (const auto& quantity : bad) {
    refuse(quantity);
  }
  const auto& key = workload.key;
  const auto* vertical = context_.rewriter_of(place_of(*workload.resource), key.kind, key.name);
  if (vertical != nullptr) {
    workload.notes.push_back("VerticalPodAutoscaler " + text::printable(vertical->ref.name, 80) +
                             " rewrites these requests while the pods run");
  }
  auto& used = workload.used;
  std::ranges::sort(used);
  used.erase(std::unique(used.begin(), used.end()), used.end());
  out_.workloads.push_back(std::move(workload));
}

void Counter::check_limit_range(const Resource& range) {
  std::vector<BadQuantity> bad;
  const Resource* only = &range;
  container_defaults({&only, 1}, bad);
  for (const auto& quantity : bad) {
    refuse(quantity);
  }
}

void Counter::refuse(const BadQuantity& bad) {
  auto finding = k8s::finding_at(*bad.object, *bad.node);
  finding.code = "cost/bad-quantity";
  finding.message = bad.message + ", so it is not counted";
  finding.hint = "write a number such as 250m, 2 or 1.5Gi";
  out_.findings.push_back(std::move(finding));
}

void Counter::leave_out(const Resource& resource, std::string reason) {
  out_.left_out.push_back({key_of(resource), std::move(reason), &resource});
}

}  // namespace sluice::cost
