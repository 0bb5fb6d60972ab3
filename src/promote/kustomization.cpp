// SPDX-License-Identifier: Apache-2.0
#include "promote/surveyor.hpp"

#include <algorithm>
#include <utility>

namespace sluice::promote {
namespace {

/// Text as `name` of an image entry that is no plain name: kustomize reads it as a regular
/// expression, `^name(:tag)?(@digest)?$`. A '.' alone is in nearly every name and meant as itself.
bool is_pattern(std::string_view name) {
  return name.find_first_of("*+?()[]{}|^$\\") != std::string_view::npos;
}

std::string without_escapes(std::string_view name) {
  std::string plain;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (name[i] == '\\' && i + 1 < name.size() && name[i + 1] == '.') {
      continue;
    }
    plain += name[i];
  }
  return plain;
}

void find_entry(Surveyor& surveyor, const Cursor& entry, const std::string& folder) {
  const auto name = entry.at("name");
  if (!name.is_scalar()) {
    return;
  }
  const auto new_name = entry.at("newName");
  const auto tag = entry.at("newTag");
  const auto digest = entry.at("digest");
  Holder holder{
      .kind = PlaceKind::kustomization, .replaces = without_escapes(name.text()), .folder = folder};
  holder.name = without_escapes(new_name.text().empty() ? name.text() : new_name.text());
  holder.old = holder.name;
  if (!tag.text().empty()) {
    holder.old += ':' + std::string(tag.text());
  }
  if (!digest.text().empty()) {
    holder.old += '@' + std::string(digest.text());
  }
  if (new_name.is_scalar()) {
    holder.slots.push_back({.role = Role::name, .place = new_name.place()});
  }
  if (tag.is_scalar()) {
    holder.slots.push_back({.role = Role::tag, .place = tag.place()});
  }
  if (digest.is_scalar()) {
    holder.slots.push_back({.role = Role::digest, .place = digest.place()});
  }
  // Kustomize: newTag alone drops the digest of the manifest, digest alone its tag, both make
  // name:tag@digest, and tagSuffix only counts without them.
  if (!tag.is_scalar() && !digest.is_scalar()) {
    holder.slots.push_back({.role = Role::name, .place = name.place()});
    holder.refusal =
        entry.at("tagSuffix")
            ? "the entry has a tagSuffix only: the tag itself is in the manifests"
            : "the entry has neither newTag nor digest, and adding a line is no change "
              "of a value; write newTag there first";
  } else if (is_pattern(without_escapes(name.text())) && new_name.text().empty()) {
    holder.ambiguity = "its name is a regular expression (\"" + std::string(name.text()) +
                       "\"), which may match other images too; name it by --path";
  }
  surveyor.add(std::move(holder));
}

void find_in_patch_target(Surveyor& surveyor, const Cursor& text) {
  if (const auto inner = surveyor.open_within(text)) {
    find_in_patch(surveyor, inner);
  }
}

}  // namespace

void find_kustomize_images(Surveyor& surveyor, const Cursor& list, const std::string& folder) {
  for (const auto& entry : list.children()) {
    if (entry.is_mapping()) {
      find_entry(surveyor, entry, folder);
    }
  }
}

/// A JSON patch: {op, path: /spec/containers/0/image, value}.
void find_in_patch(Surveyor& surveyor, const Cursor& patch) {
  if (!patch.is_list()) {
    return find_in_object(surveyor, patch);
  }
  for (const auto& operation : patch.children()) {
    const auto value = operation.at("value");
    if (!value.is_string()) {
      find_images(surveyor, value, PlaceKind::workload);
      continue;
    }
    const auto reference = image::parse(value.text());
    const auto path = operation.text("path");
    const auto last = path.substr(path.rfind('/') + 1);
    if (reference && last.ends_with("mage")) {
      surveyor.add({.kind = PlaceKind::workload,
                    .name = reference->name(),
                    .old = std::string(value.text()),
                    .slots = {{.role = Role::reference, .place = value.place()}}});
    }
  }
}

void find_in_kustomization(Surveyor& surveyor, const Cursor& root) {
  surveyor.enter("");
  find_kustomize_images(surveyor, root.at("images"),
                        folder_of(root.scene().document->source().file()));
  for (const auto* key : {"patches", "patchesJson6902"}) {
    for (const auto& patch : root.at(key).children()) {
      find_in_patch_target(surveyor, patch.at("patch"));
    }
  }
  for (const auto& patch : root.at("patchesStrategicMerge").children()) {
    if (patch.text().find('\n') != std::string_view::npos) {
      find_in_patch_target(surveyor, patch);
    }
  }
  for (const auto& chart : root.at("helmCharts").children()) {
    find_images(surveyor, chart.at("valuesInline"), PlaceKind::helm_values);
    if (const auto version = chart.at("version"); version.is_scalar()) {
      surveyor.add({.kind = PlaceKind::chart_version,
                    .name = std::string(chart.text("name")),
                    .old = std::string(version.text()),
                    .slots = {{.role = Role::revision, .place = version.place()}}});
    }
  }
}

}  // namespace sluice::promote
