// SPDX-License-Identifier: Apache-2.0
#include "rules/pod.hpp"

#include "rules/metadata.hpp"
#include "rules/resources.hpp"

namespace sluice::rules {
namespace {

Pod read_pod(const Object& object, const Node* metadata, const Node* spec) {
  Pod pod{.metadata = metadata, .spec = spec};
  pod.grace = object.integer(spec, "terminationGracePeriodSeconds").value_or(30);
  pod.host_users = !object.is_false(spec, "hostUsers");
  pod.host_network = object.is_true(spec, "hostNetwork");
  if (const std::string_view policy = object.text(spec, "restartPolicy"); !policy.empty()) {
    pod.restart_policy = policy;
  }
  pod.has_os = object.has(spec, "os");
  pod.os = object.text(object.get(spec, "os"), "name");
  return pod;
}

void check_claims(Object& object, Pod& pod) {
  for (const Node& claim : object.items(pod.spec, "resourceClaims")) {
    const std::string_view name = object.text(&claim, "name");
    object.named(&claim, "name", Form::dns_label);
    if (!name.empty() && !pod.claims.add(name, &claim)) {
      object.duplicate({&claim, "name"}, "another resource claim");
    }
    const bool direct = object.has(&claim, "resourceClaimName");
    const bool by_template = object.has(&claim, "resourceClaimTemplateName");
    if (direct && by_template) {
      object.forbidden({&claim, "resourceClaimTemplateName"}, "beside resourceClaimName");
    } else if (!direct && !by_template) {
      object.required(&claim, "resourceClaimName", "unless resourceClaimTemplateName is set");
    }
    for (const std::string_view field : {"resourceClaimName", "resourceClaimTemplateName"}) {
      if (object.has(&claim, field)) {
        object.text_form({&claim, field}, object.text(&claim, field), Form::dns_subdomain);
      }
    }
  }
}

void check_gates(Object& object, const Pod& pod) {
  for (const Node& gate : object.items(pod.spec, "readinessGates")) {
    object.text_form({&gate, "conditionType"}, object.text(&gate, "conditionType"),
                     Form::qualified_name);
  }
  Names seen;
  for (const Node& gate : object.items(pod.spec, "schedulingGates")) {
    const std::string_view name = object.text(&gate, "name");
    object.text_form({&gate, "name"}, name, Form::qualified_name);
    if (!seen.add(name)) {
      object.duplicate({&gate, "name"}, "another gate");
    }
  }
}

void check_host_namespaces(Object& object, const Pod& pod) {
  for (const std::string_view field : {"hostNetwork", "hostPID", "hostIPC"}) {
    if (!pod.host_users && object.is_true(pod.spec, field)) {
      object.forbidden({pod.spec, field}, "while hostUsers is false");
    }
  }
  if (object.is_true(pod.spec, "shareProcessNamespace") && object.is_true(pod.spec, "hostPID")) {
    object.forbidden({pod.spec, "shareProcessNamespace"}, "together with hostPID");
  }
}

/// The older name of the field counts when the newer one is empty.
std::string_view service_account(const Object& object, const Node* spec) {
  const std::string_view name = object.text(spec, "serviceAccountName");
  return name.empty() ? object.text(spec, "serviceAccount") : name;
}

void check_spec(Object& object, Pod& pod, const Node* claims = nullptr) {
  const Node* spec = pod.spec;
  check_volumes(object, pod);
  for (const Node& claim : object.items(claims)) {
    pod.volumes.add(object.text(object.get(&claim, "metadata"), "name"), &claim);
  }
  check_claims(object, pod);
  check_containers(object, pod);
  if (object.minor() >= 34) {
    check_resources(object, object.get(spec, "resources"), pod.claims, Level::pod);
  }
  object.one_of(spec, "restartPolicy", {"Always", "OnFailure", "Never"});
  object.one_of(spec, "dnsPolicy", {"ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"});
  if (object.has(spec, "preemptionPolicy")) {
    object.chosen(spec, "preemptionPolicy", {"PreemptLowerPriority", "Never"});
  }
  check_pod_security(object, pod);
  check_scheduling(object, pod);
  check_name_resolution(object, pod);
  check_gates(object, pod);
  check_host_namespaces(object, pod);
  check_operating_system(object, pod);
  if (const std::string_view account = service_account(object, spec); !account.empty()) {
    const bool old = object.text(spec, "serviceAccountName").empty();
    object.text_form({spec, old ? "serviceAccount" : "serviceAccountName"}, account,
                     Form::dns_subdomain);
  }
  object.form(spec, "nodeName", Form::dns_subdomain);
  object.form(spec, "hostname", Form::dns_label);
  object.form(spec, "subdomain", Form::dns_label);
  object.form(spec, "priorityClassName", Form::dns_subdomain);
  if (object.has(spec, "runtimeClassName")) {
    object.text_form({spec, "runtimeClassName"}, object.text(spec, "runtimeClassName"),
                     Form::dns_subdomain);
  }
  object.range(spec, "activeDeadlineSeconds", 1, int32_most);
  check_amounts(object, object.get(spec, "overhead"), nullptr, Level::container);
}

}  // namespace

void check_pod(Object& object) {
  Pod pod =
      read_pod(object, object.get(object.root(), "metadata"), object.get(object.root(), "spec"));
  if (pod.spec == nullptr) {
    return object.required(object.root(), "spec", "with containers");
  }
  pod.name = name_after_generation(object);
  check_pod_annotations(object, pod);
  check_spec(object, pod);
  if (object.has(pod.spec, "ephemeralContainers") &&
      !object.items(pod.spec, "ephemeralContainers").empty()) {
    object.forbidden({pod.spec, "ephemeralContainers"}, "when the pod is made",
                     "kubectl debug adds them to a running pod");
  }
  if (!object.text(pod.spec, "nodeName").empty() &&
      !object.items(pod.spec, "schedulingGates").empty()) {
    object.forbidden({pod.spec, "nodeName"}, "while there are schedulingGates");
  }
  for (const std::string_view list : {"containers", "initContainers"}) {
    for (const Node& container : object.items(pod.spec, list)) {
      constexpr std::string_view blanks = " \t\n\v\f\r";
      const std::string_view image = object.text(&container, "image");
      if (!image.empty() && (blanks.find(image.front()) != std::string_view::npos ||
                             blanks.find(image.back()) != std::string_view::npos)) {
        object.invalid({&container, "image"}, "schema/format", "not begin or end with a blank");
      }
    }
  }
}

void check_template(Object& object, const Node* owner) {
  const Node* pod_template = object.get(owner, "template");
  Pod pod =
      read_pod(object, object.get(pod_template, "metadata"), object.get(pod_template, "spec"));
  check_labels(object, object.get(pod.metadata, "labels"));
  check_annotations(object, object.get(pod.metadata, "annotations"));
  check_pod_annotations(object, pod);
  if (pod.spec == nullptr) {
    if (pod_template == nullptr) {
      return owner == nullptr ? object.required(object.root(), "spec")
                              : object.required(owner, "template");
    }
    return object.required(pod_template, "spec", "with containers");
  }
  check_spec(object, pod, object.get(owner, "volumeClaimTemplates"));
  if (!object.items(pod.spec, "ephemeralContainers").empty()) {
    object.forbidden({pod.spec, "ephemeralContainers"}, "in a template",
                     "kubectl debug adds them to a running pod");
  }
}

void check_permanent(Object& object, const Node* owner) {
  const Node* spec = object.get(owner, {"template", "spec"});
  const std::string_view policy = object.text(spec, "restartPolicy");
  if (!policy.empty() && policy != "Always") {
    constexpr std::array<std::string_view, 1> only{"Always"};
    object.unsupported({spec, "restartPolicy"}, only);
  }
  if (object.has(spec, "activeDeadlineSeconds")) {
    object.forbidden({spec, "activeDeadlineSeconds"}, "in a workload that runs for ever",
                     "a Job has a deadline");
  }
}

}  // namespace sluice::rules
