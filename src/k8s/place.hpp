// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "k8s/resource.hpp"
#include "yaml/value.hpp"

namespace sluice::k8s {

/// Where a person finds `node`, a part of `resource` as yaml::Value: its own line when the object
/// comes straight from a file, else (and for a null `node`) the place of the object.
diag::Location place_of(const Resource& resource, const yaml::Value* node);

/// `finding` with its code, severity, message and hint, and all the rest as finding_at() and
/// place_of() say.
diag::Finding placed(diag::Finding finding, const Resource& resource, const yaml::Value* node);

}  // namespace sluice::k8s
