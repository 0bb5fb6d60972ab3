// SPDX-License-Identifier: Apache-2.0
#include "rules/address.hpp"
#include "rules/kinds.hpp"
#include "rules/selector.hpp"

#include <array>
#include <utility>

namespace sluice::rules {
namespace {

constexpr std::int64_t last_port = 65535;

void check_port(Object& object, const Node& port) {
  if (object.has(&port, "protocol")) {
    object.chosen(&port, "protocol", {"TCP", "UDP", "SCTP"});
  }
  const Node* number = object.get(&port, "port");
  const auto end = object.integer(&port, "endPort");
  if (number == nullptr) {
    if (object.has(&port, "endPort")) {
      object.forbidden({&port, "endPort"}, "without port");
    }
    return;
  }
  if (number->kind == yaml::Kind::string) {
    object.text_form({&port, "port"}, number->text, Form::port_name);
    if (object.has(&port, "endPort")) {
      object.forbidden({&port, "endPort"}, "beside a port that is a name");
    }
    return;
  }
  object.range(&port, "port", 1, last_port);
  object.range(&port, "endPort", 1, last_port);
  if (end && *end < object.integer(&port, "port").value_or(0)) {
    object.invalid({&port, "endPort"}, "schema/range", "be at least port");
  }
}

void check_block(Object& object, const Node* block) {
  const std::string_view text = object.text(block, "cidr");
  if (text.empty()) {
    return object.required(block, "cidr");
  }
  const auto network = parse_network(text);
  if (!network) {
    return object.invalid({block, "cidr"}, "schema/format", "be a network",
                          "such as 10.0.0.0/8 or fd00::/64");
  }
  for (const Node& except : object.items(block, "except")) {
    const auto inner = parse_network(object.text(&except));
    if (!inner) {
      object.invalid({&except}, "schema/format", "be a network");
    } else if (!network->strictly_contains(*inner)) {
      object.invalid({&except}, "schema/conflict", "lie inside cidr and be smaller");
    }
  }
}

void check_peer(Object& object, const Node& peer) {
  const Node* pods = object.get(&peer, "podSelector");
  const Node* namespaces = object.get(&peer, "namespaceSelector");
  const Node* block = object.get(&peer, "ipBlock");
  check_selector(object, pods);
  check_selector(object, namespaces);
  if (block != nullptr) {
    check_block(object, block);
    if (pods != nullptr || namespaces != nullptr) {
      object.forbidden({&peer, "ipBlock"}, "beside a selector", "make an item of its own of it");
    }
  } else if (pods == nullptr && namespaces == nullptr) {
    object.invalid({&peer}, "schema/required",
                   "name a peer: podSelector, namespaceSelector or ipBlock");
  }
}

}  // namespace

void check_network_policy(Object& object) {
  const Node* spec = object.get(object.root(), "spec");
  check_selector(object, object.get(spec, "podSelector"));
  constexpr std::array directions{std::pair{"ingress", "from"}, std::pair{"egress", "to"}};
  for (const auto& [direction, peers] : directions) {
    for (const Node& rule : object.items(spec, direction)) {
      for (const Node& port : object.items(&rule, "ports")) {
        check_port(object, port);
      }
      for (const Node& peer : object.items(&rule, peers)) {
        check_peer(object, peer);
      }
    }
  }
  const auto types = object.items(spec, "policyTypes");
  if (types.size() > 2) {
    return object.invalid({spec, "policyTypes"}, "schema/range", "have at most two items");
  }
  for (const Node& type : types) {
    if (object.text(&type) != "Ingress" && object.text(&type) != "Egress") {
      object.invalid({&type}, "schema/enum", "be Ingress or Egress");
    }
  }
}

}  // namespace sluice::rules
