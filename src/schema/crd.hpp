// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "k8s/resource.hpp"

#include <vector>

namespace sluice::schema {

/// What the API server refuses in a CustomResourceDefinition (apiextensions.k8s.io/v1) beyond its
/// own schema: names, groups, versions without exactly one that is stored, conversion, columns and
/// scale, schemas that are not structural, and defaults that do not fit (schema/crd). Rules in CEL
/// are not compiled.
void check_crd(const k8s::Resource& crd, std::vector<diag::Finding>& findings);

}  // namespace sluice::schema
