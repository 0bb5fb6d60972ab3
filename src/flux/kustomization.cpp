// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "flux/context.hpp"
#include "flux/fields.hpp"
#include "flux/substitute.hpp"
#include "io/files.hpp"

namespace sluice::flux {
namespace {

using yaml::Kind;
using yaml::Value;

/// Deprecated patches are mappings or lists; a kustomization wants them as text.
Value as_patch(const Value& content, const Value* target) {
  auto patch = Value::mapping();
  patch.set("patch", content.is_string() ? content : Value::string(yaml::to_json(content)));
  if (target != nullptr && !target->is_zero()) {
    patch.set("target", *target);
  }
  return patch;
}

Value transformer(std::string_view kind, std::string_view field, const Value& pairs) {
  auto place = Value::mapping();
  place.set("path", Value::string("metadata/" + std::string(field)));
  place.set("create", Value::boolean(true));
  auto out = Value::mapping();
  out.set("apiVersion", Value::string("builtin"));
  out.set("kind", Value::string(std::string(kind)));
  out.set("metadata", Value::mapping()).set("name", Value::string("common-" + std::string(field)));
  out.set(field, pairs);
  out.set("fieldSpecs", Value::sequence()).items.push_back(std::move(place));
  return Value::string(yaml::to_json(out));
}

/// Flux adds common metadata after it replaced the variables, so a "${" in it is none.
Value escaped(const Value& pairs) {
  Value out = pairs;
  for (auto& [key, value] : out.members) {
    value.text = text::replace_all(value.text, "$", "$$");
  }
  return out;
}

bool take_components(Context& context,
                     const Subject& subject,
                     const Value& spec,
                     const std::string& folder,
                     Value& edits) {
  const auto* components = present(&spec, "components");
  if (components == nullptr || components->items.empty()) {
    return true;
  }
  auto list = Value::sequence();
  for (const auto& component : components->items) {
    if (component.text.find("://") != std::string::npos) {
      context.unrenderable(subject, "component " + component.text + " is not in this repository");
      return false;
    }
    const auto path =
        io::normalise_inside(folder == "." ? component.text : folder + "/" + component.text);
    const bool here = path && context.repository.has_folder(*path);
    if (!here && !is_true(&spec, "ignoreMissingComponents")) {
      context.missing(subject, &component,
                      "component " + quoted(component.text) + " is not in this repository");
      return false;
    }
    if (here) {
      list.items.push_back(Value::string(component.text));
    }
  }
  edits.set("components", std::move(list));
  return true;
}

/// The variables of one reference of substituteFrom; false after a report.
bool take_reference(Context& context,
                    const Subject& subject,
                    const Value& reference,
                    std::map<std::string, std::string>& variables) {
  const auto kind = reference.text_at({"kind"});
  const auto name = reference.text_at({"name"});
  const auto& name_space = subject.resource->ref.name_space;
  const auto described = std::string(kind) + " " + name_space + "/" + std::string(name);
  if (kind != "ConfigMap" && kind != "Secret") {
    context.invalid(subject, &reference, "substituteFrom takes ConfigMaps and Secrets");
    return false;
  }
  const auto* found = context.catalogue.find(subject.cluster, kind, name_space, name);
  if (found == nullptr) {
    if (is_true(&reference, "optional")) {
      context.report(subject, &reference, diag::Severity::note, "render/optional-missing",
                     described + " is not here and is optional: its variables count as unset");
      return true;
    }
    context.unrenderable(subject, described + ", which gives variables, is not in this repository");
    return false;
  }
  if (!found->file.empty()) {
    context.input(found->file);
  }
  if (found->encrypted) {
    context.unrenderable(subject, described + ", which gives variables, is encrypted");
    return false;
  }
  for (const auto& [key, text] : found->data) {
    variables[key] = text::replace_all(text, "\n", "");
  }
  return true;
}

/// Unit.substitute, or none; false after a report.
bool take_post_build(Context& context,
                     const Subject& subject,
                     const Value* post_build,
                     delivery::Unit& unit) {
  if (post_build == nullptr) {
    return true;
  }
  if (!check_fields(context, subject, post_build, post_build_fields)) {
    return false;
  }
  delivery::Substitution substitution{.variables = {}, .at = context.place(subject, post_build)};
  auto& variables = substitution.variables;
  if (const auto* from = present(post_build, "substituteFrom"); from != nullptr) {
    for (const auto& reference : from->items) {
      if (!take_reference(context, subject, reference, variables)) {
        return false;
      }
    }
  }
  if (const auto* own = present(post_build, "substitute"); own != nullptr) {
    for (const auto& [key, value] : own->members) {
      variables[key] = text::replace_all(value.text, "\n", "");
    }
  }
  for (const auto& [name, value] : variables) {
    if (!is_variable_name(name)) {
      context.invalid(subject, post_build, quoted(name) + " is no name of a variable",
                      "a letter or '_', then letters, digits and '_'");
      return false;
    }
  }
  // Without a variable Flux replaces nothing, unless it is told to.
  if (!variables.empty() || post_build->text_at({"substituteStrategy"}) == "Always") {
    unit.substitute = std::move(substitution);
  }
  return true;
}

Value edits_of(const Value& spec, bool substituted) {
  auto edits = Value::mapping();
  if (const auto* name_space = present(&spec, "targetNamespace");
      name_space != nullptr && !name_space->text.empty()) {
    edits.set("namespace", *name_space);
  }
  for (const auto* key : {"namePrefix", "nameSuffix"}) {
    if (const auto* text = present(&spec, key); text != nullptr && !text->text.empty()) {
      edits.set(key, *text);
    }
  }
  if (const auto* metadata = present(&spec, "buildMetadata");
      metadata != nullptr && !metadata->items.empty()) {
    edits.set("buildMetadata", *metadata);
  }
  take_patches(spec, edits);
  const auto* common = present(&spec, "commonMetadata");
  if (common != nullptr && substituted) {
    auto copy = Value::mapping();
    for (const auto& [key, pairs] : common->members) {
      copy.set(key, escaped(pairs));
    }
    take_common_metadata(&copy, edits);
  } else {
    take_common_metadata(common, edits);
  }
  return edits;
}

}  // namespace

void take_patches(const Value& spec, Value& fields) {
  auto patches = Value::sequence();
  if (const auto* list = present(&spec, "patches"); list != nullptr) {
    for (const auto& entry : list->items) {
      if (const auto* patch = present(&entry, "patch"); patch != nullptr) {
        patches.items.push_back(as_patch(*patch, present(&entry, "target")));
      }
    }
  }
  if (const auto* list = present(&spec, "patchesStrategicMerge"); list != nullptr) {
    for (const auto& entry : list->items) {
      patches.items.push_back(as_patch(entry, nullptr));
    }
  }
  if (const auto* list = present(&spec, "patchesJson6902"); list != nullptr) {
    for (const auto& entry : list->items) {
      if (const auto* patch = present(&entry, "patch"); patch != nullptr) {
        patches.items.push_back(as_patch(*patch, present(&entry, "target")));
      }
    }
  }
  if (!patches.items.empty()) {
    fields.set("patches", std::move(patches));
  }
  if (const auto* images = present(&spec, "images"); images != nullptr && !images->items.empty()) {
    fields.set("images", *images);
  }
}

void take_common_metadata(const Value* metadata, Value& fields) {
  auto list = Value::sequence();
  if (const auto* labels = present(metadata, "labels"); labels != nullptr && !labels->is_zero()) {
    list.items.push_back(transformer("LabelTransformer", "labels", *labels));
  }
  if (const auto* annotations = present(metadata, "annotations");
      annotations != nullptr && !annotations->is_zero()) {
    list.items.push_back(transformer("AnnotationsTransformer", "annotations", *annotations));
  }
  if (!list.items.empty()) {
    fields.set("transformers", std::move(list));
  }
}

void expand_kustomization(Context& context, const Subject& subject, const Value& object) {
  const auto* spec = present(&object, "spec");
  if (spec == nullptr || !spec->is_mapping()) {
    context.invalid(subject, spec, "the Kustomization has no spec");
    return;
  }
  if (!check_fields(context, subject, spec, kustomization_spec)) {
    return;
  }
  const auto* path = present(spec, "path");
  const auto folder = resolve_source(context, subject, present(spec, "sourceRef"), path);
  if (!folder) {
    return;
  }
  if (!context.repository.has_folder(*folder)) {
    context.missing(subject, path, "path " + quoted(*folder) + " is not in this repository");
    return;
  }
  const auto* kube_config = present(spec, "kubeConfig");
  const auto remote =
      kube_config == nullptr ? std::string_view{} : kube_config->text_at({"secretRef", "name"});
  delivery::Unit unit{.name = subject.name,
                      .app = subject.resource->ref.name,
                      .destination = subject.cluster,
                      .name_space = std::string(spec->text_at({"targetNamespace"})),
                      .path = *folder,
                      .defined_at = context.place(subject, nullptr),
                      .apply = delivery::Apply::server_side,
                      .chain = subject.chain};
  if (!remote.empty()) {
    unit.destination += (unit.destination.empty() ? "" : "/") + std::string(remote);
  }
  if (!take_post_build(context, subject, present(spec, "postBuild"), unit)) {
    return;
  }
  auto edits = edits_of(*spec, unit.substitute.has_value());
  if (!take_components(context, subject, *spec, *folder, edits)) {
    return;
  }
  if (present(spec, "decryption") != nullptr) {
    context.report(subject, present(spec, "decryption"), diag::Severity::note, "render/encrypted",
                   "values that SOPS encrypted are rendered as they are written");
  }
  if (is_true(spec, "suspend")) {
    context.report(subject, present(spec, "suspend"), diag::Severity::note, "render/suspended",
                   "the Kustomization is suspended; it is rendered as if it were not");
  }
  unit.source = delivery::KustomizeSource{
      .path = *folder,
      .edits = edits.members.empty() ? std::string() : yaml::to_json(edits),
      .generate_if_absent = true};
  context.out.units.push_back(std::move(unit));
}

}  // namespace sluice::flux
