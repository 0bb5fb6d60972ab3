// SPDX-License-Identifier: Apache-2.0
#include "image/reference.hpp"
#include "promote/surveyor.hpp"

#include <utility>

namespace sluice::promote {
namespace {

/// What a chart renders is in no folder.
const std::string no_folder = "<chart>";

void find_release(Surveyor& surveyor, const Cursor& spec) {
  find_images(surveyor, spec.at("values"), PlaceKind::helm_values);
  const auto chart = spec.at({"chart", "spec"});
  if (const auto version = chart.at("version"); version.is_scalar()) {
    surveyor.add({.kind = PlaceKind::chart_version,
                  .name = std::string(chart.text("chart")),
                  .old = std::string(version.text()),
                  .slots = {{.role = Role::revision, .place = version.place()}}});
  }
  for (const auto& renderer : spec.at("postRenderers").children()) {
    find_kustomize_images(surveyor, renderer.at({"kustomize", "images"}), no_folder);
    for (const auto& patch : renderer.at({"kustomize", "patches"}).children()) {
      if (const auto inner = surveyor.open_within(patch.at("patch"))) {
        find_in_patch(surveyor, inner);
      }
    }
  }
}

void find_kustomization(Surveyor& surveyor, const Cursor& spec) {
  find_kustomize_images(surveyor, spec.at("images"), normalised_path(spec.text("path")));
  for (const auto& patch : spec.at("patches").children()) {
    if (const auto inner = surveyor.open_within(patch.at("patch"))) {
      find_in_patch(surveyor, inner);
    }
  }
}

/// OCIRepository: url oci://name, ref {tag, digest, semver}.
void find_oci_repository(Surveyor& surveyor, const Cursor& spec) {
  constexpr std::string_view oci = "oci://";
  const auto url = spec.text("url");
  const auto reference = spec.at("ref");
  if (!url.starts_with(oci) || !reference.is_mapping()) {
    return;
  }
  Holder holder{.kind = PlaceKind::oci_artifact, .name = std::string(url.substr(oci.size()))};
  holder.old = holder.name;
  if (const auto tag = reference.at("tag"); tag.is_scalar()) {
    holder.old += ':' + std::string(tag.text());
    holder.slots.push_back({.role = Role::tag, .place = tag.place()});
  }
  if (const auto digest = reference.at("digest"); digest.is_scalar()) {
    holder.old += '@' + std::string(digest.text());
    holder.slots.push_back({.role = Role::digest, .place = digest.place()});
  }
  if (const auto range = reference.at("semver"); range.is_scalar()) {
    holder.slots.push_back({.role = Role::revision, .place = range.place()});
    holder.refusal = "ref.semver is a range, which Flux follows by itself";
  }
  if (!holder.slots.empty()) {
    surveyor.add(std::move(holder));
  }
}

void find_git_repository(Surveyor& surveyor, const Cursor& spec) {
  for (const auto* key : {"tag", "commit"}) {
    if (const auto revision = spec.at({"ref", key}); revision.is_scalar()) {
      surveyor.add({.kind = PlaceKind::git_revision,
                    .name = std::string(spec.text("url")),
                    .old = std::string(revision.text()),
                    .slots = {{.role = Role::revision, .place = revision.place()}}});
    }
  }
}

}  // namespace

void find_in_flux_object(Surveyor& surveyor, const Cursor& root) {
  const auto kind = root.text("kind");
  const auto spec = root.at("spec");
  if (kind == "HelmRelease") {
    find_release(surveyor, spec);
  } else if (kind == "Kustomization") {
    find_kustomization(surveyor, spec);
  } else if (kind == "OCIRepository") {
    find_oci_repository(surveyor, spec);
  } else if (kind == "GitRepository") {
    find_git_repository(surveyor, spec);
  }
}

}  // namespace sluice::promote
