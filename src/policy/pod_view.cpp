// SPDX-License-Identifier: Apache-2.0
#include "policy/pod_view.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>

namespace sluice::policy {

namespace {

using std::string_view;

/// Reads fields of their known types; the first one of another type is the error.
class Reader {
 public:
  std::string error;

  /// The member when it is a mapping; null and absent are nothing.
  std::optional<Value> mapping(const Value& parent, string_view key) {
    return typed(parent, key, Type::object);
  }
  std::optional<bool> boolean(const Value& parent, string_view key) {
    const auto value = typed(parent, key, Type::boolean);
    return value ? std::optional(value->as_boolean()) : std::nullopt;
  }
  std::optional<string_view> text(const Value& parent, string_view key) {
    const auto value = typed(parent, key, Type::string);
    return value ? std::optional(value->as_string()) : std::nullopt;
  }
  std::optional<double> whole(const Value& parent, string_view key) {
    const auto value = typed(parent, key, Type::number);
    if (value &&
        value->as_number() != static_cast<double>(static_cast<std::int64_t>(value->as_number()))) {
      fail(key, "a whole number");
    }
    return value ? std::optional(value->as_number()) : std::nullopt;
  }
  /// The elements of a list; none when it is absent.
  std::vector<Value> list(const Value& parent, string_view key, Type of) {
    std::vector<Value> all;
    const auto value = typed(parent, key, Type::array);
    for (std::size_t i = 0; value && i < value->size(); ++i) {
      const Value element = value->at(i);
      if (!element.is_null() && !element.is(of)) {
        fail(key, "a list of other elements");
      }
      all.push_back(element.is(of) ? element : Value());
    }
    return all;
  }
  std::vector<string_view> words(const Value& parent, string_view key) {
    std::vector<string_view> all;
    for (const auto& element : list(parent, key, Type::string)) {
      all.push_back(element.is(Type::string) ? element.as_string() : string_view());
    }
    return all;
  }

