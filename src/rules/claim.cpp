// SPDX-License-Identifier: Apache-2.0
#include "rules/claim.hpp"

#include "rules/resources.hpp"
#include "rules/selector.hpp"

#include <algorithm>
#include <array>

namespace sluice::rules {
namespace {

void check_access_modes(Object& object, const Node* spec) {
  constexpr std::array<std::string_view, 4> known{"ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany",
                                                  "ReadWriteOncePod"};
  const auto modes = object.items(spec, "accessModes");
  if (modes.empty()) {
    return object.required(spec, "accessModes", "with at least one mode");
  }
  bool single = false;
  bool other = false;
  for (const Node& mode : modes) {
    const std::string_view name = object.text(&mode);
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      object.unsupported({&mode}, known);
    } else {
      (name == "ReadWriteOncePod" ? single : other) = true;
    }
  }
  if (single && other) {
    object.invalid({spec, "accessModes"}, "schema/conflict",
                   "not have other modes beside ReadWriteOncePod");
  }
}

/// Another claim or a snapshot that the volume begins with. Claims are of the core group.
void check_data_source(Object& object, const Node* source) {
  if (source == nullptr) {
    return;
  }
  for (const std::string_view field : {"name", "kind"}) {
    if (object.text(source, field).empty()) {
      object.required(source, field);
    }
  }
  const std::string_view group = object.text(source, "apiGroup");
  const std::string_view kind = object.text(source, "kind");
  if (group.empty() && kind != "PersistentVolumeClaim") {
    object.invalid({source, "kind"}, "schema/enum",
                   "be PersistentVolumeClaim when apiGroup is not set");
  }
  object.form(source, "apiGroup", Form::dns_subdomain);
  object.form(source, "namespace", Form::dns_label);
}

void check_data_sources(Object& object, const Node* spec) {
  const Node* old = object.get(spec, "dataSource");
  const Node* ref = object.get(spec, "dataSourceRef");
  check_data_source(object, old);
  check_data_source(object, ref);
  if (old == nullptr || ref == nullptr) {
    return;
  }
  const bool same = object.has(old, "apiGroup") == object.has(ref, "apiGroup") &&
                    object.text(old, "apiGroup") == object.text(ref, "apiGroup") &&
                    object.text(old, "kind") == object.text(ref, "kind") &&
                    object.text(old, "name") == object.text(ref, "name");
  if (!object.text(ref, "namespace").empty()) {
    object.forbidden({spec, "dataSource"}, "beside a dataSourceRef of another namespace");
  } else if (!same) {
    object.invalid({spec, "dataSource"}, "schema/conflict", "be the same as dataSourceRef",
                   "leave dataSource out");
  }
}

}  // namespace

void check_claim_spec(Object& object, const Node* owner) {
  const Node* spec = object.get(owner, "spec");
  if (spec == nullptr) {
    return object.required(owner, "spec");
  }
  check_access_modes(object, spec);
  check_selector(object, object.get(spec, "selector"));
  const Node* resources = object.get(spec, "resources");
  const Node* requests = object.get(resources, "requests");
  bool storage = false;
  for (const Pair pair : object.pairs(requests)) {
    if (pair.key.text == "storage") {
      storage = true;
      check_storage_amount(object, {&pair.value}, &pair.value);
    }
  }
  if (!storage) {
    if (requests == nullptr && resources == nullptr) {
      object.required(spec, "resources", "with requests.storage");
    } else {
      object.required(requests != nullptr ? requests : resources,
                      requests != nullptr ? "storage" : "requests");
    }
  }
  object.form(spec, "storageClassName", Form::dns_subdomain);
  if (object.has(spec, "volumeMode")) {
    object.chosen(spec, "volumeMode", {"Filesystem", "Block"});
  }
  check_data_sources(object, spec);
  if (object.minor() >= 34) {
    object.form(spec, "volumeAttributesClassName", Form::dns_subdomain);
  }
}

void check_claim(Object& object) {
  check_claim_spec(object, object.root());
}

}  // namespace sluice::rules
