// SPDX-License-Identifier: Apache-2.0
#include "rules/pod.hpp"
#include "yaml/canonical.hpp"

#include <algorithm>
#include <array>

namespace sluice::rules {
namespace {

constexpr std::string_view blanks = " \t\n\v\f\r";

void check_identity(Object& object, const Node* context) {
  object.range(context, "runAsUser", 0, int32_most);
  object.range(context, "runAsGroup", 0, int32_most);
}

/// Sysctls of a namespace that the pod shares with the node.
bool is_of_host(const Object& object, const Pod& pod, std::string_view name) {
  constexpr std::array<std::string_view, 10> ipc{
      "kernel.sem", "kernel.shmall", "kernel.shmmax", "kernel.shmmni", "kernel.shm_rmid_forced",
      "kernel.shm", "kernel.msgmax", "kernel.msgmnb", "kernel.msgmni", "kernel.msg"};
  std::string dotted(name);
  if (const auto first = name.find_first_of("./");
      first != std::string_view::npos && name[first] == '/') {
    for (char& c : dotted) {
      c = c == '.' ? '/' : c == '/' ? '.' : c;
    }
  }
  const bool net = dotted.starts_with("net.");
  const bool of_ipc =
      dotted.starts_with("fs.mqueue.") || std::find(ipc.begin(), ipc.end(), dotted) != ipc.end();
  return (net && pod.host_network) || (of_ipc && object.is_true(pod.spec, "hostIPC"));
}

void check_sysctls(Object& object, const Node* context, const Pod& pod) {
  Names seen;
  for (const Node& sysctl : object.items(context, "sysctls")) {
    const std::string_view name = object.text(&sysctl, "name");
    object.named(&sysctl, "name", Form::sysctl);
    if (!name.empty() && !seen.add(name)) {
      object.duplicate({&sysctl, "name"}, "another sysctl");
    }
    if (is_of_host(object, pod, name)) {
      object.forbidden({&sysctl, "name"}, "while the pod shares that namespace with the node");
    }
  }
}

/// Of Windows: names of credentials and users.
void check_windows(Object& object, const Node* options) {
  object.has(options, "gmsaCredentialSpecName")
      ? object.text_form({options, "gmsaCredentialSpecName"},
                         object.text(options, "gmsaCredentialSpecName"), Form::dns_subdomain)
      : void();
  if (object.has(options, "gmsaCredentialSpec")) {
    const auto size = object.text(options, "gmsaCredentialSpec").size();
    if (size == 0 || size > std::size_t{64} * 1024) {
      object.invalid({options, "gmsaCredentialSpec"}, "schema/range", "hold 1 to 65536 bytes");
    }
  }
  if (!object.has(options, "runAsUserName")) {
    return;
  }
  const std::string_view name = object.text(options, "runAsUserName");
  const auto slash = name.find('\\');
  const std::string_view user = slash == std::string_view::npos ? name : name.substr(slash + 1);
  const bool control = std::any_of(name.begin(), name.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
  });
  const std::string_view domain =
      slash == std::string_view::npos ? std::string_view{} : name.substr(0, slash);
  const bool bad_domain =
      slash != std::string_view::npos &&
      (domain.empty() || domain.size() > 255 ||
       domain.find_first_of("/:*?\"<>|") != std::string_view::npos || domain.starts_with('.') ||
       (domain.size() > 15 && domain.find_first_of(" _!@#$%^&()") != std::string_view::npos));
  if (user.empty() || user.size() > 104 || control || bad_domain ||
      user.find_first_of("\"/\\:;|=,+*?<>@[]") != std::string_view::npos ||
      user.find_first_not_of(". ") == std::string_view::npos) {
    object.invalid({options, "runAsUserName"}, "schema/format",
                   "be a user of Windows, with a domain and '\\' before it if wanted");
  }
}

}  // namespace

