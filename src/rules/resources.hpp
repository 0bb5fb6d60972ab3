// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rules/names.hpp"
#include "rules/object.hpp"

namespace sluice::rules {

/// Whose requests and limits: a container may have any resource of the node, a pod as a whole (from
/// 1.34) only cpu, memory and huge pages.
enum class Level : std::uint8_t { container, pod };

/// `resources` of a container or a pod: names, amounts, requests that are at most the limits (equal
/// for what cannot be overcommitted), and claims that are among `claims` of the pod.
void check_resources(Object& object, const Node* resources, const Names& claims, Level level);

/// The same of the amounts alone; either list may be null.
void check_amounts(Object& object, const Node* limits, const Node* requests, Level level);

/// A resource of a container; HPA metrics name one too.
void check_resource_name(Object& object, At at, std::string_view name, Level level);

/// Requests of a PersistentVolumeClaim: an amount above zero.
void check_storage_amount(Object& object, At at, const Node* amount);

/// A quantity that must not be negative.
void check_not_negative(Object& object, const Node* mapping, std::string_view field);

}  // namespace sluice::rules
