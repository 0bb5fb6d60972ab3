// SPDX-License-Identifier: Apache-2.0
#include "rules/volume.hpp"

#include "rules/claim.hpp"
#include "rules/container.hpp"
#include "rules/metadata.hpp"
#include "rules/resources.hpp"

#include <algorithm>
#include <array>

namespace sluice::rules {
namespace {

/// In the order in which the server looks at them: the first one counts.
constexpr std::array<std::string_view, 30> sources{"emptyDir",
                                                   "hostPath",
                                                   "gitRepo",
                                                   "gcePersistentDisk",
                                                   "awsElasticBlockStore",
                                                   "secret",
                                                   "nfs",
                                                   "iscsi",
                                                   "glusterfs",
                                                   "flocker",
                                                   "persistentVolumeClaim",
                                                   "rbd",
                                                   "cinder",
                                                   "cephfs",
                                                   "quobyte",
                                                   "downwardAPI",
                                                   "fc",
                                                   "flexVolume",
                                                   "configMap",
                                                   "azureFile",
                                                   "vsphereVolume",
                                                   "photonPersistentDisk",
                                                   "portworxVolume",
                                                   "azureDisk",
                                                   "storageos",
                                                   "projected",
                                                   "scaleIO",
                                                   "csi",
                                                   "ephemeral",
                                                   "image"};

void check_host_path(Object& object, const Node* source) {
  const std::string_view path = object.text(source, "path");
  if (path.empty()) {
    return object.required(source, "path");
  }
  if (contains_backstep(path)) {
    object.invalid({source, "path"}, "schema/format", "not contain \"..\"");
  }
  object.one_of(source, "type",
                {"DirectoryOrCreate", "Directory", "FileOrCreate", "File", "Socket", "CharDevice",
                 "BlockDevice"});
}

void check_keys(Object& object, const Node* source, std::string_view name) {
  if (object.text(source, name).empty()) {
    object.required(source, name);
  }
  check_mode(object, source, "defaultMode");
  for (const Node& item : object.items(source, "items")) {
    check_key_to_path(object, item);
  }
}

/// The claim that the pod makes for itself is called after both of them.
void check_ephemeral(Object& object, const Node* source, const Node& volume, const Pod& pod) {
  const Node* claim = object.get(source, "volumeClaimTemplate");
  if (claim == nullptr) {
    return object.required(source, "volumeClaimTemplate");
  }
  for (const auto& [key, value] : object.pairs(claim, "metadata")) {
    const bool empty = value.kind == yaml::Kind::null || value.text.empty();
    if (key.text != "labels" && key.text != "annotations" && !(value.is_scalar() && empty)) {
      object.forbidden({&value}, "in the template of a claim", "labels and annotations are taken");
    }
  }
  const Node* metadata = object.get(claim, "metadata");
  check_labels(object, object.get(metadata, "labels"));
  check_annotations(object, object.get(metadata, "annotations"));
  check_claim_spec(object, claim);
  const std::string_view name = object.text(&volume, "name");
  if (!pod.name.empty() && !name.empty() &&
      !has_form(Form::dns_subdomain, pod.name + "-" + std::string(name))) {
    object.invalid({&volume, "name"}, "schema/format",
                   "give the claim a name: the pod's, '-' and this one, at most 253 in all");
  }
}

void check_source(
    Object& object, std::string_view kind, const Node* source, const Node& volume, const Pod& pod) {
  if (kind == "emptyDir") {
    check_not_negative(object, source, "sizeLimit");
  } else if (kind == "hostPath") {
    check_host_path(object, source);
  } else if (kind == "secret") {
    check_keys(object, source, "secretName");
  } else if (kind == "configMap") {
    check_keys(object, source, "name");
  } else if (kind == "persistentVolumeClaim") {
    if (object.text(source, "claimName").empty()) {
      object.required(source, "claimName");
    }
  } else if (kind == "downwardAPI") {
    check_mode(object, source, "defaultMode");
    for (const Node& file : object.items(source, "items")) {
      check_downward_file(object, file);
    }
  } else if (kind == "projected") {
    check_projected(object, source);
  } else if (kind == "ephemeral") {
    check_ephemeral(object, source, volume, pod);
  } else if (kind == "image") {
    if (object.minor() >= 35) {
      object.one_of(source, "pullPolicy", {"Always", "IfNotPresent", "Never"});
    } else {  // nothing is filled in while the feature ImageVolume is off
      object.chosen(source, "pullPolicy", {"Always", "IfNotPresent", "Never"});
    }
    if (!pod.name.empty() && object.text(source, "reference").empty()) {
      object.required(source, "reference");
    }
  } else {
    check_driver_volume(object, kind, source, object.text(&volume, "name"));
  }
}

void check_volume(Object& object, const Node& volume, const Pod& pod) {
  std::string_view first;
  for (const auto& [key, value] : object.pairs(&volume)) {
    if (value.kind == yaml::Kind::null ||
        std::find(sources.begin(), sources.end(), key.text) == sources.end()) {
      continue;
    }
    if (!first.empty()) {
      object.forbidden({&volume, key.text}, "beside " + std::string(first),
                       "a volume has one source: make another volume of it");
    } else {
      first = key.text;
      check_source(object, key.text, &value, volume, pod);
    }
  }
}

}  // namespace

void check_mode(Object& object, const Node* owner, std::string_view field) {
  const auto mode = object.integer(owner, field);
  if (mode && (*mode < 0 || *mode > 0777)) {
    object.invalid({owner, field}, "schema/range", "lie between 0 and 0777 (octal), or 511",
                   "write it with a leading zero, such as 0644");
  }
}

void check_local_path(Object& object, const Node* owner, std::string_view field) {
  const std::string_view path = object.text(owner, field);
  if (path.starts_with('/')) {
    object.invalid({owner, field}, "schema/format", "be a relative path");
  } else if (contains_backstep(path)) {
    object.invalid({owner, field}, "schema/format", "not contain \"..\"");
  } else if (path.starts_with("..")) {
    object.invalid({owner, field}, "schema/format", "not begin with \"..\"");
  }
}

void check_key_to_path(Object& object, const Node& item) {
  for (const std::string_view field : {"key", "path"}) {
    if (object.text(&item, field).empty()) {
      object.required(&item, field);
    }
  }
  check_local_path(object, &item, "path");
  check_mode(object, &item, "mode");
}

void check_downward_file(Object& object, const Node& file) {
  if (object.text(&file, "path").empty()) {
    object.required(&file, "path");
  }
  check_local_path(object, &file, "path");
  check_mode(object, &file, "mode");
  const Node* field = object.get(&file, "fieldRef");
  const Node* resource = object.get(&file, "resourceFieldRef");
  if (field != nullptr) {
    check_field_ref(object, field, Downward::volume);
    if (resource != nullptr) {
      object.forbidden({&file, "resourceFieldRef"}, "beside fieldRef");
    }
  } else if (resource != nullptr) {
    check_resource_field_ref(object, resource, Downward::volume);
  } else {
    object.required(&file, "fieldRef", "unless resourceFieldRef is set");
  }
}

void check_volumes(Object& object, Pod& pod) {
  const auto volumes = object.items(pod.spec, "volumes");
  for (const Node& volume : volumes) {
    check_volume(object, volume, pod);
    object.named(&volume, "name", Form::dns_label);
    const std::string_view name = object.text(&volume, "name");
    if (!name.empty() && !pod.volumes.add(name, &volume)) {
      object.duplicate({&volume, "name"}, "another volume");
    }
  }
  if (pod.name.empty()) {
    return;
  }
  for (const Node& volume : volumes) {
    const Node* claim = object.get(&volume, "persistentVolumeClaim");
    const std::string_view name = object.text(claim, "claimName");
    const std::string prefix = pod.name + "-";
    const auto* made =
        name.starts_with(prefix) ? pod.volumes.find(name.substr(prefix.size())) : nullptr;
    if (made != nullptr && object.has(made->item, "ephemeral")) {
      object.invalid({claim, "claimName"}, "schema/reference",
                     "not be the claim of an ephemeral volume of this pod");
    }
  }
}

}  // namespace sluice::rules
