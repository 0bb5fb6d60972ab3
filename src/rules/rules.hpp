// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rules/object.hpp"

/// What the API server demands of its own kinds beyond their schemas: k8s.io/kubernetes,
/// pkg/apis/*/validation, after defaulting, with the feature gates as a version sets them.
namespace sluice::rules {

/// The rules of a kind.
struct Kind;

/// Nothing for custom resources, and for kinds that nobody has written down yet: of those
/// schemas/kubernetes-rules.json says what a field alone tells.
const Kind* find(const k8s::Resource& resource);

/// Appends what the server would refuse: meta/name, meta/label, meta/owner, schema/conflict,
/// schema/duplicate-item, schema/enum, schema/format, schema/quantity, schema/range,
/// schema/reference, schema/required, schema/selector.
///
/// `findings` holds what schema::check(..., Demands::decoding) said of this object and nothing
/// else; a place that is an error there is not mentioned again. Good objects cost no allocation
/// worth mentioning.
void check(const Kind& kind,
           const k8s::Resource& resource,
           schema::KubeVersion version,
           std::vector<diag::Finding>& findings);

}  // namespace sluice::rules
