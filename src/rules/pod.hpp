// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rules/names.hpp"
#include "rules/object.hpp"

#include <limits>

namespace sluice::rules {

constexpr std::int64_t int32_most = std::numeric_limits<std::int32_t>::max();

/// What the parts of a pod need to know of the whole.
struct Pod {
  const Node* metadata = nullptr;  ///< of the pod, or of its template
  const Node* spec = nullptr;
  std::string name;         ///< of a Pod; empty in a template
  Names volumes{};          ///< by name
  Names claims{};           ///< spec.resourceClaims
  std::int64_t grace = 30;  ///< terminationGracePeriodSeconds
  bool host_users = true;
  bool host_network = false;
  std::string_view restart_policy = "Always";
  std::string_view os{};
  bool has_os = false;
};

/// `spec` of a Pod with its `metadata`.
void check_pod(Object& object);

/// A pod template below `owner`, which is the spec of a workload.
void check_template(Object& object, const Node* owner);

/// What workloads that run for ever demand of their template: restartPolicy Always and no deadline.
void check_permanent(Object& object, const Node* owner);

/// The annotations of a pod that mean something (seccomp, AppArmor, deletion cost, tolerations).
void check_pod_annotations(Object& object, const Pod& pod);

// The parts, a file each.
void check_containers(Object& object, const Pod& pod);    // container.cpp
void check_volumes(Object& object, Pod& pod);             // volume.cpp
void check_pod_security(Object& object, const Pod& pod);  // security.cpp
void check_security(Object& object, const Node* context, const Pod& pod);
void check_operating_system(Object& object, const Pod& pod);  // operating_system.cpp
void check_scheduling(Object& object, const Pod& pod);        // scheduling.cpp
void check_name_resolution(Object& object, const Pod& pod);   // name_resolution.cpp

/// A profile of seccomp or AppArmor: localhostProfile with the type Localhost only.
void check_seccomp(Object& object, const Node* profile);
void check_app_armor(Object& object, const Node* profile);

/// Visits all containers: init, regular, ephemeral.
template <class Visit>
void for_each_container(const Object& object, const Node* spec, Visit visit) {
  for (const std::string_view list : {"initContainers", "containers", "ephemeralContainers"}) {
    for (const Node& container : object.items(spec, list)) {
      visit(container);
    }
  }
}

}  // namespace sluice::rules
