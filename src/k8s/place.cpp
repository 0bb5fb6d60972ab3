// SPDX-License-Identifier: Apache-2.0
#include "k8s/place.hpp"

#include <utility>

namespace sluice::k8s {

diag::Location place_of(const Resource& resource, const yaml::Value* node) {
  auto place = resource.document->where(*resource.object);
  if (node != nullptr && node->line != 0 && place.line != 0) {
    place.line = node->line;
    place.column = node->column;
  }
  return place;
}

diag::Finding placed(diag::Finding finding, const Resource& resource, const yaml::Value* node) {
  auto out = finding_at(resource, *resource.object);
  out.location = place_of(resource, node);
  out.severity = finding.severity;
  out.code = std::move(finding.code);
  out.message = std::move(finding.message);
  out.hint = std::move(finding.hint);
  return out;
}

}  // namespace sluice::k8s
