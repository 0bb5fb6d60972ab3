// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "delivery/unit.hpp"
#include "yaml/document.hpp"

#include <optional>

namespace sluice::render {

/// render/too-large when the object cannot be applied the way that its unit is: a client-side apply
/// keeps the object as JSON in the annotation kubectl.kubernetes.io/last-applied-configuration, and
/// the API server refuses annotations of more than 262,144 bytes in all (apimachinery's
/// TotalAnnotationSizeLimitB). Nothing when it fits, or when the object's own sync options say
/// otherwise; only a warning where the way of applying is unknown.
std::optional<diag::Finding> too_large_to_apply(const yaml::Document& document,
                                                delivery::Apply apply);

}  // namespace sluice::render
