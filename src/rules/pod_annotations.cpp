// SPDX-License-Identifier: Apache-2.0
#include "rules/pod.hpp"

#include <charconv>

namespace sluice::rules {
namespace {

constexpr std::string_view seccomp_pod = "seccomp.security.alpha.kubernetes.io/pod";
constexpr std::string_view seccomp_container = "container.seccomp.security.alpha.kubernetes.io/";
constexpr std::string_view app_armor = "container.apparmor.security.beta.kubernetes.io/";
constexpr std::string_view deletion_cost = "controller.kubernetes.io/pod-deletion-cost";
constexpr std::string_view mirror = "kubernetes.io/config.mirror";

bool is_cost(std::string_view text) {
  std::int32_t value = 0;
  const auto* end = text.data() + text.size();
  const bool padded = text.size() > 1 && text[0] == '0';
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  return !text.empty() && !padded && error == std::errc{} && stop == end;
}

bool is_seccomp(std::string_view text) {
  constexpr std::string_view local = "localhost/";
  if (text.starts_with(local)) {
    const std::string_view path = text.substr(local.size());
    return !path.starts_with('/') && !contains_backstep(path);
  }
  return text == "runtime/default" || text == "docker/default" || text == "unconfined";
}

const Node* container_named(const Object& object, const Node* spec, std::string_view name) {
  const Node* found = nullptr;
  for_each_container(object, spec, [&](const Node& container) {
    found = object.text(&container, "name") == name ? &container : found;
  });
  return found;
}

/// A field of the same meaning says something else.
bool contradicts(const Object& object, const Node* profile, std::string_view value) {
  const std::string_view type = object.text(profile, "type");
  if (type == "Localhost") {
    return value != "localhost/" + std::string(object.text(profile, "localhostProfile"));
  }
  return (type == "Unconfined" && value != "unconfined") ||
         (type == "RuntimeDefault" && value != "runtime/default" && value != "docker/default");
}

void check_seccomp_value(Object& object, const Pair& pair, const Node* owner) {
  const std::string_view value = object.text(&pair.value);
  if (!is_seccomp(value)) {
    return object.invalid({&pair.value}, "schema/format",
                          "be runtime/default, unconfined or localhost/PATH");
  }
  const Node* profile = object.get(owner, {"securityContext", "seccompProfile"});
  if (profile != nullptr && contradicts(object, profile, value)) {
    object.invalid({&pair.value}, "schema/conflict", "be what seccompProfile says",
                   "the annotation is obsolete: remove it");
  }
}

void check_app_armor_value(Object& object, const Pair& pair, const Pod& pod) {
  const std::string_view value = object.text(&pair.value);
  const Node* container = container_named(object, pod.spec, pair.key.text.substr(app_armor.size()));
  if (container == nullptr) {
    return object.invalid({&pair.key}, "schema/reference", "name a container of the pod");
  }
  if (!value.empty() && value != "runtime/default" && value != "unconfined" &&
      !value.starts_with("localhost/")) {
    return object.invalid({&pair.value}, "schema/format",
                          "be runtime/default, unconfined or localhost/PROFILE");
  }
  const Node* own = object.get(container, {"securityContext", "appArmorProfile"});
  const Node* profile =
      own != nullptr ? own : object.get(pod.spec, {"securityContext", "appArmorProfile"});
  if (profile != nullptr && contradicts(object, profile, value)) {
    object.invalid({&pair.value}, "schema/conflict", "be what appArmorProfile says",
                   "the annotation is obsolete: remove it");
  }
}

}  // namespace

void check_pod_annotations(Object& object, const Pod& pod) {
  for (const Pair pair : object.pairs(pod.metadata, "annotations")) {
    const std::string_view key = pair.key.text;
    if (key == deletion_cost) {
      if (!is_cost(object.text(&pair.value))) {
        object.invalid({&pair.value}, "schema/format", "be a whole number of 32 bits");
      }
    } else if (key == mirror) {
      if (object.text(pod.spec, "nodeName").empty()) {
        object.invalid({&pair.value}, "schema/conflict", "not be set without spec.nodeName");
      }
    } else if (key == seccomp_pod) {
      check_seccomp_value(object, pair, pod.spec);
    } else if (key.starts_with(seccomp_container)) {
      check_seccomp_value(object, pair,
                          container_named(object, pod.spec, key.substr(seccomp_container.size())));
    } else if (key.starts_with(app_armor)) {
      check_app_armor_value(object, pair, pod);
    }
  }
}

}  // namespace sluice::rules
