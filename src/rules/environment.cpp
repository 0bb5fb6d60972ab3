// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "rules/container.hpp"

#include <algorithm>
#include <array>

namespace sluice::rules {
namespace {

constexpr std::array<std::string_view, 9> of_variables{"metadata.name",
                                                       "metadata.namespace",
                                                       "metadata.uid",
                                                       "spec.nodeName",
                                                       "spec.serviceAccountName",
                                                       "status.hostIP",
                                                       "status.hostIPs",
                                                       "status.podIP",
                                                       "status.podIPs"};
constexpr std::array<std::string_view, 5> of_volumes{"metadata.annotations", "metadata.labels",
                                                     "metadata.name", "metadata.namespace",
                                                     "metadata.uid"};
constexpr std::array<std::string_view, 6> resources{
    "limits.cpu",   "limits.ephemeral-storage",   "limits.memory",
    "requests.cpu", "requests.ephemeral-storage", "requests.memory"};
constexpr std::array<std::string_view, 13> byte_divisors{
    "1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei"};

/// "metadata.labels['app']": the part before the brackets, and the key in them.
bool split_subscript(std::string_view text, std::string_view& path, std::string_view& key) {
  const auto open = text.find("['");
  if (!text.ends_with("']") || open == 0 || open == std::string_view::npos ||
      open + 4 > text.size()) {
    return false;
  }
  path = text.substr(0, open);
  key = text.substr(open + 2, text.size() - open - 4);
  return true;
}

void check_key_ref(Object& object, const Node* ref) {
  if (const std::string_view name = object.text(ref, "name"); name.empty()) {
    object.required(ref, "name");
  } else {
    object.text_form({ref, "name"}, name, Form::dns_subdomain);
  }
  object.named(ref, "key", Form::config_key);
}

void check_source(Object& object, const Node& variable, const Node* from) {
  std::size_t sources = 0;
  for (const std::string_view kind :
       {"fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef", "fileKeyRef"}) {
    const Node* ref = object.get(from, kind);
    if (ref == nullptr) {
      continue;
    }
    ++sources;
    if (kind == "fieldRef") {
      check_field_ref(object, ref, Downward::variable);
    } else if (kind == "resourceFieldRef") {
      check_resource_field_ref(object, ref, Downward::variable);
    } else if (kind != "fileKeyRef") {
      check_key_ref(object, ref);
    }
  }
  if (sources == 0) {
    object.invalid({from}, "schema/required", "name a source",
                   "one of fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef");
  } else if (!object.text(&variable, "value").empty()) {
    object.forbidden({from}, "beside value", "keep one of the two");
  } else if (sources > 1) {
    object.invalid({from}, "schema/conflict", "name one source only");
  }
}

void check_env_from(Object& object, const Node& source, Form name) {
  object.form(&source, "prefix", name);
  const Node* config = object.get(&source, "configMapRef");
  const Node* secret = object.get(&source, "secretRef");
  for (const Node* ref : {config, secret}) {
    if (ref != nullptr && object.text(ref, "name").empty()) {
      object.required(ref, "name");
    } else if (ref != nullptr &&
               !has_form_as_prefix(Form::dns_subdomain, object.text(ref, "name"))) {
      object.form(ref, "name", Form::dns_subdomain);
    }
  }
  if (config == nullptr && secret == nullptr) {
    object.invalid({&source}, "schema/required", "name a source: configMapRef or secretRef");
  } else if (config != nullptr && secret != nullptr) {
    object.forbidden({&source, "secretRef"}, "beside configMapRef",
                     "make an item of its own for each");
  }
}

}  // namespace

void check_field_ref(Object& object, const Node* ref, Downward use) {
  if (const std::string_view version = object.text(ref, "apiVersion");
      !version.empty() && version != "v1") {
    return object.invalid({ref, "apiVersion"}, "schema/enum", "be v1");
  }
  const std::string_view field = object.text(ref, "fieldPath");
  if (field.empty()) {
    return object.required(ref, "fieldPath");
  }
  std::string_view path;
  std::string_view key;
  if (split_subscript(field, path, key)) {
    const bool annotations = path == "metadata.annotations";
    if (!annotations && path != "metadata.labels") {
      return object.invalid({ref, "fieldPath"}, "schema/enum",
                            "name labels or annotations before ['...']");
    }
    return object.text_form({ref, "fieldPath"},
                            annotations ? text::to_lower(key) : std::string(key),
                            Form::qualified_name);
  }
  const std::span<const std::string_view> known =
      use == Downward::variable ? std::span<const std::string_view>(of_variables) : of_volumes;
  const bool old = use == Downward::variable && field == "spec.host";
  if (!old && std::find(known.begin(), known.end(), field) == known.end()) {
    object.unsupported({ref, "fieldPath"}, known);
  }
}

void check_resource_field_ref(Object& object, const Node* ref, Downward use) {
  const std::string_view resource = object.text(ref, "resource");
  const bool huge =
      resource.starts_with("limits.hugepages-") || resource.starts_with("requests.hugepages-");
  if (use == Downward::volume && object.text(ref, "containerName").empty()) {
    object.required(ref, "containerName");
  } else if (resource.empty()) {
    object.required(ref, "resource");
  } else if (!huge && std::find(resources.begin(), resources.end(), resource) == resources.end()) {
    object.unsupported({ref, "resource"}, resources);
  }
  const Node* divisor = object.get(ref, "divisor");
  const auto amount = object.quantity(divisor);
  if (divisor == nullptr || !amount || amount->nano() == 0) {
    return;
  }
  const std::string size = amount->text();
  const bool cpu = resource.ends_with(".cpu");
  const bool fits =
      cpu ? size == "1" || size == "1m"
          : std::find(byte_divisors.begin(), byte_divisors.end(), size) != byte_divisors.end();
  const bool known =
      huge || std::find(resources.begin(), resources.end(), resource) != resources.end();
  if (known && !fits) {
    object.invalid({ref, "divisor"}, "schema/enum",
                   cpu ? "be 1 or 1m for cpu" : "be 1 or one of one unit, such as 1Mi or 1k");
  }
}

void check_environment(Object& object, const Node& container) {
  const Form name = object.minor() >= 32 ? Form::relaxed_env_name : Form::env_name;
  for (const Node& variable : object.items(&container, "env")) {
    object.named(&variable, "name", name);
    if (const Node* from = object.get(&variable, "valueFrom")) {
      check_source(object, variable, from);
    }
  }
  for (const Node& source : object.items(&container, "envFrom")) {
    check_env_from(object, source, name);
  }
}

}  // namespace sluice::rules
