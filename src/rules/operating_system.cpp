// SPDX-License-Identifier: Apache-2.0
#include "rules/pod.hpp"

namespace sluice::rules {
namespace {

void forbid(Object& object,
            const Node* owner,
            std::initializer_list<std::string_view> fields,
            std::string_view why) {
  for (const std::string_view field : fields) {
    if (object.has(owner, field)) {
      object.forbidden({owner, field}, why);
    }
  }
}

void check_linux(Object& object, const Pod& pod) {
  constexpr std::string_view why = "for a pod of Linux";
  forbid(object, object.get(pod.spec, "securityContext"), {"windowsOptions"}, why);
  for_each_container(object, pod.spec, [&](const Node& container) {
    forbid(object, object.get(&container, "securityContext"), {"windowsOptions"}, why);
  });
}

void check_windows(Object& object, const Pod& pod) {
  constexpr std::string_view why = "for a pod of Windows";
  forbid(object, pod.spec, {"hostUsers", "shareProcessNamespace"}, why);
  for (const std::string_view field : {"hostPID", "hostIPC"}) {
    if (object.is_true(pod.spec, field)) {
      object.forbidden({pod.spec, field}, why);
    }
  }
  forbid(object, object.get(pod.spec, "securityContext"),
         {"appArmorProfile", "seLinuxOptions", "seccompProfile", "fsGroup", "fsGroupChangePolicy",
          "sysctls", "runAsUser", "runAsGroup", "supplementalGroups", "supplementalGroupsPolicy",
          "seLinuxChangePolicy"},
         why);
  for_each_container(object, pod.spec, [&](const Node& container) {
    forbid(object, object.get(&container, "securityContext"),
           {"appArmorProfile", "seLinuxOptions", "seccompProfile", "capabilities",
            "readOnlyRootFilesystem", "privileged", "allowPrivilegeEscalation", "procMount",
            "runAsUser", "runAsGroup"},
           why);
  });
}

/// Containers that are processes of a Windows node: all of them or none, in its network.
void check_host_process(Object& object, const Pod& pod) {
  const auto options = [&](const Node* owner) {
    return object.get(owner, {"securityContext", "windowsOptions"});
  };
  const Node* whole = options(pod.spec);
  const bool said = object.has(whole, "hostProcess");
  const bool wanted = object.is_true(whole, "hostProcess");
  std::size_t all = 0;
  std::size_t on_host = 0;
  for_each_container(object, pod.spec, [&](const Node& container) {
    ++all;
    const Node* own = options(&container);
    const bool here = object.is_true(own, "hostProcess");
    if (object.has(own, "hostProcess")) {
      on_host += here ? 1 : 0;
      if (said && here != wanted) {
        object.invalid({own, "hostProcess"}, "schema/conflict",
                       "be what the pod's own hostProcess is");
      }
    } else if (wanted) {
      ++on_host;
    }
  });
  if (on_host == 0) {
    return;
  }
  if (on_host != all) {
    object.invalid({pod.spec, "containers"}, "schema/conflict",
                   "be all hostProcess containers, or none of them");
  }
  if (!pod.host_network) {
    object.required(pod.spec, "hostNetwork", "(true) with hostProcess containers");
  }
}

}  // namespace

void check_operating_system(Object& object, const Pod& pod) {
  check_host_process(object, pod);
  if (!pod.has_os) {
    return;
  }
  object.chosen(object.get(pod.spec, "os"), "name", {"linux", "windows"});
  if (pod.os == "linux") {
    check_linux(object, pod);
  } else if (pod.os == "windows") {
    check_windows(object, pod);
  }
}

}  // namespace sluice::rules
