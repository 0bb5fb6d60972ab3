// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/object.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// A Pod as the Pod Security Standards look at it.
namespace sluice::policy {

struct SeLinuxView {
  bool present = false;
  std::string_view type, user, role;
};

/// A securityContext, of a Pod or of a container. What is absent or null is nothing.
struct SecurityView {
  bool present = false;
  std::optional<bool> privileged, allow_escalation, run_as_non_root, host_process;
  std::optional<double> run_as_user;
  std::optional<std::string_view> proc_mount, app_armor, seccomp;  ///< of a profile its type
  SeLinuxView se_linux;
  bool has_capabilities = false;
  std::vector<std::string_view> add, drop;
  std::vector<std::string_view> sysctls;
};

struct ContainerView {
  enum class Group : std::uint8_t { init, main, ephemeral };
  Group group = Group::main;
  std::size_t index = 0;
  std::string_view name, image;
  SecurityView security;
  std::vector<double> host_ports;       ///< of each port; 0 is none
  std::vector<std::string_view> hosts;  ///< of probes and lifecycle handlers, set ones only
  Value source;
};

struct VolumeView {
  std::string_view name;
  std::string_view type;    ///< "hostPath"; "unknown" for one that is not known
  bool restricted = false;  ///< not a type that the restricted level allows
  std::optional<std::string_view> host_path;
};

struct PodView {
  bool host_network = false;
  bool host_pid = false;
  bool host_ipc = false;
  bool windows = false;
  SecurityView security;
  std::vector<ContainerView> containers;  ///< init, then main, then ephemeral ones
  std::vector<VolumeView> volumes;
  std::vector<std::pair<std::string_view, std::string_view>> annotations;
  Value spec;
};

/// The Pod of a Pod, a controller or a CronJob, which is a controller by its kind alone, as for
/// Kyverno. A CronJob's annotations are those of its job template: that is where Kyverno looks.
/// Errors (Kind::parse): another kind, a field of another type than Kubernetes gives it.
Result<PodView> view_pod(const Object& object);

}  // namespace sluice::policy
