// SPDX-License-Identifier: Apache-2.0
#include "rules/container.hpp"

#include "rules/resources.hpp"

namespace sluice::rules {
namespace {

void check_resize_policy(Object& object, const Node& container, const Pod& pod) {
  Names seen;
  for (const Node& policy : object.items(&container, "resizePolicy")) {
    const std::string_view name = object.text(&policy, "resourceName");
    object.chosen(&policy, "resourceName", {"cpu", "memory"});
    object.chosen(&policy, "restartPolicy", {"NotRequired", "RestartContainer"});
    if (!seen.add(name)) {
      object.duplicate({&policy, "resourceName"}, "another policy");
    }
    if (pod.restart_policy == "Never" && object.text(&policy, "restartPolicy") != "NotRequired") {
      object.invalid({&policy, "restartPolicy"}, "schema/conflict",
                     "be NotRequired in a pod that never restarts");
    }
  }
}

/// What all containers have in common.
void check_common(Object& object, const Node& container, const Pod& pod) {
  object.named(&container, "name", Form::dns_label);
  if (object.text(&container, "image").empty()) {
    object.required(&container, "image", {}, "name the image, with a tag or a digest");
  }
  object.one_of(&container, "imagePullPolicy", {"Always", "IfNotPresent", "Never"});
  object.one_of(&container, "terminationMessagePolicy", {"File", "FallbackToLogsOnError"});
  check_ports(object, container);
  check_environment(object, container);
  check_mounts(object, container, pod);
  check_resources(object, object.get(&container, "resources"), pod.claims, Level::container);
  check_resize_policy(object, container, pod);
  check_security(object, object.get(&container, "securityContext"), pod);
}

void check_regular(Object& object, const Pod& pod, Names& names) {
  const auto containers = object.items(pod.spec, "containers");
  if (containers.empty()) {
    return object.required(pod.spec, "containers", "with at least one container");
  }
  for (const Node& container : containers) {
    check_common(object, container, pod);
    if (!names.add(object.text(&container, "name"), &container)) {
      object.duplicate({&container, "name"}, "another container");
    }
    check_lifecycle(object, container, pod);
    check_probes(object, container, pod);
    if (object.has(&container, "restartPolicy") && object.minor() < 34) {
      object.forbidden({&container, "restartPolicy"}, "outside initContainers",
                       "restartPolicy of the pod counts for all containers");
    }
  }
  check_host_ports(object, containers, pod);
}

/// A sidecar (restartPolicy Always) may have what the others may not.
void check_init(Object& object, const Pod& pod, Names& names) {
  for (const Node& container : object.items(pod.spec, "initContainers")) {
    check_common(object, container, pod);
    const std::string_view name = object.text(&container, "name");
    if (!name.empty() && !names.add(name, &container)) {
      object.duplicate({&container, "name"}, "another container");
    }
    const bool sidecar = object.text(&container, "restartPolicy") == "Always";
    if (object.has(&container, "restartPolicy") && object.minor() < 34) {
      object.chosen(&container, "restartPolicy", {"Always"});
    }
    check_host_ports(object, {&container, 1}, pod);
    if (sidecar) {
      check_lifecycle(object, container, pod);
      check_probes(object, container, pod);
      continue;
    }
    for (const std::string_view field :
         {"lifecycle", "livenessProbe", "readinessProbe", "startupProbe"}) {
      if (object.has(&container, field)) {
        object.forbidden({&container, field}, "for an init container that ends",
                         "with restartPolicy Always it becomes a sidecar, which may have it");
      }
    }
  }
}

void check_ephemeral(Object& object, const Pod& pod, Names& names) {
  Names targets = names;
  for (const Node& container : object.items(pod.spec, "ephemeralContainers")) {
    check_common(object, container, pod);
    if (!names.add(object.text(&container, "name"), &container)) {
      object.duplicate({&container, "name"}, "another container");
    }
    const std::string_view target = object.text(&container, "targetContainerName");
    if (!target.empty() && !targets.has(target)) {
      object.invalid({&container, "targetContainerName"}, "schema/reference",
                     "be a container of the pod");
    }
  }
}

}  // namespace

void check_containers(Object& object, const Pod& pod) {
  Names names;
  check_regular(object, pod, names);
  check_init(object, pod, names);
  check_ephemeral(object, pod, names);
}

}  // namespace sluice::rules
