// SPDX-License-Identifier: Apache-2.0
// What a pod finds under names: dnsConfig and hostAliases.
#include "rules/address.hpp"
#include "rules/pod.hpp"

namespace sluice::rules {
namespace {

constexpr std::size_t nameserver_limit = 3;
constexpr std::size_t search_limit = 32;
constexpr std::size_t search_characters = 2048;

void check_address(Object& object, At at, std::string_view text) {
  if (!parse_address(text)) {
    object.invalid(at, "schema/format", "be an IP address", "such as 10.0.0.10 or fd00::10");
  }
}

void check_searches(Object& object, const Node* config) {
  const auto searches = object.items(config, "searches");
  std::size_t characters = searches.empty() ? 0 : searches.size() - 1;
  for (const Node& search : searches) {
    std::string_view name = object.text(&search);
    characters += name.size();
    const bool relaxed = object.minor() >= 33;
    if (relaxed && name == ".") {
      continue;
    }
    name.remove_suffix(name.ends_with('.') ? 1 : 0);
    object.text_form({&search}, name, relaxed ? Form::underscore_subdomain : Form::dns_subdomain);
  }
  if (searches.size() > search_limit || characters > search_characters) {
    object.invalid({config, "searches"}, "schema/range",
                   "have at most 32 names with 2048 characters together");
  }
}

}  // namespace

void check_name_resolution(Object& object, const Pod& pod) {
  const Node* config = object.get(pod.spec, "dnsConfig");
  const auto servers = object.items(config, "nameservers");
  if (object.text(pod.spec, "dnsPolicy") == "None" && servers.empty()) {
    config == nullptr ? object.required(pod.spec, "dnsConfig", "with dnsPolicy None")
                      : object.required(config, "nameservers", "with dnsPolicy None");
  }
  if (servers.size() > nameserver_limit) {
    object.invalid({config, "nameservers"}, "schema/range", "have at most 3 addresses");
  }
  for (const Node& server : servers) {
    check_address(object, {&server}, object.text(&server));
  }
  check_searches(object, config);
  for (const Node& option : object.items(config, "options")) {
    if (object.text(&option, "name").empty()) {
      object.required(&option, "name");
    }
  }
  for (const Node& alias : object.items(pod.spec, "hostAliases")) {
    check_address(object, {&alias, "ip"}, object.text(&alias, "ip"));
    for (const Node& name : object.items(&alias, "hostnames")) {
      object.text_form({&name}, object.text(&name), Form::dns_subdomain);
    }
  }
}

}  // namespace sluice::rules
