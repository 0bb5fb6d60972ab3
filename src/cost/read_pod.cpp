// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "cost/pod.hpp"
#include "yaml/canonical.hpp"

#include <algorithm>
#include <span>

namespace sluice::cost {
namespace {

using yaml::Document;
using yaml::Kind;
using yaml::Node;

std::span<const Node> items(const Document& document, const Node* list) {
  return list != nullptr && list->kind == Kind::sequence ? document.children(*list)
                                                         : std::span<const Node>{};
}

/// The text that the API server's decoder would see for a scalar.
Result<k8s::Quantity> quantity_of(const Document& document, const Node& node) {
  if (node.kind == Kind::integer) {
    if (const auto value = yaml::as_int64(node)) {  // 0x10, 0644 and 1_000 are numbers in YAML
      return k8s::parse_quantity(std::to_string(*value));
    }
  }
  auto quantity = k8s::parse_quantity(node.kind == Kind::null ? "0" : node.text);
  if (node.kind == Kind::real && !quantity) {
    std::string json;
    yaml::append_canonical_json(document, node, json);
    return k8s::parse_quantity(json);
  }
  return quantity;
}

void take(const Reading& reading, std::string_view name, const Node& value, ResourceList& out) {
  const auto refuse = [&](std::string why) {
    reading.bad.push_back({&reading.object, &value, std::move(why)});
  };
  const auto shown = [name] { return text::printable(name, 80); };
  if (!is_resource_name(name)) {
    return refuse("\"" + shown() + "\" is no resource name");
  }
  if (!value.is_scalar() || value.kind == Kind::boolean) {
    return refuse("the quantity of " + shown() + " is no number");
  }
  const auto quantity = quantity_of(reading.document(), value);
  if (!quantity) {
    return refuse(shown() + ": " + quantity.error().message);
  }
  if (quantity->nano() < 0) {
    return refuse(shown() + ": \"" + quantity->text() + "\" is less than nothing");
  }
  out.set(name, {quantity->rounded_up_to_milli(), {reading.basis, &reading.object, &value}});
}

void add_volume(const Reading& reading, const Node& volume, PodShape& pod) {
  const auto* claim = reading.document().find(volume, {"ephemeral", "volumeClaimTemplate", "spec"});
  if (claim == nullptr) {
    return;
  }
  ++pod.claim_count;
  for (const auto& [name, size] : read_claim(reading, claim)) {
    auto& sum = pod.storage[name];
    sum = {plus(sum.quantity, size.quantity), size.from};
    sum.from.basis = Origin::Basis::ephemeral_volume;
  }
}

/// Labels that every node for the pod has: a term of the affinity counts when it is the only one,
/// and an expression when it leaves one value.
void read_affinity(const Document& document, const Node& spec, PodShape& pod) {
  const auto terms = items(
      document,
      document.find(spec, {"affinity", "nodeAffinity",
                           "requiredDuringSchedulingIgnoredDuringExecution", "nodeSelectorTerms"}));
  if (terms.size() != 1) {
    return;
  }
  for (const auto& expression : items(document, document.find(terms[0], "matchExpressions"))) {
    const auto values = items(document, document.find(expression, "values"));
    if (document.text(expression, {"operator"}) == "In" && values.size() == 1) {
      pod.node_labels.emplace_back(document.text(expression, {"key"}), values[0].text);
    }
  }
}

void read_placement(const Document& document, const Node& spec, PodShape& pod) {
  if (const auto* selector = document.find(spec, "nodeSelector");
      selector != nullptr && selector->kind == Kind::mapping) {
    const auto children = document.children(*selector);
    for (std::size_t i = 0; i + 1 < children.size(); i += 2) {
      pod.node_labels.emplace_back(children[i].text, children[i + 1].text);
    }
  }
  read_affinity(document, spec, pod);
}

}  // namespace

ResourceList read_resource_list(const Reading& reading, const Node* list) {
  ResourceList out;
  if (list == nullptr || list->kind != Kind::mapping) {
    return out;
  }
  const auto children = reading.document().children(*list);
  for (std::size_t i = 0; i + 1 < children.size(); i += 2) {
    take(reading, children[i].text, children[i + 1], out);
  }
  return out;
}

Container read_container(const Reading& reading, const Node& node) {
  const auto& document = reading.document();
  Container container{.name = document.text(node, {"name"})};
  if (const auto* resources = document.find(node, "resources")) {
    container.requests = read_resource_list(reading, document.find(*resources, "requests"));
    container.limits = read_resource_list(reading, document.find(*resources, "limits"));
  }
  return container;
}

ResourceList read_claim(const Reading& reading, const Node* spec) {
  if (spec == nullptr) {
    return {};
  }
  const auto& document = reading.document();
  const auto requests =
      read_resource_list(reading, document.find(*spec, {"resources", "requests"}));
  const auto* size = requests.find("storage");
  return size == nullptr
             ? ResourceList{}
             : ResourceList{{storage_name(document.text(*spec, {"storageClassName"})), *size}};
}

PodShape read_pod(const Reading& reading, const Node& spec) {
  const auto& document = reading.document();
  PodShape pod;
  for (const auto& node : items(document, document.find(spec, "containers"))) {
    pod.app.push_back(read_container(reading, node));
  }
  for (const auto& node : items(document, document.find(spec, "initContainers"))) {
    pod.init.push_back(read_container(reading, node));
    pod.init.back().sidecar = document.text(node, {"restartPolicy"}) == "Always";
  }
  for (const auto& volume : items(document, document.find(spec, "volumes"))) {
    add_volume(reading, volume, pod);
  }
  for (const auto& claim : items(document, document.find(spec, "resourceClaims"))) {
    pod.devices.push_back({document.text(claim, {"resourceClaimName"}),
                           document.text(claim, {"resourceClaimTemplateName"}), &claim});
  }
  if (const auto* resources = document.find(spec, "resources")) {
    pod.requests = read_resource_list(reading, document.find(*resources, "requests"));
    pod.limits = read_resource_list(reading, document.find(*resources, "limits"));
  }
  pod.overhead = read_resource_list(reading, document.find(spec, "overhead"));
  pod.runtime_class = document.text(spec, {"runtimeClassName"});
  pod.priority_class = document.text(spec, {"priorityClassName"});
  pod.terminating = document.find(spec, "activeDeadlineSeconds") != nullptr;
  read_placement(document, spec, pod);
  return pod;
}

}  // namespace sluice::cost