void check_seccomp(Object& object, const Node* profile) {
  if (profile == nullptr) {
    return;
  }
  object.chosen(profile, "type", {"Localhost", "RuntimeDefault", "Unconfined"});
  const bool file = object.has(profile, "localhostProfile");
  if (object.text(profile, "type") == "Localhost") {
    const std::string_view path = object.text(profile, "localhostProfile");
    if (!file) {
      object.required(profile, "localhostProfile", "with the type Localhost");
    } else if (path.starts_with('/') || contains_backstep(path)) {
      object.invalid({profile, "localhostProfile"}, "schema/format",
                     "be a relative path without \"..\"");
    }
  } else if (file) {
    object.forbidden({profile, "localhostProfile"}, "unless the type is Localhost");
  }
}

void check_app_armor(Object& object, const Node* profile) {
  if (profile == nullptr) {
    return;
  }
  object.chosen(profile, "type", {"Localhost", "RuntimeDefault", "Unconfined"});
  const std::string_view type = object.text(profile, "type");
  const std::string_view name = object.text(profile, "localhostProfile");
  const bool there = object.has(profile, "localhostProfile");
  if (type == "Localhost") {
    if (name.empty()) {
      object.required(profile, "localhostProfile", "with the type Localhost");
    } else if (blanks.find(name.front()) != std::string_view::npos ||
               blanks.find(name.back()) != std::string_view::npos || name.size() > 4095) {
      object.invalid({profile, "localhostProfile"}, "schema/format",
                     "be a path of at most 4095 characters, without blanks around it");
    }
  } else if (there && (type == "RuntimeDefault" || type == "Unconfined")) {
    object.forbidden({profile, "localhostProfile"}, "unless the type is Localhost");
  }
}

void check_pod_security(Object& object, const Pod& pod) {
  const Node* context = object.get(pod.spec, "securityContext");
  if (context == nullptr) {
    return;
  }
  check_identity(object, context);
  object.range(context, "fsGroup", 0, int32_most);
  for (const Node& group : object.items(context, "supplementalGroups")) {
    const auto id = group.kind == yaml::Kind::integer ? yaml::as_int64(group) : std::nullopt;
    if (id && (*id < 0 || *id > int32_most)) {
      object.invalid({&group}, "schema/range", "lie between 0 and 2147483647");
    }
  }
  check_sysctls(object, context, pod);
  const auto choice = [&](std::string_view field, std::initializer_list<std::string_view> known) {
    if (object.has(context, field)) {
      object.chosen(context, field, known);
    }
  };
  choice("fsGroupChangePolicy", {"OnRootMismatch", "Always"});
  choice("supplementalGroupsPolicy", {"Merge", "Strict"});
  choice("seLinuxChangePolicy", {"Recursive", "MountOption"});
  check_seccomp(object, object.get(context, "seccompProfile"));
  check_app_armor(object, object.get(context, "appArmorProfile"));
  check_windows(object, object.get(context, "windowsOptions"));
}

void check_security(Object& object, const Node* context, const Pod& pod) {
  if (context == nullptr) {
    return;
  }
  check_identity(object, context);
  if (object.has(context, "procMount")) {
    object.chosen(context, "procMount", {"Default", "Unmasked"});
    if (pod.host_users && object.text(context, "procMount") == "Unmasked") {
      object.invalid({context, "procMount"}, "schema/conflict",
                     "not be Unmasked unless hostUsers of the pod is false");
    }
  }
  if (object.is_false(context, "allowPrivilegeEscalation")) {
    if (object.is_true(context, "privileged")) {
      object.invalid({context, "allowPrivilegeEscalation"}, "schema/conflict",
                     "not be false while privileged is true");
    }
    for (const Node& capability : object.items(object.get(context, "capabilities"), "add")) {
      if (object.text(&capability) == "CAP_SYS_ADMIN") {
        object.invalid({&capability}, "schema/conflict",
                       "not be added while allowPrivilegeEscalation is false");
      }
    }
  }
  check_seccomp(object, object.get(context, "seccompProfile"));
  check_app_armor(object, object.get(context, "appArmorProfile"));
  check_windows(object, object.get(context, "windowsOptions"));
}

}  // namespace sluice::rules
