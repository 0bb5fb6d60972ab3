// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "promote/places.hpp"

#include <algorithm>

namespace sluice::promote {

std::string_view text(PlaceKind kind) {
  switch (kind) {
    case PlaceKind::kustomization:
      return "kustomization image";
    case PlaceKind::helm_values:
      return "image in Helm values";
    case PlaceKind::workload:
      return "image";
    case PlaceKind::model:
      return "model";
    case PlaceKind::runtime_version:
      return "runtime version";
    case PlaceKind::argo_parameter:
      return "Argo CD parameter";
    case PlaceKind::argo_kustomize_image:
      return "Argo CD kustomize image";
    case PlaceKind::chart_version:
      return "chart version";
    case PlaceKind::git_revision:
      return "Git revision";
    case PlaceKind::oci_artifact:
      return "OCI artifact";
    case PlaceKind::marked:
      return "marked value";
    case PlaceKind::named:
      return "value";
  }
  return "value";
}

const Slot* Holder::slot(Role role) const {
  const auto found = std::ranges::find(slots, role, &Slot::role);
  return found == slots.end() ? nullptr : &*found;
}

std::string Holder::text() const {
  std::string line;
  if (!slots.empty()) {
    const auto& at = slots.front().place.location;
    line = text::printable(at.file) + ':' + std::to_string(at.line) + ':' +
           std::to_string(at.column) + ' ';
  }
  line += std::string(promote::text(kind)) + ' ' + text::printable(old, 300);
  if (!object.empty()) {
    line += " in " + text::printable(object);
  }
  return container.empty() ? line : line + ", container " + text::printable(container);
}

}  // namespace sluice::promote
