// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rules/pod.hpp"

namespace sluice::rules {

// The parts of a container, a file each.
void check_ports(Object& object, const Node& container);  // ports.cpp
void check_host_ports(Object& object, std::span<const Node> containers, const Pod& pod);
void check_environment(Object& object, const Node& container);                // environment.cpp
void check_mounts(Object& object, const Node& container, const Pod& pod);     // mounts.cpp
void check_probes(Object& object, const Node& container, const Pod& pod);     // probe.cpp
void check_lifecycle(Object& object, const Node& container, const Pod& pod);  // probe.cpp

/// A port by number or by name (intstr): of probes and of Services.
void check_port_or_name(Object& object, const Node* owner, std::string_view field);

/// fieldRef and resourceFieldRef: of variables and of volumes.
enum class Downward : std::uint8_t { variable, volume };
void check_field_ref(Object& object, const Node* ref, Downward use);
void check_resource_field_ref(Object& object, const Node* ref, Downward use);

}  // namespace sluice::rules
