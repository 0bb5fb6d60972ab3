// SPDX-License-Identifier: Apache-2.0
#include "rules/container.hpp"

#include <set>
#include <string>

namespace sluice::rules {
namespace {

constexpr std::int64_t last_port = 65535;

/// Protocol, address and number of a port of the node, which one container has for itself.
std::string host_key(const Object& object, const Node& port, std::int64_t number) {
  const std::string_view protocol = object.text(&port, "protocol");
  return std::string(protocol.empty() ? "TCP" : protocol) + '/' +
         std::string(object.text(&port, "hostIP")) + '/' + std::to_string(number);
}

}  // namespace

void check_port_or_name(Object& object, const Node* owner, std::string_view field) {
  const Node* port = object.get(owner, field);
  if (port == nullptr) {
    return object.required(owner, field, "as a number or the name of a port");
  }
  if (port->kind == yaml::Kind::string) {
    return object.text_form({owner, field}, port->text, Form::port_name);
  }
  object.range(owner, field, 1, last_port);
}

void check_ports(Object& object, const Node& container) {
  Names names;
  for (const Node& port : object.items(&container, "ports")) {
    const std::string_view name = object.text(&port, "name");
    object.form(&port, "name", Form::port_name);
    if (!name.empty() && has_form(Form::port_name, name) && !names.add(name)) {
      object.duplicate({&port, "name"}, "another port");
    }
    if (object.integer(&port, "containerPort").value_or(0) == 0) {
      object.required(&port, "containerPort");
    }
    object.range(&port, "containerPort", 1, last_port);
    object.range(&port, "hostPort", 0, last_port);
    object.one_of(&port, "protocol", {"TCP", "UDP", "SCTP"});
  }
}

void check_host_ports(Object& object, std::span<const Node> containers, const Pod& pod) {
  std::set<std::string> seen;
  for (const Node& container : containers) {
    for (const Node& port : object.items(&container, "ports")) {
      const auto inner = object.integer(&port, "containerPort").value_or(0);
      auto number = object.integer(&port, "hostPort").value_or(0);
      if (pod.host_network && number != 0 && number != inner) {
        object.invalid({&port, "hostPort"}, "schema/conflict",
                       "equal containerPort while hostNetwork is true", "leave hostPort out");
      }
      if (pod.host_network && number == 0) {
        number = inner;  // what the server fills in
      }
      if (number == 0) {
        continue;
      }
      if (!seen.insert(host_key(object, port, number)).second) {
        object.duplicate({&port, object.has(&port, "hostPort") ? "hostPort" : "containerPort"},
                         "another port of the node");
      }
    }
  }
}

}  // namespace sluice::rules
