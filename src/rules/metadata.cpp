// SPDX-License-Identifier: Apache-2.0
#include "rules/metadata.hpp"

#include "base/text.hpp"
#include "rules/names.hpp"

#include <algorithm>

namespace sluice::rules {
namespace {

constexpr std::size_t annotations_limit = std::size_t{256} * 1024;  // TotalAnnotationSizeLimitB
constexpr std::size_t generated_base = 58;  // what the generator keeps, before its five letters

void check_names(Object& object, const Node* metadata, Form form) {
  const std::string_view prefix = object.text(metadata, "generateName");
  const std::string_view name = object.text(metadata, "name");
  const bool generated_fits = !name.empty() || has_form(form, name_after_generation(object));
  if (!prefix.empty() && !(has_form_as_prefix(form, prefix) && generated_fits)) {
    object.invalid({metadata, "generateName"}, "meta/name",
                   std::string(demand(form)) + " with the five letters that the server adds",
                   describe(form));
  }
  if (!name.empty()) {
    object.text_form({metadata, "name"}, name, form, "meta/name");
  }
}

/// Owners need an identity that the garbage collector can find; only one of them controls.
void check_owners(Object& object, const Node* metadata) {
  bool controlled = false;
  for (const Node& owner : object.items(metadata, "ownerReferences")) {
    const std::string_view version = object.text(&owner, "apiVersion");
    if (version.empty() || version.ends_with('/') ||
        std::count(version.begin(), version.end(), '/') > 1) {
      object.invalid({&owner, "apiVersion"}, "meta/owner", "name a version, such as apps/v1");
    }
    for (const std::string_view field : {"kind", "name", "uid"}) {
      if (object.text(&owner, field).empty()) {
        object.required(&owner, field);
      }
    }
    if (version == "v1" && object.text(&owner, "kind") == "Event") {
      object.invalid({&owner, "kind"}, "meta/owner", "not be Event, which owns nothing");
    }
    if (object.is_true(&owner, "controller")) {
      if (controlled) {
        object.invalid({&owner, "controller"}, "meta/owner", "be true for one owner only");
      }
      controlled = true;
    }
  }
}

/// Budgets go through the general checks only, which leave names without a domain alone.
bool wants_domain(const Object& object) {
  return object.resource().ref.kind != "PodDisruptionBudget";
}

void check_finalizers(Object& object, const Node* metadata) {
  bool orphans = false;
  bool foreground = false;
  for (const Node& finalizer : object.items(metadata, "finalizers")) {
    object.text_form({&finalizer}, object.text(&finalizer), Form::qualified_name);
    if (wants_domain(object)) {
      check_finalizer_domain(object, finalizer);
    }
    orphans = orphans || object.text(&finalizer) == "orphan";
    foreground = foreground || object.text(&finalizer) == "foregroundDeletion";
  }
  if (orphans && foreground) {
    object.forbidden({metadata, "finalizers"}, "to both orphan and foregroundDeletion",
                     "keep one of the two");
  }
}

/// Written by servers, seldom by people (ValidateManagedFields).
void check_managed_fields(Object& object, const Node* metadata) {
  for (const Node& entry : object.items(metadata, "managedFields")) {
    object.chosen(&entry, "operation", {"Apply", "Update"});
    if (const std::string_view type = object.text(&entry, "fieldsType");
        !type.empty() && type != "FieldsV1") {
      object.invalid({&entry, "fieldsType"}, "schema/enum", "be FieldsV1");
    }
    const std::string_view manager = object.text(&entry, "manager");
    const bool printable = std::all_of(manager.begin(), manager.end(), [](char c) {
      const auto byte = static_cast<unsigned char>(c);
      return byte >= 0x20 && byte != 0x7F;
    });
    if (manager.size() > 128 || !printable) {
      object.invalid({&entry, "manager"}, "schema/format", "be at most 128 printable characters");
    }
    if (object.text(&entry, "subresource").size() > 256) {
      object.invalid({&entry, "subresource"}, "schema/range", "be at most 256 characters");
    }
  }
}

}  // namespace

std::string name_after_generation(const Object& object) {
  const Node* metadata = object.get(object.root(), "metadata");
  if (const std::string_view name = object.text(metadata, "name"); !name.empty()) {
    return std::string(name);
  }
  const std::string_view prefix = object.text(metadata, "generateName");
  return prefix.empty() ? std::string{} : std::string(prefix.substr(0, generated_base)) + "abcde";
}

void check_finalizer_domain(Object& object, const Node& finalizer) {
  const std::string_view name = object.text(&finalizer);
  if (name.find('/') == std::string_view::npos && name != "kubernetes" && name != "orphan" &&
      name != "foregroundDeletion") {
    object.invalid({&finalizer}, "schema/enum", "be a name with a domain",
                   "such as example.com/cleanup; kubernetes, orphan and foregroundDeletion are the "
                   "server's own");
  }
}

void check_labels(Object& object, const Node* labels) {
  for (const auto& [key, value] : object.pairs(labels)) {
    object.text_form({&key}, key.text, Form::qualified_name, "meta/label");
    object.text_form({&value}, object.text(&value), Form::label_value, "meta/label");
  }
}

void check_annotations(Object& object, const Node* annotations) {
  std::size_t size = 0;
  for (const auto& [key, value] : object.pairs(annotations)) {
    size += key.text.size() + object.text(&value).size();
    if (!has_form(Form::qualified_name, key.text) &&
        !has_form(Form::qualified_name, text::to_lower(key.text))) {
      object.text_form({&key}, text::to_lower(key.text), Form::qualified_name, "meta/label");
    }
  }
  if (size > annotations_limit) {
    object.invalid(
        {annotations}, "schema/range",
        "hold at most 262144 bytes, keys and values together; there are " + std::to_string(size));
  }
}

void check_metadata(Object& object, Form name, Scope scope) {
  const Node* metadata = object.get(object.root(), "metadata");
  check_names(object, metadata, name);
  if (scope == Scope::namespaced) {
    object.form(metadata, "namespace", Form::dns_label, "meta/name");
  }
  if (object.integer(metadata, "generation").value_or(0) < 0) {
    object.invalid({metadata, "generation"}, "schema/range", "not be negative");
  }
  check_labels(object, object.get(metadata, "labels"));
  check_annotations(object, object.get(metadata, "annotations"));
  check_owners(object, metadata);
  check_finalizers(object, metadata);
  check_managed_fields(object, metadata);
}

}  // namespace sluice::rules
