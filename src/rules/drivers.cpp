// SPDX-License-Identifier: Apache-2.0
// Volumes of storage drivers, most of which live on in old manifests only.
#include "base/text.hpp"
#include "rules/volume.hpp"

#include <algorithm>
#include <array>

namespace sluice::rules {
namespace {

struct Required {
  std::string_view kind;
  std::string_view field;
};

/// Texts and lists that must be there and not be empty.
constexpr std::array demands{
    Required{"gitRepo", "repository"},
    Required{"gcePersistentDisk", "pdName"},
    Required{"awsElasticBlockStore", "volumeID"},
    Required{"nfs", "server"},
    Required{"nfs", "path"},
    Required{"iscsi", "targetPortal"},
    Required{"iscsi", "iqn"},
    Required{"glusterfs", "endpoints"},
    Required{"glusterfs", "path"},
    Required{"rbd", "monitors"},
    Required{"rbd", "image"},
    Required{"cinder", "volumeID"},
    Required{"cephfs", "monitors"},
    Required{"quobyte", "registry"},
    Required{"quobyte", "volume"},
    Required{"flexVolume", "driver"},
    Required{"azureFile", "secretName"},
    Required{"azureFile", "shareName"},
    Required{"vsphereVolume", "volumePath"},
    Required{"photonPersistentDisk", "pdID"},
    Required{"portworxVolume", "volumeID"},
    Required{"azureDisk", "diskName"},
    Required{"azureDisk", "diskURI"},
    Required{"storageos", "volumeName"},
    Required{"scaleIO", "gateway"},
    Required{"scaleIO", "system"},
    Required{"scaleIO", "volumeName"},
    Required{"csi", "driver"},
};

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool are_words(std::string_view text, std::size_t length) {
  return text.size() == length && std::all_of(text.begin(), text.end(), is_word);
}

/// iqn.2001-04.com.example:disk, eui.<16 letters or digits>, naa.<32 of them>.
bool is_iscsi_name(std::string_view name) {
  if (name.starts_with("eui") || name.starts_with("naa")) {
    return name.size() > 4 && are_words(name.substr(4), name.starts_with("eui") ? 16 : 32);
  }
  const auto digits = [&](std::size_t at, std::size_t n) {
    return name.substr(at, n).find_first_not_of("0123456789") == std::string_view::npos;
  };
  if (!name.starts_with("iqn.") || name.size() < 13 || !digits(4, 4) || name[8] != '-' ||
      !digits(9, 2) || name[11] != '.') {
    return false;
  }
  const auto colon = name.find(':');
  if (colon == std::string_view::npos) {
    return false;
  }
  const std::string_view domain = name.substr(12, colon - 12);
  const std::string_view rest = name.substr(colon + 1);
  return !domain.empty() && !rest.empty() && std::all_of(domain.begin(), domain.end(), [](char c) {
    return is_word(c) || c == '.' || c == '-';
  }) && rest.find_first_of(",;*&$| \t\n\f\r") == std::string_view::npos;
}

void check_iscsi(Object& object, const Node* source, std::string_view volume) {
  for (const std::string_view field : {"iqn", "initiatorName"}) {
    const std::string_view name = object.text(source, field);
    const bool there = field == "iqn" ? !name.empty() : object.has(source, field);
    if (there && !is_iscsi_name(name)) {
      object.invalid({source, field}, "schema/format",
                     "be the name of an iSCSI node (iqn, eui or naa)",
                     "such as iqn.2001-04.com.example:storage");
    }
  }
  object.range(source, "lun", 0, 255);
  if ((object.is_true(source, "chapAuthDiscovery") || object.is_true(source, "chapAuthSession")) &&
      !object.has(source, "secretRef")) {
    object.required(source, "secretRef", "for CHAP");
  }
  const std::string_view portal = object.text(source, "targetPortal");
  if (object.has(source, "initiatorName") && volume.size() + 1 + portal.size() > 64) {
    object.invalid({source, "targetPortal"}, "schema/range",
                   "be short enough: the volume's name, ':' and this, at most 64 in all");
  }
}

void check_fibre_channel(Object& object, const Node* source) {
  const bool names = !object.items(source, "targetWWNs").empty();
  const bool ids = !object.items(source, "wwids").empty();
  if (names && ids) {
    object.forbidden({source, "wwids"}, "beside targetWWNs");
  } else if (!names && !ids) {
    object.required(source, "targetWWNs", "unless wwids is set");
  }
  if (names) {
    if (!object.has(source, "lun")) {
      object.required(source, "lun", "with targetWWNs");
    }
    object.range(source, "lun", 0, 255);
  }
}

void check_flocker(Object& object, const Node* source) {
  const std::string_view name = object.text(source, "datasetName");
  const bool id = !object.text(source, "datasetUUID").empty();
  if (name.empty() == !id) {
    object.invalid({source}, "schema/conflict", "name one of datasetName and datasetUUID");
  }
  if (name.find('/') != std::string_view::npos) {
    object.invalid({source, "datasetName"}, "schema/format", "not contain '/'");
  }
}

void check_azure_disk(Object& object, const Node* source) {
  if (object.has(source, "cachingMode")) {
    object.chosen(source, "cachingMode", {"None", "ReadOnly", "ReadWrite"});
  }
  if (object.has(source, "kind")) {
    object.chosen(source, "kind", {"Dedicated", "Managed", "Shared"});
  }
  const std::string_view kind =
      object.has(source, "kind") ? object.text(source, "kind") : std::string_view("Shared");
  const std::string_view wanted = kind == "Managed" ? "/subscriptions/" : "https://";
  const std::string_view uri = object.text(source, "diskURI");
  if (!uri.empty() && !uri.starts_with(wanted)) {
    object.invalid({source, "diskURI"}, "schema/format", "begin with " + std::string(wanted));
  }
}

void check_flex(Object& object, const Node* source) {
  for (const auto& [key, value] : object.pairs(source, "options")) {
    const std::string domain =
        "." + text::to_lower(key.text.substr(0, std::min(key.text.find('/'), key.text.size())));
    if (domain.ends_with(".kubernetes.io") || domain.ends_with(".k8s.io")) {
      object.invalid({&key}, "schema/format", "not be of Kubernetes' own domains");
    }
  }
}

void check_csi(Object& object, const Node* source) {
  object.form(source, "driver", Form::csi_driver);
  if (const Node* secret = object.get(source, "nodePublishSecretRef")) {
    object.named(secret, "name", Form::dns_subdomain);
  }
}

void check_quobyte(Object& object, const Node* source) {
  if (object.text(source, "tenant").size() >= 65) {
    return object.invalid({source, "tenant"}, "schema/range", "be at most 64 characters");
  }
  const std::string_view registry = object.text(source, "registry");
  if (registry.empty()) {
    return;
  }
  for (const std::string_view pair : text::split(registry, ',')) {
    const bool v6 = pair.starts_with('[');
    const auto colon = pair.rfind(':');
    const bool one = !v6 && colon != std::string_view::npos && pair.find(':') == colon &&
                     pair.find_first_of("[]") == std::string_view::npos;
    const bool bracketed = v6 && pair.find("]:") != std::string_view::npos &&
                           pair.find(':', pair.find("]:") + 2) == std::string_view::npos;
    if (!one && !bracketed) {
      object.invalid({source, "registry"}, "schema/format",
                     "be HOST:PORT, several with commas between");
    }
  }
}

}  // namespace

void check_driver_volume(Object& object,
                         std::string_view kind,
                         const Node* source,
                         std::string_view volume) {
  for (const Required& demand : demands) {
    if (demand.kind == kind && object.text(source, demand.field).empty() &&
        object.items(source, demand.field).empty()) {
      object.required(source, demand.field);
    }
  }
  if (kind == "gcePersistentDisk" || kind == "awsElasticBlockStore") {
    object.range(source, "partition", 0, 255);
  } else if (kind == "gitRepo") {
    check_local_path(object, source, "directory");
  } else if (kind == "nfs" && !object.text(source, "path").empty() &&
             !object.text(source, "path").starts_with('/')) {
    object.invalid({source, "path"}, "schema/format", "be an absolute path");
  } else if (kind == "iscsi") {
    check_iscsi(object, source, volume);
  } else if (kind == "fc") {
    check_fibre_channel(object, source);
  } else if (kind == "flocker") {
    check_flocker(object, source);
  } else if (kind == "azureDisk") {
    check_azure_disk(object, source);
  } else if (kind == "flexVolume") {
    check_flex(object, source);
  } else if (kind == "csi") {
    check_csi(object, source);
  } else if (kind == "quobyte") {
    check_quobyte(object, source);
  } else if (kind == "cinder" || kind == "storageos") {
    const Node* secret = object.get(source, "secretRef");
    if (secret != nullptr && object.text(secret, "name").empty()) {
      object.required(secret, "name");
    }
  }
  if (kind == "storageos") {
    object.form(source, "volumeName", Form::dns_label);
    object.form(source, "volumeNamespace", Form::dns_label);
  }
}

}  // namespace sluice::rules
