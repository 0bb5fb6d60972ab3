// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rules/pod.hpp"

namespace sluice::rules {

// What a volume holds, by its source.
void check_projected(Object& object, const Node* source);  // projected.cpp
void check_driver_volume(Object& object,
                         std::string_view kind,
                         const Node* source,
                         std::string_view volume);  // drivers.cpp

/// Keys that become files: items of a configMap or secret.
void check_key_to_path(Object& object, const Node& item);
/// Files of a downwardAPI.
void check_downward_file(Object& object, const Node& file);
/// A path below the volume, without ".." and not beginning with it.
void check_local_path(Object& object, const Node* owner, std::string_view field);
/// Permissions: 0 to 0777.
void check_mode(Object& object, const Node* owner, std::string_view field);

}  // namespace sluice::rules
