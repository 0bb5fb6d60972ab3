// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "flux/context.hpp"

#include <span>
#include <string_view>

/// Every field that may stand in a Kustomization or HelmRelease, and what we do with it.
namespace sluice::flux {

struct FieldTable {
  std::string_view where;  ///< "spec.postBuild"
  std::span<const std::string_view> followed;
  std::span<const std::string_view> without_effect;  ///< on what is rendered
};

extern const FieldTable kustomization_spec;
extern const FieldTable post_build_fields;
extern const FieldTable release_spec;
extern const FieldTable chart_spec;
extern const FieldTable install_fields;
extern const FieldTable values_from_fields;
extern const FieldTable post_renderer_fields;
extern const FieldTable post_kustomize_fields;

/// False when a field is in neither list: it could change the render, so the object is
/// unrenderable; that is added.
bool check_fields(Context& context,
                  const Subject& subject,
                  const yaml::Value* mapping,
                  const FieldTable& table);

}  // namespace sluice::flux
