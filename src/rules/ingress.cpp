// SPDX-License-Identifier: Apache-2.0
#include "rules/address.hpp"
#include "rules/kinds.hpp"

#include <array>

namespace sluice::rules {
namespace {

constexpr std::string_view class_annotation = "kubernetes.io/ingress.class";

void check_host(Object& object, At at, std::string_view host) {
  const bool wild = host.find('*') != std::string_view::npos;
  object.text_form(at, host, wild ? Form::wildcard_subdomain : Form::dns_subdomain);
}

void check_resource(Object& object, const Node* resource) {
  if (object.has(resource, "apiGroup")) {
    object.text_form({resource, "apiGroup"}, object.text(resource, "apiGroup"),
                     Form::dns_subdomain);
  }
  object.named(resource, "kind", Form::path_segment);
  object.named(resource, "name", Form::path_segment);
}

void check_backend_service(Object& object, const Node* service) {
  object.named(service, "name", Form::dns_1035_label);
  const Node* port = object.get(service, "port");
  const bool named = !object.text(port, "name").empty();
  const bool numbered = object.integer(port, "number").value_or(0) != 0;
  if (named && numbered) {
    object.forbidden({port, "number"}, "beside name", "keep one of the two");
  } else if (named) {
    object.form(port, "name", Form::port_name);
  } else if (numbered) {
    object.range(port, "number", 1, 65535);
  } else {
    port == nullptr ? object.required(service, "port", "with name or number")
                    : object.required(port, "number", "unless name is set");
  }
}

void check_backend(Object& object, const Node* owner, std::string_view field) {
  const Node* backend = object.get(owner, field);
  if (backend == nullptr) {
    return object.required(owner, field, "with service or resource");
  }
  const Node* resource = object.get(backend, "resource");
  const Node* service = object.get(backend, "service");
  if (resource != nullptr && service != nullptr) {
    object.forbidden({backend, "resource"}, "beside service");
  } else if (resource != nullptr) {
    check_resource(object, resource);
  } else if (service != nullptr) {
    check_backend_service(object, service);
  } else {
    object.required(backend, "service", "unless resource is set");
  }
}

void check_path(Object& object, const Node& path) {
  const std::string_view type = object.text(&path, "pathType");
  const std::string_view text = object.text(&path, "path");
  if (!object.has(&path, "pathType")) {
    return object.required(&path, "pathType", {}, "Prefix, Exact or ImplementationSpecific");
  }
  if (type == "Exact" || type == "Prefix") {
    constexpr std::array<std::string_view, 5> parts{"//", "/./", "/../", "%2f", "%2F"};
    if (!text.starts_with('/')) {
      object.invalid({&path, "path"}, "schema/format", "be an absolute path");
    }
    for (const std::string_view part : parts) {
      if (text.find(part) != std::string_view::npos) {
        object.invalid({&path, "path"}, "schema/format", "not contain " + std::string(part));
      }
    }
    if (text.ends_with("/..") || text.ends_with("/.")) {
      object.invalid({&path, "path"}, "schema/format", "not end with /. or /..");
    }
  } else if (type == "ImplementationSpecific") {
    if (!text.empty() && !text.starts_with('/')) {
      object.invalid({&path, "path"}, "schema/format", "be an absolute path");
    }
  } else {
    object.chosen(&path, "pathType", {"Exact", "Prefix", "ImplementationSpecific"});
  }
  check_backend(object, &path, "backend");
}

void check_rule(Object& object, const Node& rule) {
  if (const std::string_view host = object.text(&rule, "host"); !host.empty()) {
    if (parse_address(host)) {
      object.invalid({&rule, "host"}, "schema/format", "be a DNS name, not an IP address");
    } else {
      check_host(object, {&rule, "host"}, host);
    }
  }
  const Node* http = object.get(&rule, "http");
  if (http == nullptr) {
    return;
  }
  const auto paths = object.items(http, "paths");
  if (paths.empty()) {
    object.required(http, "paths", "with at least one path");
  }
  for (const Node& path : paths) {
    check_path(object, path);
  }
}

}  // namespace

void check_ingress(Object& object) {
  const Node* spec = object.get(object.root(), "spec");
  if (spec == nullptr) {
    return object.required(object.root(), "spec", "with rules or defaultBackend");
  }
  const auto rules = object.items(spec, "rules");
  if (rules.empty() && !object.has(spec, "defaultBackend")) {
    object.required(spec, "rules", "unless defaultBackend is set");
  }
  if (object.has(spec, "defaultBackend")) {
    check_backend(object, spec, "defaultBackend");
  }
  for (const Node& rule : rules) {
    check_rule(object, rule);
  }
  for (const Node& tls : object.items(spec, "tls")) {
    for (const Node& host : object.items(&tls, "hosts")) {
      check_host(object, {&host}, object.text(&host));
    }
    object.form(&tls, "secretName", Form::dns_subdomain);
  }
  if (!object.has(spec, "ingressClassName")) {
    return;
  }
  const std::string_view name = object.text(spec, "ingressClassName");
  object.text_form({spec, "ingressClassName"}, name, Form::dns_subdomain);
  const Node* annotations = object.get(object.root(), {"metadata", "annotations"});
  if (object.has(annotations, class_annotation) &&
      object.text(annotations, class_annotation) != name) {
    object.invalid({annotations, class_annotation}, "schema/conflict",
                   "be what spec.ingressClassName is", "remove the annotation, which is obsolete");
  }
}

}  // namespace sluice::rules