 private:
  std::optional<Value> typed(const Value& parent, string_view key, Type type) {
    const auto value = parent.find(key);
    if (!value || value->is_null()) {
      return std::nullopt;
    }
    if (!value->is(type)) {
      fail(key, jmespath::name(type));
      return std::nullopt;
    }
    return value;
  }
  void fail(string_view key, string_view wanted) {
    if (error.empty()) {
      error = "\"" + text::printable(key) + "\" is not " + std::string(wanted);
    }
  }
};

/// The type of a profile: nothing without a profile, empty when it has none.
std::optional<string_view> profile(Reader& read, const Value& context, string_view key) {
  const auto given = read.mapping(context, key);
  return given ? std::optional(read.text(*given, "type").value_or(string_view())) : std::nullopt;
}

SecurityView security(Reader& read, const Value& parent) {
  SecurityView view;
  const auto context = read.mapping(parent, "securityContext");
  if (!context) {
    return view;
  }
  view.present = true;
  view.privileged = read.boolean(*context, "privileged");
  view.allow_escalation = read.boolean(*context, "allowPrivilegeEscalation");
  view.run_as_non_root = read.boolean(*context, "runAsNonRoot");
  view.run_as_user = read.whole(*context, "runAsUser");
  view.proc_mount = read.text(*context, "procMount");
  view.app_armor = profile(read, *context, "appArmorProfile");
  view.seccomp = profile(read, *context, "seccompProfile");
  if (const auto windows = read.mapping(*context, "windowsOptions")) {
    view.host_process = read.boolean(*windows, "hostProcess");
  }
  if (const auto linux = read.mapping(*context, "seLinuxOptions")) {
    view.se_linux = {.present = true,
                     .type = read.text(*linux, "type").value_or(string_view()),
                     .user = read.text(*linux, "user").value_or(string_view()),
                     .role = read.text(*linux, "role").value_or(string_view())};
  }
  if (const auto capabilities = read.mapping(*context, "capabilities")) {
    view.has_capabilities = true;
    view.add = read.words(*capabilities, "add");
    view.drop = read.words(*capabilities, "drop");
  }
  for (const auto& sysctl : read.list(*context, "sysctls", Type::object)) {
    view.sysctls.push_back(read.text(sysctl, "name").value_or(string_view()));
  }
  return view;
}

void add_hosts(Reader& read, const Value& parent, string_view key, ContainerView& out) {
  const auto handler = read.mapping(parent, key);
  for (const string_view action : {"httpGet", "tcpSocket"}) {
    const auto given = handler ? read.mapping(*handler, action) : std::nullopt;
    const auto host = given ? read.text(*given, "host").value_or(string_view()) : string_view();
    if (!host.empty()) {
      out.hosts.push_back(host);
    }
  }
}

void add_containers(
    Reader& read, const Value& spec, string_view key, ContainerView::Group group, PodView& out) {
  std::size_t index = 0;
  for (const auto& source : read.list(spec, key, Type::object)) {
    ContainerView view{.group = group,
                       .index = index++,
                       .name = read.text(source, "name").value_or(string_view()),
                       .image = read.text(source, "image").value_or(string_view()),
                       .security = security(read, source),
                       .source = source};
    for (const auto& port : read.list(source, "ports", Type::object)) {
      view.host_ports.push_back(read.whole(port, "hostPort").value_or(0));
    }
    for (const string_view probe : {"livenessProbe", "readinessProbe", "startupProbe"}) {
      add_hosts(read, source, probe, view);
    }
    if (const auto lifecycle = read.mapping(source, "lifecycle")) {
      add_hosts(read, *lifecycle, "postStart", view);
      add_hosts(read, *lifecycle, "preStop", view);
    }
    out.containers.push_back(std::move(view));
  }
}

VolumeView volume(Reader& read, const Value& source) {
  constexpr std::array<string_view, 9> allowed = {
      "configMap", "csi",   "downwardAPI",           "emptyDir",
      "ephemeral", "image", "persistentVolumeClaim", "projected",
      "secret"};
  // Of several the first counts.
  constexpr std::array<string_view, 21> restricted = {"hostPath",
                                                      "gcePersistentDisk",
                                                      "awsElasticBlockStore",
                                                      "gitRepo",
                                                      "nfs",
                                                      "iscsi",
                                                      "glusterfs",
                                                      "rbd",
                                                      "flexVolume",
                                                      "cinder",
                                                      "cephfs",
                                                      "flocker",
                                                      "fc",
                                                      "azureFile",
                                                      "vsphereVolume",
                                                      "quobyte",
                                                      "azureDisk",
                                                      "photonPersistentDisk",
                                                      "portworxVolume",
                                                      "scaleIO",
                                                      "storageos"};
  const auto has = [&](string_view type) { return read.mapping(source, type).has_value(); };
  VolumeView view{.name = read.text(source, "name").value_or(string_view()), .type = "unknown"};
  view.restricted = std::none_of(allowed.begin(), allowed.end(), has);
  if (const auto first = std::find_if(restricted.begin(), restricted.end(), has);
      first != restricted.end()) {
    view.type = *first;
  }
  if (const auto path = read.mapping(source, "hostPath")) {
    view.host_path = read.text(*path, "path").value_or(string_view());
  }
  return view;
}

bool is_template_kind(string_view kind) {
  constexpr std::array<string_view, 6> kinds = {
      "DaemonSet", "Deployment", "Job", "StatefulSet", "ReplicaSet", "ReplicationController"};
  return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

}  // namespace

Result<PodView> view_pod(const Object& object) {
  Reader read;
  Value pod = object.value;
  Value metadata = object.value.get({"metadata"});
  const auto below = [&](string_view key) { return read.mapping(pod, key).value_or(Value()); };
  if (object.kind == "CronJob") {
    for (const string_view key : {"spec", "jobTemplate"}) {
      pod = below(key);
    }
    metadata = pod.get({"metadata"});
    for (const string_view key : {"spec", "template"}) {
      pod = below(key);
    }
  } else if (is_template_kind(object.kind)) {
    for (const string_view key : {"spec", "template"}) {
      pod = below(key);
    }
    metadata = pod.get({"metadata"});
  } else if (object.kind != "Pod") {
    return Error{Error::Kind::parse, "could not find correct resource type"};
  }
  PodView view;
  view.spec = below("spec");
  view.host_network = read.boolean(view.spec, "hostNetwork").value_or(false);
  view.host_pid = read.boolean(view.spec, "hostPID").value_or(false);
  view.host_ipc = read.boolean(view.spec, "hostIPC").value_or(false);
  if (const auto os = read.mapping(view.spec, "os")) {
    view.windows = read.text(*os, "name") == "windows";
  }
  view.security = security(read, view.spec);
  using Group = ContainerView::Group;
  add_containers(read, view.spec, "initContainers", Group::init, view);
  add_containers(read, view.spec, "containers", Group::main, view);
  add_containers(read, view.spec, "ephemeralContainers", Group::ephemeral, view);
  for (const auto& source : read.list(view.spec, "volumes", Type::object)) {
    view.volumes.push_back(volume(read, source));
  }
  const Value annotations = read.mapping(metadata, "annotations").value_or(Value());
  for (std::size_t i = 0; i < annotations.size(); ++i) {
    const auto key = annotations.key_at(i);
    view.annotations.emplace_back(key, read.text(annotations, key).value_or(string_view()));
  }
  std::sort(view.annotations.begin(), view.annotations.end());
  if (!read.error.empty()) {
    return Error{Error::Kind::parse, read.error};
  }
  return view;
}

}  // namespace sluice::policy
