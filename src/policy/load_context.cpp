// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "policy/load.hpp"

#include <array>

namespace sluice::policy {

using std::string_view;

void Loader::variable_entry(const Value& variable, ContextEntry& entry) {
  constexpr std::array<string_view, 3> keys = {"value", "jmesPath", "default"};
  known_keys(variable, "variable", keys);
  const auto part = [&](string_view key) -> std::optional<Template> {
    return present(variable, key) ? std::optional(make_template(variable.get({key})))
                                  : std::nullopt;
  };
  entry.value = part("value");
  entry.jmespath = part("jmesPath");
  entry.fallback = part("default");
  const bool has_path = !variable.text({"jmesPath"}).empty();
  if (!entry.value && !has_path) {
    invalid(variable, "a variable must define a value or a jmesPath expression");
  }
  if (entry.fallback && !has_path) {
    invalid(variable,
            "a variable must define a default only when a jmesPath expression is defined");
  }
}

void Loader::external_entry(const Value& source, ContextEntry& entry) {
  constexpr std::array<string_view, 6> call_keys = {"urlPath", "method",  "data",
                                                    "service", "default", "jmesPath"};
  constexpr std::array<string_view, 3> service_keys = {"url", "headers", "caBundle"};
  constexpr std::array<string_view, 2> global_keys = {"name", "jmesPath"};
  constexpr std::array<string_view, 3> registry_keys = {"reference", "jmesPath",
                                                        "imageRegistryCredentials"};
  const Value call = source.get({"apiCall"});
  const Value global = source.get({"globalReference"});
  const Value registry = source.get({"imageRegistry"});
  const Value& given = !call.is_null() ? call : !global.is_null() ? global : registry;
  if (!call.is_null()) {
    known_keys(call, "apiCall", call_keys);
    const Value service = call.get({"service"});
    known_keys(service, "service", service_keys);
    if (!call.text({"urlPath"}).empty() && !service.is_null()) {
      invalid(call, "a urlPath cannot be used for service API calls");
    }
    const Value url = service.is_null() ? call.get({"urlPath"}) : service.get({"url"});
    entry.reference = make_template(url);
    entry.method = std::string(call.text({"method"}));
    if (present(call, "default")) {
      entry.fallback = make_template(call.get({"default"}));
    }
  } else if (!global.is_null()) {
    known_keys(global, "globalReference", global_keys);
    entry.reference = make_template(global.get({"name"}));
    if (global.text({"name"}).empty()) {
      invalid(global, "a name is required for globalReference context entry");
    }
  } else {
    known_keys(registry, "imageRegistry", registry_keys);
    entry.reference = make_template(registry.get({"reference"}));
    if (registry.text({"reference"}).empty()) {
      invalid(registry, "a reference is required for imageRegistry context entry");
    }
  }
  if (present(given, "jmesPath")) {
    entry.jmespath = make_template(given.get({"jmesPath"}));
  }
}

std::vector<ContextEntry> Loader::context(const Value& entries) {
  constexpr std::array<string_view, 6> keys = {"name",    "variable",      "configMap",
                                               "apiCall", "imageRegistry", "globalReference"};
  std::vector<ContextEntry> made;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const Value source = entries.at(i);
    known_keys(source, "context", keys);
    ContextEntry entry;
    entry.name = string(source, "name", "name");
    if (entry.name.empty()) {
      invalid(source, "a context entry needs a name");
    }
    if (const Value variable = source.get({"variable"}); !variable.is_null()) {
      variable_entry(variable, entry);
    } else if (const Value map = source.get({"configMap"}); !map.is_null()) {
      entry.kind = ContextEntry::Kind::config_map;
      entry.config_map_name = make_template(map.get({"name"}));
      entry.config_map_namespace = make_template(map.get({"namespace"}));
    } else {
      for (const string_view feature : {"apiCall", "imageRegistry", "globalReference"}) {
        entry.feature = present(source, feature) ? std::string(feature) : entry.feature;
      }
      entry.kind = entry.feature == "apiCall"           ? ContextEntry::Kind::api_call
                   : entry.feature == "globalReference" ? ContextEntry::Kind::global
                                                        : ContextEntry::Kind::external;
      if (entry.feature.empty()) {
        invalid(source, "the context entry \"" + text::printable(entry.name) +
                            "\" says nothing of where its value comes from");
      } else {
        external_entry(source, entry);
      }
    }
    made.push_back(std::move(entry));
  }
  return made;
}

}  // namespace sluice::policy
