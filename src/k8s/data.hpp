// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "k8s/resource.hpp"

#include <map>
#include <string>

namespace sluice::k8s {

/// What a ConfigMap or Secret holds: data (of a Secret decoded from base64), and a Secret's
/// stringData over it. Entries that cannot be decoded and those that are no text are left out.
std::map<std::string, std::string> text_data(const Resource& resource);

/// Whether SOPS has encrypted the object: then its values are not those of the cluster.
bool is_encrypted(const Resource& resource);

}  // namespace sluice::k8s
