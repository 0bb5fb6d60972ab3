// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace sluice::k8s {

/// Whether a built-in kind, or one of the custom kinds that Sluice knows by heart (schemas/), has
/// no namespace. Other custom kinds count as namespaced unless a CustomResourceDefinition of the
/// stream says otherwise (k8s::resources looks).
bool is_cluster_scoped(std::string_view group, std::string_view kind);

}  // namespace sluice::k8s
