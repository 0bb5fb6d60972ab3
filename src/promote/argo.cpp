// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "image/reference.hpp"
#include "promote/surveyor.hpp"

#include <map>
#include <utility>

// Argo CD: parameters win over valuesObject, that over values, that over files.
namespace sluice::promote {
namespace {

/// "image.tag" and its like; what stands before the last point is the mapping in the chart.
struct Dotted {
  std::string_view mapping, key;
};

Dotted split_name(std::string_view name) {
  const auto dot = name.rfind('.');
  return dot == std::string_view::npos ? Dotted{"", name}
                                       : Dotted{name.substr(0, dot), name.substr(dot + 1)};
}

std::optional<Role> role_of(std::string_view key) {
  if (key == "repository" || key == "repo" || key == "image") {
    return Role::name;
  }
  if (key == "registry") {
    return Role::registry;
  }
  if (key == "tag" || key == "imageTag") {
    return Role::tag;
  }
  return key == "digest" ? std::optional(Role::digest) : std::nullopt;
}

/// Argo CD reads the key in any case; Argo CD Image Updater writes it in lower case.
bool forces_string(const Cursor& parameter) {
  return parameter.text("forceString") == "true" || parameter.text("forcestring") == "true";
}

void name_parameters(Holder& holder) {
  const auto value = [&](Role role) {
    const auto* slot = holder.slot(role);
    return slot != nullptr ? slot->place.value : std::string();
  };
  holder.name = value(Role::name);
  if (!holder.name.empty() && !value(Role::registry).empty()) {
    holder.name = value(Role::registry) + '/' + holder.name;
  }
  holder.old = holder.name;
  if (!value(Role::tag).empty()) {
    holder.old += ':' + value(Role::tag);
  }
  if (!value(Role::digest).empty()) {
    holder.old += '@' + value(Role::digest);
  }
}

/// One chart's parameters: {name, value, forceString}, gathered by the mapping they belong to.
void find_parameters(Surveyor& surveyor, const Cursor& list) {
  std::map<std::string_view, Holder> images;
  for (const auto& parameter : list.children()) {
    const auto value = parameter.at("value");
    const auto [mapping, key] = split_name(parameter.text("name"));
    const auto role = role_of(key);
    if (!value.is_scalar() || !role) {
      continue;
    }
    Slot slot{.role = *role, .place = value.place(), .typed = !forces_string(parameter)};
    const auto reference = image::parse(value.text());
    if (key == "image" && reference && (!reference->tag.empty() || !reference->digest.empty())) {
      slot.role = Role::reference;
      surveyor.add({.kind = PlaceKind::argo_parameter,
                    .name = reference->name(),
                    .old = std::string(value.text()),
                    .slots = {std::move(slot)}});
      continue;
    }
    images[mapping].slots.push_back(std::move(slot));
  }
  for (auto& [mapping, holder] : images) {
    if (holder.slot(Role::tag) != nullptr || holder.slot(Role::digest) != nullptr) {
      holder.kind = PlaceKind::argo_parameter;
      name_parameters(holder);
      surveyor.add(std::move(holder));
    }
  }
}

/// kustomize.images: "[old=]name[:tag][@digest]".
void find_image_options(Surveyor& surveyor, const Cursor& list, const std::string& folder) {
  for (const auto& option : list.children()) {
    const auto text = option.text();
    const auto equals = text.find('=');
    const auto from = equals == std::string_view::npos ? 0 : equals + 1;
    const auto reference = image::parse(text.substr(from));
    if (!option.is_string() || !reference) {
      continue;
    }
    auto place = option.place();
    place.part = edit::Part{from, text.size()};
    surveyor.add({.kind = PlaceKind::argo_kustomize_image,
                  .name = reference->name(),
                  .old = std::string(text.substr(from)),
                  .replaces = from == 0 ? reference->name() : std::string(text.substr(0, from - 1)),
                  .folder = folder,
                  .slots = {{.role = Role::reference, .place = std::move(place)}}});
  }
}

void find_revision(Surveyor& surveyor, const Cursor& source) {
  const auto revision = source.at("targetRevision");
  if (!revision.is_scalar()) {
    return;
  }
  const auto chart = source.text("chart");
  surveyor.add({.kind = chart.empty() ? PlaceKind::git_revision : PlaceKind::chart_version,
                .name = std::string(chart.empty() ? source.text("repoURL") : chart),
                .old = std::string(revision.text()),
                .slots = {{.role = Role::revision, .place = revision.place()}}});
}

/// Of holders of the same image within one source the first kind found wins; the others cannot be
/// chosen by name.
void shadow_lower(std::vector<Holder>& holders, std::size_t winners, std::size_t lower) {
  for (auto i = lower; i < holders.size(); ++i) {
    for (auto j = winners; j < lower; ++j) {
      const auto a = image::normalised_name(holders[i].name);
      if (!holders[j].name.empty() && a && a == image::normalised_name(holders[j].name)) {
        holders[i].shadowed_by = j;
      }
    }
  }
}

}  // namespace

void find_in_argo_source(Surveyor& surveyor, const Cursor& source) {
  if (!source.is_mapping()) {
    return;
  }
  const auto first = surveyor.holders().size();
  const auto helm = source.at("helm");
  find_parameters(surveyor, helm.at("parameters"));
  const auto objects = surveyor.holders().size();
  find_images(surveyor, helm.at("valuesObject"), PlaceKind::helm_values);
  shadow_lower(surveyor.holders(), first, objects);
  const auto values = surveyor.holders().size();
  if (const auto inner = surveyor.open_within(helm.at("values"))) {
    find_images(surveyor, inner, PlaceKind::helm_values);
    shadow_lower(surveyor.holders(), first, values);
  }
  find_image_options(surveyor, source.at({"kustomize", "images"}),
                     normalised_path(source.text("path")));
  for (const auto& patch : source.at({"kustomize", "patches"}).children()) {
    if (const auto inner = surveyor.open_within(patch.at("patch"))) {
      find_in_patch(surveyor, inner);
    }
  }
  find_revision(surveyor, source);
}

void find_in_argo_application(Surveyor& surveyor, const Cursor& root) {
  for (const auto& spec : {root.at("spec"), root.at({"spec", "template", "spec"})}) {
    find_in_argo_source(surveyor, spec.at("source"));
    for (const auto& source : spec.at("sources").children()) {
      find_in_argo_source(surveyor, source);
    }
  }
  find_images(surveyor, root.at({"spec", "generators"}), PlaceKind::helm_values);
}

}  // namespace sluice::promote
