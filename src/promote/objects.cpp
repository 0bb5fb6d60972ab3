// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "image/reference.hpp"
#include "promote/surveyor.hpp"

#include <utility>

namespace sluice::promote {
namespace {

std::string_view group_of(const Cursor& root) {
  const auto version = root.text("apiVersion");
  const auto slash = version.find('/');
  return slash == std::string_view::npos ? std::string_view{} : version.substr(0, slash);
}

void find_uri(Surveyor& surveyor, const Cursor& uri) {
  const auto text = uri.text();
  if (!uri.is_string() || text.empty() || uri.node().by_alias) {
    return;
  }
  Holder holder{.kind = PlaceKind::model, .name = std::string(text), .old = std::string(text)};
  auto place = uri.place();
  constexpr std::string_view oci = "oci://";
  constexpr std::string_view hugging_face = "hf://";
  if (text.starts_with(oci)) {
    place.part = edit::Part{oci.size(), text.size()};
    if (const auto reference = image::parse(text.substr(oci.size()))) {
      holder.name = "oci://" + reference->name();
    }
    holder.slots.push_back({.role = Role::reference, .place = std::move(place)});
  } else if (const auto colon = text.rfind(':');
             text.starts_with(hugging_face) && colon > hugging_face.size()) {
    place.part = edit::Part{colon + 1, text.size()};
    holder.name = text.substr(0, colon);
    holder.slots.push_back({.role = Role::revision, .place = std::move(place)});
  } else {
    holder.slots.push_back({.role = Role::segment, .place = std::move(place)});
  }
  surveyor.add(std::move(holder));
}

void find_runtime_version(Surveyor& surveyor, const Cursor& version) {
  surveyor.add({.kind = PlaceKind::runtime_version,
                .name = "",
                .old = std::string(version.text()),
                .slots = {{.role = Role::tag, .place = version.place()}}});
}

/// storageUri, storage.path and runtimeVersion, wherever KServe's kinds have them (predictor,
/// transformer, explainer, workers).
void find_model_fields(Surveyor& surveyor, const Cursor& at) {
  if (at.is_scalar() || !surveyor.spend()) {
    return;
  }
  for (const auto& member : at.children()) {
    const auto key = member.key();
    if (key == "storageUri" || key == "sourceModelUri" ||
        (key == "path" && at.key() == "storage" && at.parent_key() != "volumes")) {
      find_uri(surveyor, member);
    } else if (key == "runtimeVersion" && member.is_scalar()) {
      find_runtime_version(surveyor, member);
    } else {
      find_model_fields(surveyor, member);
    }
  }
}

}  // namespace

void find_models(Surveyor& surveyor, const Cursor& root) {
  find_model_fields(surveyor, root.at("spec"));
  if (root.text("kind").starts_with("LLMInferenceService")) {
    find_uri(surveyor, root.at({"spec", "model", "uri"}));
    for (const auto& adapter : root.at({"spec", "model", "lora", "adapters"}).children()) {
      find_uri(surveyor, adapter.at("uri"));
    }
  }
}

void find_in_object(Surveyor& surveyor, const Cursor& root) {
  const auto kind = root.text("kind");
  const auto group = group_of(root);
  if (kind == "CustomResourceDefinition" || kind == "Secret") {
    return;  // schemas, and data that is not readable here
  }
  if (kind.ends_with("List") && root.at("items").is_list()) {
    for (const auto& item : root.at("items").children()) {
      find_in_object(surveyor, item);
    }
    return;
  }
  surveyor.enter(std::string(kind) + '/' + std::string(root.at("metadata").text("name")));
  if (group == "argoproj.io" && kind.starts_with("Application")) {
    return find_in_argo_application(surveyor, root);
  }
  if (group.ends_with(".toolkit.fluxcd.io")) {
    return find_in_flux_object(surveyor, root);
  }
  if (group == "serving.kserve.io") {
    find_models(surveyor, root);
  }
  for (const auto& member : root.children()) {
    if (member.key() != "metadata" && member.key() != "status") {
      find_images(surveyor, member, PlaceKind::workload);
    }
  }
}

}  // namespace sluice::promote
