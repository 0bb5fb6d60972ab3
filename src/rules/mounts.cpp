// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "rules/container.hpp"

#include <string>
#include <vector>

namespace sluice::rules {
namespace {

void check_relative(Object& object, const Node& mount, std::string_view field) {
  const std::string_view path = object.text(&mount, field);
  if (path.starts_with('/')) {
    object.invalid({&mount, field}, "schema/format", "be a relative path");
  } else if (contains_backstep(path)) {
    object.invalid({&mount, field}, "schema/format", "not contain \"..\"");
  }
}

void check_propagation(Object& object, const Node& container, const Node& mount) {
  if (!object.has(&mount, "mountPropagation")) {
    return;
  }
  object.chosen(&mount, "mountPropagation", {"None", "HostToContainer", "Bidirectional"});
  if (object.text(&mount, "mountPropagation") == "Bidirectional" &&
      !object.is_true(object.get(&container, "securityContext"), "privileged")) {
    object.forbidden({&mount, "mountPropagation"},
                     "to Bidirectional in a container that is not privileged");
  }
}

void check_recursive(Object& object, const Node& mount) {
  if (!object.has(&mount, "recursiveReadOnly")) {
    return;
  }
  object.chosen(&mount, "recursiveReadOnly", {"Disabled", "IfPossible", "Enabled"});
  const std::string_view mode = object.text(&mount, "recursiveReadOnly");
  if (mode != "IfPossible" && mode != "Enabled") {
    return;
  }
  const Node* propagation = object.get(&mount, "mountPropagation");
  if (!object.is_true(&mount, "readOnly")) {
    object.forbidden({&mount, "recursiveReadOnly"}, "while readOnly is not true");
  } else if (propagation != nullptr && object.text(propagation) != "None") {
    object.forbidden({&mount, "recursiveReadOnly"}, "together with mountPropagation");
  }
}

/// A volume by its name.
void check_volume_name(Object& object, const Node& item, const Pod& pod) {
  const std::string_view name = object.text(&item, "name");
  if (name.empty()) {
    return object.required(&item, "name");
  }
  if (!pod.volumes.has(name)) {
    std::vector<std::string_view> known;
    for (const Node& volume : object.items(pod.spec, "volumes")) {
      known.push_back(object.text(&volume, "name"));
    }
    const auto near = text::nearest(name, known);
    object.invalid({&item, "name"}, "schema/reference", "be one of the pod's volumes",
                   near ? "did you mean \"" + std::string(*near) + "\"?"
                        : "add the volume to spec.volumes of the pod, or correct the name");
  }
}

void check_mount(Object& object, const Node& container, const Node& mount, const Pod& pod) {
  check_volume_name(object, mount, pod);
  if (object.text(&mount, "mountPath").empty()) {
    object.required(&mount, "mountPath");
  }
  check_relative(object, mount, "subPath");
  check_relative(object, mount, "subPathExpr");
  if (!object.text(&mount, "subPath").empty() && !object.text(&mount, "subPathExpr").empty()) {
    object.forbidden({&mount, "subPathExpr"}, "beside subPath");
  }
  check_propagation(object, container, mount);
  check_recursive(object, mount);
}

void check_device(Object& object, const Node& device, const Pod& pod) {
  check_volume_name(object, device, pod);
  const std::string_view path = object.text(&device, "devicePath");
  if (path.empty()) {
    object.required(&device, "devicePath");
  } else if (contains_backstep(path)) {
    object.invalid({&device, "devicePath"}, "schema/format", "not contain \"..\"");
  }
  const auto* volume = pod.volumes.find(object.text(&device, "name"));
  if (volume != nullptr && !object.has(volume->item, "persistentVolumeClaim") &&
      !object.has(volume->item, "ephemeral") && !object.has(volume->item, "spec")) {
    object.invalid({&device, "name"}, "schema/reference",
                   "be a volume with a claim, to be used as a device");
  }
}

}  // namespace

void check_mounts(Object& object, const Node& container, const Pod& pod) {
  const auto devices = object.items(&container, "volumeDevices");
  Names paths;
  Names names;
  for (const Node& mount : object.items(&container, "volumeMounts")) {
    check_mount(object, container, mount, pod);
    if (!paths.add(object.text(&mount, "mountPath"))) {
      object.duplicate({&mount, "mountPath"}, "another mount");
    }
    names.add(object.text(&mount, "name"));
  }
  Names device_paths;
  Names device_names;
  for (const Node& device : devices) {
    check_device(object, device, pod);
    const std::string_view name = object.text(&device, "name");
    const std::string_view path = object.text(&device, "devicePath");
    if (!device_names.add(name) || names.has(name)) {
      object.duplicate({&device, "name"}, "another device or mount");
    }
    if (!device_paths.add(path) || paths.has(path)) {
      object.duplicate({&device, "devicePath"}, "another device or mount");
    }
  }
}

}  // namespace sluice::rules
