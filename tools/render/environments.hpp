// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "config/config.hpp"
#include "delivery/unit.hpp"

#include <set>
#include <string>
#include <string_view>

namespace sluice::render {

/// The environment that a path speaks of, by the layouts that everybody uses: envs/<env>/, overlays/<env>/, clusters/<env>/,
/// values-<env>.yaml. Empty when it speaks of none.
std::string environment_in_path(std::string_view path);

/// The environment of a unit: by sluice.yaml alone when that names any; else by the layout of the unit's paths, its cluster's
/// name, or the environment of what delivers it (`inherited`). Empty when nothing tells.
std::string environment_of(const config::Config& config, const delivery::Unit& unit, const std::string& inherited);

/// Which of the environments that other units have a name speaks of at its end: "prod" for "iris-prod". Empty when none.
std::string environment_in_name(std::string_view name, const std::set<std::string>& known);

}  // namespace sluice::render
