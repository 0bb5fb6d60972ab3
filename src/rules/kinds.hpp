// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rules/object.hpp"

namespace sluice::rules {

// The kinds that are neither pods nor make them, a file for each concept.
void check_service(Object& object);               // service.cpp
void check_ingress(Object& object);               // ingress.cpp
void check_network_policy(Object& object);        // network_policy.cpp
void check_config_map(Object& object);            // config_data.cpp
void check_secret(Object& object);                // config_data.cpp
void check_autoscaler(Object& object);            // autoscaler.cpp
void check_disruption_budget(Object& object);     // disruption_budget.cpp
void check_role(Object& object);                  // access.cpp
void check_cluster_role(Object& object);          // access.cpp
void check_role_binding(Object& object);          // access.cpp
void check_cluster_role_binding(Object& object);  // access.cpp
void check_namespace(Object& object);             // namespace.cpp

}  // namespace sluice::rules
