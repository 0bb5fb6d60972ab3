// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "k8s/resource.hpp"

#include <vector>

namespace sluice::schema {

/// What the API server refuses in a CustomResourceDefinition (apiextensions.k8s.io/v1) beyond its
/// own schema: a name that is not <plural>.<group>, versions without exactly one that is stored,
/// and schemas that are not structural (schema/crd).
void check_crd(const k8s::Resource& crd, std::vector<diag::Finding>& findings);

}  // namespace sluice::schema
