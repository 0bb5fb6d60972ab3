// SPDX-License-Identifier: Apache-2.0
#include "policy/pod_checks.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace sluice::policy {

namespace {

using std::string_view;

std::string path_of(const ContainerView& container, string_view rest) {
  constexpr std::array<string_view, 3> groups = {"initContainers", "containers",
                                                 "ephemeralContainers"};
  std::string path = "spec.";
  path.append(groups[static_cast<std::size_t>(container.group)]);
  return path.append("[").append(std::to_string(container.index)).append("].").append(rest);
}

PodFieldError in_pod(string_view field, std::vector<std::string> values) {
  PodFieldError error;
  error.field = std::string(field);
  error.bad_values = std::move(values);
  error.shown = error.bad_values.empty() ? std::string() : error.bad_values.front();
  if (error.shown.empty()) {
    error.bad_values.clear();  // Kyverno takes an empty value for none
  }
  return error;
}

PodFieldError in_container(const ContainerView& container,
                           string_view rest,
                           std::vector<std::string> values) {
  PodFieldError error = in_pod(path_of(container, rest), std::move(values));
  error.in_container = true;
  error.container = container.name;
  return error;
}

PodFieldError required(const ContainerView& container, string_view rest) {
  PodFieldError error = in_container(container, rest, {});
  error.required = true;
  return error;
}

/// Several values, sorted, each once: shown as Go prints a list.
PodFieldError with_list(const ContainerView& container,
                        string_view rest,
                        const std::set<std::string>& values) {
  PodFieldError error = in_container(container, rest, {});
  error.bad_values.assign(values.begin(), values.end());
  error.shown = "[" + text::join(error.bad_values, " ") + "]";
  return error;
}

void privilege_escalation(const PodView& pod, PodViolation& out) {
  constexpr string_view field = "securityContext.allowPrivilegeEscalation";
  for (const auto& container : pod.containers) {
    const auto& asked = container.security.allow_escalation;
    if (!container.security.present) {
      out.fields.push_back(required(container, field));
    } else if (!asked) {
      out.fields.push_back(in_container(container, field, {"nil"}));
    } else if (*asked) {
      out.fields.push_back(in_container(container, field, {"true"}));
    }
  }
}

/// Windows knows nothing of it, so its Pods are spared.
template <void (*Check)(const PodView&, PodViolation&)>
void not_on_windows(const PodView& pod, PodViolation& out) {
  if (!pod.windows) {
    Check(pod, out);
  }
}

bool is_confined(string_view type) {
  return type == "RuntimeDefault" || type == "Localhost";
}

void app_armor(const PodView& pod, PodViolation& out) {
  std::set<std::string> bad;
  const auto& own = pod.security.app_armor;
  if (own && !is_confined(*own)) {
    bad.emplace(*own);
    out.fields.push_back(in_pod("spec.securityContext.appArmorProfile.type", {std::string(*own)}));
  }
  for (const auto& container : pod.containers) {
    const auto& type = container.security.app_armor;
    if (type && !is_confined(*type)) {
      bad.emplace(*type);
      out.fields.push_back(
          in_container(container, "securityContext.appArmorProfile.type", {std::string(*type)}));
    }
  }
  std::size_t annotations = 0;
  for (const auto& [key, value] : pod.annotations) {
    if (key.starts_with("container.apparmor.security.beta.kubernetes.io/") && !value.empty() &&
        value != "runtime/default" && !value.starts_with("localhost/")) {
      ++annotations;
      out.fields.push_back(
          in_pod("metadata.annotations[" + std::string(key) + "]", {std::string(value)}));
    }
  }
  if (bad.size() + annotations > 1) {
    out.reason = "forbidden AppArmor profiles";
  }
}

void capabilities_baseline(const PodView& pod, PodViolation& out) {
  constexpr std::array<string_view, 13> allowed = {
      "AUDIT_WRITE",      "CHOWN",   "DAC_OVERRIDE", "FOWNER",  "FSETID", "KILL",      "MKNOD",
      "NET_BIND_SERVICE", "SETFCAP", "SETGID",       "SETPCAP", "SETUID", "SYS_CHROOT"};
  for (const auto& container : pod.containers) {
    std::set<std::string> bad;
    for (const auto capability : container.security.add) {
      if (std::find(allowed.begin(), allowed.end(), capability) == allowed.end()) {
        bad.emplace(capability);
      }
    }
    if (!bad.empty()) {
      out.fields.push_back(with_list(container, "securityContext.capabilities.add", bad));
    }
  }
}

void capabilities_restricted(const PodView& pod, PodViolation& out) {
  std::vector<PodFieldError> adding;
  for (const auto& container : pod.containers) {
    const auto& drop = container.security.drop;
    constexpr string_view field = "securityContext.capabilities.drop";
    if (drop.empty()) {
      out.fields.push_back(required(container, field));
    } else if (std::find(drop.begin(), drop.end(), "ALL") == drop.end()) {
      out.fields.push_back(with_list(container, field, {drop.begin(), drop.end()}));
    }
    std::set<std::string> bad(container.security.add.begin(), container.security.add.end());
    bad.erase("NET_BIND_SERVICE");
    if (!bad.empty()) {
      adding.push_back(with_list(container, "securityContext.capabilities.add", bad));
    }
  }
  std::move(adding.begin(), adding.end(), std::back_inserter(out.fields));
}

void host_namespaces(const PodView& pod, PodViolation& out) {
  for (const auto& [used, field] :
       {std::pair(pod.host_network, "spec.hostNetwork"), std::pair(pod.host_pid, "spec.hostPID"),
        std::pair(pod.host_ipc, "spec.hostIPC")}) {
    if (used) {
      out.fields.push_back(in_pod(field, {"true"}));
    }
  }
}

std::string volume_path(std::size_t i, string_view type) {
  return "spec.volumes[" + std::to_string(i) + "]." + std::string(type);
}

void host_path_volumes(const PodView& pod, PodViolation& out) {
  for (std::size_t i = 0; i < pod.volumes.size(); ++i) {
    if (const auto& path = pod.volumes[i].host_path) {
      out.fields.push_back(in_pod(volume_path(i, "hostPath"), {std::string(*path)}));
    }
  }
}

void host_ports(const PodView& pod, PodViolation& out) {
  for (const auto& container : pod.containers) {
    for (std::size_t i = 0; i < container.host_ports.size(); ++i) {
      if (const auto port = static_cast<std::int64_t>(container.host_ports[i]); port != 0) {
        out.fields.push_back(in_container(container, "ports[" + std::to_string(i) + "].hostPort",
                                          {std::to_string(port)}));
      }
    }
  }
}

void probe_hosts(const PodView& pod, PodViolation& out) {
  out.lists_fields = false;
  for (const auto& container : pod.containers) {
    for (const auto host : container.hosts) {
      out.fields.push_back(in_container(container, "host", {std::string(host)}));
    }
  }
}

void privileged(const PodView& pod, PodViolation& out) {
  for (const auto& container : pod.containers) {
    if (container.security.privileged.value_or(false)) {
      out.fields.push_back(in_container(container, "securityContext.privileged", {"true"}));
    }
  }
}

void proc_mount(const PodView& pod, PodViolation& out) {
  for (const auto& container : pod.containers) {
    const auto& type = container.security.proc_mount;
    if (type && *type != "Default") {
      out.fields.push_back(
          in_container(container, "securityContext.procMount", {std::string(*type)}));
    }
  }
}

void restricted_volumes(const PodView& pod, PodViolation& out) {
  for (std::size_t i = 0; i < pod.volumes.size(); ++i) {
    if (pod.volumes[i].restricted) {
      out.fields.push_back(in_pod(volume_path(i, pod.volumes[i].type), {}));
    }
  }
}

void run_as_non_root(const PodView& pod, PodViolation& out) {
  constexpr string_view field = "securityContext.runAsNonRoot";
  const auto& own = pod.security.run_as_non_root;
  if (own && !*own) {
    out.fields.push_back(in_pod("spec.securityContext.runAsNonRoot", {"false"}));
  }
  std::vector<PodFieldError> implicit;
  for (const auto& container : pod.containers) {
    const auto& asked = container.security.run_as_non_root;
    if (asked && !*asked) {
      out.fields.push_back(in_container(container, field, {"false"}));
    } else if (!asked && !own.value_or(false)) {
      implicit.push_back(required(container, field));
    }
  }
  std::move(implicit.begin(), implicit.end(), std::back_inserter(out.fields));
}

void run_as_user(const PodView& pod, PodViolation& out) {
  if (pod.security.run_as_user == 0.0) {
    out.fields.push_back(in_pod("spec.securityContext.runAsUser", {"0"}));
  }
  for (const auto& container : pod.containers) {
    if (container.security.run_as_user == 0.0) {
      out.fields.push_back(in_container(container, "securityContext.runAsUser", {"0"}));
    }
  }
}

template <int Since>
void se_linux(const PodView& pod, PodViolation& out) {
  constexpr std::array<string_view, 5> allowed = {"", "container_t", "container_init_t",
                                                  "container_kvm_t", "container_engine_t"};
  const auto* const end = allowed.begin() + (Since >= 31 ? 5 : 4);
  const auto check = [&](const SeLinuxView& view, const auto& add) {
    if (std::find(allowed.begin(), end, view.type) == end) {
      add("securityContext.seLinuxOptions.type", view.type);
    }
    if (!view.user.empty()) {
      add("securityContext.seLinuxOptions.user", view.user);
    }
    if (!view.role.empty()) {
      add("securityContext.seLinuxOptions.role", view.role);
    }
  };
  check(pod.security.se_linux, [&](string_view field, string_view value) {
    out.fields.push_back(in_pod("spec." + std::string(field), {std::string(value)}));
  });
  for (const auto& container : pod.containers) {
    check(container.security.se_linux, [&](string_view field, string_view value) {
      out.fields.push_back(in_container(container, field, {std::string(value)}));
    });
  }
}

constexpr string_view seccomp_field = "securityContext.seccompProfile.type";

/// Before 1.19 the profile was an annotation.
void seccomp_annotations(const PodView& pod, PodViolation& out) {
  const auto check = [&](const std::string& key) {
    const auto found = std::find_if(pod.annotations.begin(), pod.annotations.end(),
                                    [&](const auto& pair) { return pair.first == key; });
    if (found != pod.annotations.end() && found->second != "runtime/default" &&
        found->second != "docker/default" && !found->second.starts_with("localhost/")) {
      out.fields.push_back(
          in_pod("metadata.annotations[" + key + "]", {std::string(found->second)}));
    }
  };
  check("seccomp.security.alpha.kubernetes.io/pod");
  for (const auto& container : pod.containers) {
    check("container.seccomp.security.alpha.kubernetes.io/" + std::string(container.name));
  }
}

void seccomp_baseline(const PodView& pod, PodViolation& out) {
  const auto& own = pod.security.seccomp;
  if (own && !is_confined(*own)) {
    out.fields.push_back(in_pod("spec.securityContext.seccompProfile.type", {std::string(*own)}));
  }
  for (const auto& container : pod.containers) {
    const auto& type = container.security.seccomp;
    if (type && !is_confined(*type)) {
      out.fields.push_back(in_container(container, seccomp_field, {std::string(*type)}));
    }
  }
}

void seccomp_restricted(const PodView& pod, PodViolation& out) {
  seccomp_baseline(pod, out);
  const auto& own = pod.security.seccomp;
  if (!out.fields.empty() || (own && is_confined(*own))) {
    return;  // what is wrong by its own words goes before what is missing
  }
  for (const auto& container : pod.containers) {
    if (!container.security.seccomp) {
      out.fields.push_back(required(container, seccomp_field));
    }
  }
}

template <int Since>
void sysctls(const PodView& pod, PodViolation& out) {
  constexpr std::array<std::pair<string_view, int>, 12> allowed = {
      {{"kernel.shm_rmid_forced", 0},
       {"net.ipv4.ip_local_port_range", 0},
       {"net.ipv4.tcp_syncookies", 0},
       {"net.ipv4.ping_group_range", 0},
       {"net.ipv4.ip_unprivileged_port_start", 0},
       {"net.ipv4.ip_local_reserved_ports", 27},
       {"net.ipv4.tcp_keepalive_time", 29},
       {"net.ipv4.tcp_fin_timeout", 29},
       {"net.ipv4.tcp_keepalive_intvl", 29},
       {"net.ipv4.tcp_keepalive_probes", 29},
       {"net.ipv4.tcp_rmem", 32},
       {"net.ipv4.tcp_wmem", 32}}};
  for (std::size_t i = 0; i < pod.security.sysctls.size(); ++i) {
    const auto name = pod.security.sysctls[i];
    const bool fine = std::any_of(allowed.begin(), allowed.end(), [&](const auto& entry) {
      return entry.first == name && entry.second <= Since;
    });
    if (!fine) {
      out.fields.push_back(in_pod("spec.securityContext.sysctls[" + std::to_string(i) + "].name",
                                  {std::string(name)}));
    }
  }
}

void host_process(const PodView& pod, PodViolation& out) {
  if (pod.security.host_process.value_or(false)) {
    out.fields.push_back(in_pod("spec.securityContext.windowsOptions.hostProcess", {"true"}));
  }
  for (const auto& container : pod.containers) {
    if (container.security.host_process.value_or(false)) {
      out.fields.push_back(
          in_container(container, "securityContext.windowsOptions.hostProcess", {"true"}));
    }
  }
}

constexpr bool baseline = false, restricted = true;

constexpr PodCheck checks[] = {
    {"allowPrivilegeEscalation", restricted, 8, privilege_escalation,
     "allowPrivilegeEscalation != false"},
    {"allowPrivilegeEscalation", restricted, 25, not_on_windows<privilege_escalation>,
     "allowPrivilegeEscalation != false"},
    {"appArmorProfile", baseline, 0, app_armor, "forbidden AppArmor profile"},
    {"capabilities_baseline", baseline, 0, capabilities_baseline, "non-default capabilities"},
    {"capabilities_restricted", restricted, 22, capabilities_restricted,
     "unrestricted capabilities"},
    {"capabilities_restricted", restricted, 25, not_on_windows<capabilities_restricted>,
     "unrestricted capabilities"},
    {"hostNamespaces", baseline, 0, host_namespaces, "host namespaces"},
    {"hostPathVolumes", baseline, 0, host_path_volumes, "hostPath volumes"},
    {"hostPorts", baseline, 0, host_ports, "hostPort"},
    {"hostProbesAndHostLifecycle", baseline, 34, probe_hosts, "probe or lifecycle host"},
    {"privileged", baseline, 0, privileged, "privileged"},
    {"procMount", baseline, 0, proc_mount, "procMount"},
    {"restrictedVolumes", restricted, 0, restricted_volumes, "restricted volume types"},
    {"runAsNonRoot", restricted, 0, run_as_non_root, "runAsNonRoot != true"},
    {"runAsUser", restricted, 23, run_as_user, "runAsUser=0"},
    {"seLinuxOptions", baseline, 0, se_linux<0>, "seLinuxOptions"},
    {"seLinuxOptions", baseline, 31, se_linux<31>, "seLinuxOptions"},
    {"seccompProfile_baseline", baseline, 0, seccomp_annotations, "seccompProfile"},
    {"seccompProfile_baseline", baseline, 19, seccomp_baseline, "seccompProfile"},
    {"seccompProfile_restricted", restricted, 19, seccomp_restricted, "seccompProfile"},
    {"seccompProfile_restricted", restricted, 25, not_on_windows<seccomp_restricted>,
     "seccompProfile"},
    {"sysctls", baseline, 0, sysctls<0>, "forbidden sysctls"},
    {"sysctls", baseline, 27, sysctls<27>, "forbidden sysctls"},
    {"sysctls", baseline, 29, sysctls<29>, "forbidden sysctls"},
    {"sysctls", baseline, 32, sysctls<32>, "forbidden sysctls"},
    {"windowsHostProcess", baseline, 0, host_process, "hostProcess"},
};

}  // namespace

std::span<const PodCheck> pod_checks() {
  return checks;
}

}  // namespace sluice::policy
