// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "rules/address.hpp"
#include "rules/container.hpp"
#include "rules/kinds.hpp"
#include "rules/metadata.hpp"

#include <set>

namespace sluice::rules {
namespace {

constexpr std::int64_t last_port = 65535;
constexpr std::string_view source_ranges = "service.beta.kubernetes.io/load-balancer-source-ranges";
constexpr std::string_view topology_mode = "service.kubernetes.io/topology-mode";
constexpr std::string_view topology_hints = "service.kubernetes.io/topology-aware-hints";

struct Service {
  const Node* spec = nullptr;
  std::string_view type;
  std::string_view first_ip;  ///< the first of clusterIPs, or clusterIP
  std::size_t ips = 0;
  bool headless = false;
};

Service read_service(const Object& object, const Node* spec) {
  Service service{.spec = spec, .type = object.text(spec, "type")};
  service.type = service.type.empty() ? "ClusterIP" : service.type;
  const auto ips = object.items(spec, "clusterIPs");
  const std::string_view single = object.text(spec, "clusterIP");
  service.first_ip = ips.empty() ? single : object.text(&ips.front());
  service.ips = ips.empty() ? (single.empty() ? 0 : 1) : ips.size();
  service.headless = service.ips == 1 && service.first_ip == "None";
  return service;
}

std::string protocol_of(const Object& object, const Node& port) {
  const std::string_view protocol = object.text(&port, "protocol");
  return std::string(protocol.empty() ? "TCP" : protocol);
}

void check_target(Object& object, const Node& port) {
  const Node* target = object.get(&port, "targetPort");
  const bool empty =
      target == nullptr ||
      (target->kind == yaml::Kind::string ? target->text.empty()
                                          : object.integer(&port, "targetPort").value_or(0) == 0);
  if (!empty) {
    check_port_or_name(object, &port, "targetPort");
  }
}

void check_ports(Object& object, const Service& service) {
  const auto ports = object.items(service.spec, "ports");
  if (ports.empty() && !service.headless && service.type != "ExternalName") {
    object.required(service.spec, "ports", "unless clusterIP is None");
  }
  Names names;
  std::set<std::string> numbers;
  std::set<std::string> node_ports;
  for (const Node& port : ports) {
    const std::string_view name = object.text(&port, "name");
    if (name.empty() && ports.size() > 1) {
      object.required(&port, "name", "where there are several ports");
    }
    object.form(&port, "name", Form::dns_label);
    if (!name.empty() && !names.add(name)) {
      object.duplicate({&port, "name"}, "another port");
    }
    const auto number = object.integer(&port, "port").value_or(0);
    if (number == 0) {
      object.required(&port, "port");
    }
    object.range(&port, "port", 1, last_port);
    object.one_of(&port, "protocol", {"TCP", "UDP", "SCTP"});
    check_target(object, port);
    if (object.has(&port, "appProtocol")) {
      object.text_form({&port, "appProtocol"}, object.text(&port, "appProtocol"),
                       Form::qualified_name);
    }
    const auto node = object.integer(&port, "nodePort").value_or(0);
    object.range(&port, "nodePort", 0, last_port);
    if (node != 0 && service.type == "ClusterIP") {
      object.forbidden({&port, "nodePort"}, "with the type ClusterIP");
    }
    if (ports.size() < 2) {
      continue;
    }
    const std::string protocol = protocol_of(object, port);
    if (!numbers.insert(protocol + std::to_string(number)).second) {
      object.duplicate({&port, "port"}, "another port of the same protocol");
    }
    if (node != 0 && !node_ports.insert(protocol + std::to_string(node)).second) {
      object.duplicate({&port, "nodePort"}, "another port of the same protocol");
    }
  }
}

void check_external_name(Object& object, const Service& service) {
  if (service.ips != 0) {
    object.forbidden(
        {service.spec, object.has(service.spec, "clusterIP") ? "clusterIP" : "clusterIPs"},
        "with the type ExternalName");
  }
  if (!object.items(service.spec, "ipFamilies").empty()) {
    object.forbidden({service.spec, "ipFamilies"}, "with the type ExternalName");
  }
  if (object.has(service.spec, "ipFamilyPolicy")) {
    object.forbidden({service.spec, "ipFamilyPolicy"}, "with the type ExternalName");
  }
  std::string_view name = object.text(service.spec, "externalName");
  name.remove_suffix(name.ends_with('.') ? 1 : 0);
  if (name.empty()) {
    return object.required(service.spec, "externalName", "with the type ExternalName");
  }
  object.text_form({service.spec, "externalName"}, name, Form::dns_subdomain);
}

void check_families(Object& object, const Service& service) {
  Names seen;
  for (const Node& family : object.items(service.spec, "ipFamilies")) {
    const std::string_view name = object.text(&family);
    if (name != "IPv4" && name != "IPv6") {
      object.invalid({&family}, "schema/enum", "be IPv4 or IPv6");
    } else if (!seen.add(name)) {
      object.duplicate({&family}, "another item");
    }
  }
  if (object.has(service.spec, "ipFamilyPolicy")) {
    object.chosen(service.spec, "ipFamilyPolicy",
                  {"SingleStack", "PreferDualStack", "RequireDualStack"});
  }
}

/// Addresses that the author picks: None, one, or one of each family in the order of ipFamilies.
void check_cluster_ips(Object& object, const Service& service) {
  const auto ips = object.items(service.spec, "clusterIPs");
  const std::string_view single = object.text(service.spec, "clusterIP");
  if (!ips.empty() && object.text(&ips.front()) != single) {
    object.invalid({service.spec, "clusterIPs"}, "schema/conflict", "begin with clusterIP");
  }
  const auto families = object.items(service.spec, "ipFamilies");
  const auto check = [&](At at, std::string_view text, std::size_t i) {
    if (text == "None" && i == 0) {
      return;
    }
    const auto address = parse_address(text);
    if (!address) {
      object.invalid(at, "schema/format", "be an IP address, or None as the only value");
    } else if (i < families.size()) {
      const std::string_view family = object.text(&families[i]);
      if ((family == "IPv4" && !address->is_v4) || (family == "IPv6" && address->is_v4)) {
        object.invalid(at, "schema/conflict", "be of the family that ipFamilies says");
      }
    }
  };
  if (ips.empty() && !single.empty()) {
    check({service.spec, "clusterIP"}, single, 0);
  }
  for (std::size_t i = 0; i < ips.size(); ++i) {
    check({&ips[i]}, object.text(&ips[i]), i);
  }
  const bool none_and_more = ips.size() > 1 && object.text(&ips.front()) == "None";
  if (none_and_more || ips.size() > 2) {
    object.invalid({service.spec, "clusterIPs"}, "schema/range",
                   "have one address of each family at most");
  } else if (ips.size() == 2) {
    const auto first = parse_address(object.text(&ips[0]));
    const auto second = parse_address(object.text(&ips[1]));
    if (first && second && first->is_v4 == second->is_v4) {
      object.invalid({service.spec, "clusterIPs"}, "schema/conflict",
                     "have one address of each family at most");
    }
  }
}

void check_affinity(Object& object, const Service& service) {
  object.one_of(service.spec, "sessionAffinity", {"None", "ClientIP"});
  if (object.text(service.spec, "sessionAffinity") != "ClientIP") {
    return;  // the server drops the rest
  }
  const Node* client = object.get(service.spec, {"sessionAffinityConfig", "clientIP"});
  object.range(client, "timeoutSeconds", 1, 86400);
}

void check_external_ips(Object& object, const Service& service) {
  for (const Node& ip : object.items(service.spec, "externalIPs")) {
    const auto address = parse_address(object.text(&ip));
    if (!address) {
      object.invalid({&ip}, "schema/format", "be an IP address");
    } else if (address->is_unspecified() || address->is_loopback() || address->is_link_local()) {
      object.invalid({&ip}, "schema/range", "be an address that others can reach");
    }
  }
}

void check_range_text(Object& object, At at, std::string_view text) {
  if (!parse_network(text::trim(text))) {
    object.invalid(at, "schema/format", "be a network", "such as 10.0.0.0/8 or fd00::/64");
  }
}

void check_load_balancer(Object& object, const Service& service) {
  const bool balanced = service.type == "LoadBalancer";
  const auto ranges = object.items(service.spec, "loadBalancerSourceRanges");
  const Node* annotations = object.get(object.root(), {"metadata", "annotations"});
  for (const std::string_view field : {"allocateLoadBalancerNodePorts", "loadBalancerClass"}) {
    if (!balanced && object.has(service.spec, field)) {
      object.forbidden({service.spec, field}, "unless the type is LoadBalancer");
    }
  }
  if (balanced && object.has(service.spec, "loadBalancerClass")) {
    object.text_form({service.spec, "loadBalancerClass"},
                     object.text(service.spec, "loadBalancerClass"), Form::qualified_name);
  }
  if (!ranges.empty()) {
    if (!balanced) {
      object.forbidden({service.spec, "loadBalancerSourceRanges"},
                       "unless the type is LoadBalancer");
    }
    for (const Node& range : ranges) {
      check_range_text(object, {&range}, object.text(&range));
    }
  } else if (const Node* value = object.get(annotations, source_ranges)) {
    if (!balanced) {
      object.forbidden({value}, "unless the type is LoadBalancer");
    } else if (!text::trim(object.text(value)).empty()) {
      for (const std::string_view range : text::split(object.text(value), ',')) {
        check_range_text(object, {value}, range);
      }
    }
  }
}

void check_traffic(Object& object, const Service& service) {
  const bool reachable =
      service.type == "LoadBalancer" || service.type == "NodePort" ||
      (service.type == "ClusterIP" && !object.items(service.spec, "externalIPs").empty());
  const std::string_view external = object.text(service.spec, "externalTrafficPolicy");
  if (!reachable && !external.empty()) {
    object.forbidden({service.spec, "externalTrafficPolicy"},
                     "for a Service that is not reachable from outside",
                     "the types NodePort and LoadBalancer are");
  } else if (reachable) {
    object.one_of(service.spec, "externalTrafficPolicy", {"Cluster", "Local"});
  }
  if (object.has(service.spec, "internalTrafficPolicy")) {
    object.chosen(service.spec, "internalTrafficPolicy", {"Cluster", "Local"});
  }
  if (service.type == "LoadBalancer" && external == "Local") {
    object.range(service.spec, "healthCheckNodePort", 0, last_port);  // 0: the server picks one
  } else if (object.integer(service.spec, "healthCheckNodePort").value_or(0) != 0) {
    object.forbidden({service.spec, "healthCheckNodePort"},
                     "unless the type is LoadBalancer and externalTrafficPolicy is Local");
  }
  if (object.has(service.spec, "trafficDistribution")) {
    if (object.minor() >= 34) {
      object.chosen(service.spec, "trafficDistribution",
                    {"PreferClose", "PreferSameZone", "PreferSameNode"});
    } else {
      object.chosen(service.spec, "trafficDistribution", {"PreferClose"});
    }
  }
}

}  // namespace

void check_service(Object& object) {
  const Node* spec = object.get(object.root(), "spec");
  if (spec == nullptr) {
    return object.required(object.root(), "spec", "with ports");
  }
  const Service service = read_service(object, spec);
  const Node* annotations = object.get(object.root(), {"metadata", "annotations"});
  if (object.has(annotations, topology_mode) && object.has(annotations, topology_hints) &&
      object.text(annotations, topology_mode) != object.text(annotations, topology_hints)) {
    object.invalid({annotations, topology_mode}, "schema/conflict",
                   "be what topology-aware-hints says", "remove the older annotation");
  }
  object.one_of(spec, "type", {"ClusterIP", "NodePort", "LoadBalancer", "ExternalName"});
  check_ports(object, service);
  check_labels(object, object.get(spec, "selector"));
  if (service.type == "ExternalName") {
    check_external_name(object, service);
  } else {
    check_cluster_ips(object, service);
    check_families(object, service);
  }
  if (service.headless && (service.type == "NodePort" || service.type == "LoadBalancer")) {
    object.invalid({spec, object.has(spec, "clusterIP") ? "clusterIP" : "clusterIPs"},
                   "schema/conflict", "not be None with the types NodePort and LoadBalancer");
  }
  check_affinity(object, service);
  check_external_ips(object, service);
  check_load_balancer(object, service);
  check_traffic(object, service);
}

}  // namespace sluice::rules
