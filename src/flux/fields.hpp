// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "delivery/fields.hpp"

/// Every field that may stand in a Kustomization or HelmRelease, and what we do with it.
namespace sluice::flux {

using delivery::check_fields;
using delivery::FieldTable;

extern const FieldTable kustomization_spec;
extern const FieldTable post_build_fields;
extern const FieldTable release_spec;
extern const FieldTable chart_spec;
extern const FieldTable install_fields;
extern const FieldTable values_from_fields;
extern const FieldTable post_renderer_fields;
extern const FieldTable post_kustomize_fields;

}  // namespace sluice::flux
