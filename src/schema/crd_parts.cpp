// SPDX-License-Identifier: Apache-2.0
#include "schema/crd_parts.hpp"

#include "base/text.hpp"
#include "yaml/canonical.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <span>

namespace sluice::schema {
namespace {

using yaml::Document;
using yaml::Kind;
using yaml::Node;

bool is_label_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
}

class Parts {
 public:
  Parts(const Document& document, const Faults& fault) : document_(document), fault_(fault) {}

  void columns(const Node& version, const std::string& path) {
    constexpr std::array<std::string_view, 5> types{"integer", "number", "string", "boolean",
                                                    "date"};
    constexpr std::array<std::string_view, 8> formats{"int32", "int64", "float",     "double",
                                                      "byte",  "date",  "date-time", "password"};
    std::size_t index = 0;
    for (const Node& column : items(document_.find(version, "additionalPrinterColumns"))) {
      const std::string at = path + "/additionalPrinterColumns/" + std::to_string(index++);
      one_of(column, "type", types, at);
      one_of(column, "format", formats, at);
      for (const std::string_view key : {"name", "jsonPath"}) {
        if (const Node* given = document_.find(column, key);
            given != nullptr && given->text.empty()) {
          say(*given, at + "/" + std::string(key),
              "the " + std::string(key) + " of a column is empty");
        }
      }
    }
  }

  void scale(const Node& version, const std::string& path) {
    const Node* scale = document_.find(version, {"subresources", "scale"});
    if (scale == nullptr || scale->kind != Kind::mapping) {
      return;
    }
    const auto below = [&](std::string_view key, std::initializer_list<std::string_view> starts) {
      const Node* value = document_.find(*scale, key);
      if (value == nullptr || (value->text.empty() && starts.size() > 1)) {
        return;
      }
      const bool fits = std::any_of(starts.begin(), starts.end(), [&](std::string_view start) {
        return value->text.starts_with(start) && value->text.size() > start.size();
      });
      if (!fits) {
        say(*value, path + "/subresources/scale/" + std::string(key),
            std::string(key) + " is a path below " + std::string(*starts.begin()));
      }
    };
    below("specReplicasPath", {".spec."});
    below("statusReplicasPath", {".status."});
    below("labelSelectorPath", {".spec.", ".status."});
  }

  void selectable(const Node& version, const std::string& path) {
    const Node* schema = document_.find(version, {"schema", "openAPIV3Schema"});
    std::set<std::string_view> seen;
    std::size_t index = 0;
    for (const Node& one : items(document_.find(version, "selectableFields"))) {
      const std::string at = path + "/selectableFields/" + std::to_string(index++) + "/jsonPath";
      const Node* given = document_.find(one, "jsonPath");
      if (given == nullptr || schema == nullptr) {
        continue;
      }
      if (!seen.insert(given->text).second) {
        say(*given, at, "this path is there twice");
      }
      const Node* node = schema;
      const auto steps = text::split(given->text, '.');
      for (std::size_t i = 1; i < steps.size() && node != nullptr; ++i) {
        node = document_.find(*node, {"properties", steps[i]});
      }
      const std::string_view type = node == nullptr ? "" : document_.text(*node, {"type"});
      if (!given->text.starts_with('.') || given->text.starts_with(".metadata") ||
          (type != "string" && type != "boolean" && type != "integer")) {
        say(*given, at,
            "a selectable field is a string, boolean or integer that the schema names outside of "
            "metadata");
      }
    }
  }

  void deprecation(const Node& version, const std::string& path) {
    const Node* warning = document_.find(version, "deprecationWarning");
    const Node* flag = document_.find(version, "deprecated");
    const bool deprecated = flag != nullptr && flag->kind == Kind::boolean && yaml::as_bool(*flag);
    if (warning != nullptr && warning->kind == Kind::string && !deprecated) {
      say(*warning, path + "/deprecationWarning",
          "only a version with deprecated: true has a warning");
    }
  }

  /// With a status of its own the root says of what it is made, and no more.
  void root_with_status(const Node& version, const std::string& path) {
    constexpr std::array<std::string_view, 8> not_there{
        "allOf", "anyOf", "oneOf", "not", "enum", "default", "minProperties", "maxProperties"};
    const Node* schema = document_.find(version, {"schema", "openAPIV3Schema"});
    if (document_.find(version, {"subresources", "status"}) == nullptr || schema == nullptr) {
      return;
    }
    for (const std::string_view keyword : not_there) {
      if (const Node* found = document_.find(*schema, keyword)) {
        say(*found, path + "/schema/openAPIV3Schema/" + std::string(keyword),
            std::string(keyword) + " cannot stand at the root beside the subresource status");
      }
    }
  }

  void names(const Node& spec) {
    for (const std::string_view key : {"plural", "singular", "kind", "listKind"}) {
      const Node* given = document_.find(spec, {"names", key});
      const bool cased = key == "kind" || key == "listKind";
      if (given != nullptr && given->kind == Kind::string &&
          !is_label(cased ? text::to_lower(given->text) : std::string(given->text))) {
        no_label(*given, "/spec/names/" + std::string(key));
      }
    }
    for (const std::string_view key : {"shortNames", "categories"}) {
      std::size_t index = 0;
      for (const Node& one : items(document_.find(spec, {"names", key}))) {
        const std::string path = "/spec/names/" + std::string(key) + "/" + std::to_string(index++);
        if (one.kind == Kind::string && !is_label(one.text)) {
          no_label(one, path);
        }
      }
    }
    const Node* list_kind = document_.find(spec, {"names", "listKind"});
    if (list_kind != nullptr && list_kind->text == document_.text(spec, {"names", "kind"})) {
      say(*list_kind, "/spec/names/listKind", "kind and listKind are the same");
    }
    constexpr std::array<std::string_view, 2> scopes{"Cluster", "Namespaced"};
    one_of(spec, "scope", scopes, "/spec");
  }

  void conversion(const Node& spec) {
    const Node* conversion = document_.find(spec, "conversion");
    if (conversion == nullptr || conversion->kind != Kind::mapping) {
      return;
    }
    constexpr std::array<std::string_view, 2> strategies{"None", "Webhook"};
    one_of(*conversion, "strategy", strategies, "/spec/conversion");
    const std::string_view strategy = document_.text(*conversion, {"strategy"});
    const Node* webhook = document_.find(*conversion, "webhook");
    if (strategy == "None" && webhook != nullptr) {
      say(*webhook, "/spec/conversion/webhook", "the strategy None has no webhook");
    }
    if (strategy != "Webhook") {
      return;
    }
    const Node* client = webhook == nullptr ? nullptr : document_.find(*webhook, "clientConfig");
    const Node* url = client == nullptr ? nullptr : document_.find(*client, "url");
    const Node* service = client == nullptr ? nullptr : document_.find(*client, "service");
    const std::string path = "/spec/conversion/webhook";
    if ((url == nullptr) == (service == nullptr)) {
      say(*conversion, path + "/clientConfig", "the webhook needs either url or service");
    }
    if (url != nullptr && !url->text.starts_with("https://")) {
      say(*url, path + "/clientConfig/url", "the address of the webhook begins with https://");
    }
    const Node* port = service == nullptr ? nullptr : document_.find(*service, "port");
    const auto number = port == nullptr ? std::nullopt : yaml::as_int64(*port);
    if (number && (*number < 1 || *number > 65'535)) {
      say(*port, path + "/clientConfig/service/port", "a port is a number from 1 to 65535");
    }
    const auto accepted =
        items(webhook == nullptr ? nullptr : document_.find(*webhook, "conversionReviewVersions"));
    if (webhook != nullptr && std::none_of(accepted.begin(), accepted.end(), [](const Node& v) {
          return v.text == "v1" || v.text == "v1beta1";
        })) {
      say(*webhook, path + "/conversionReviewVersions",
          "conversionReviewVersions must have v1 or v1beta1");
    }
  }

 private:
  void one_of(const Node& mapping,
              std::string_view key,
              std::span<const std::string_view> choices,
              const std::string& path) {
    const Node* given = document_.find(mapping, key);
    if (given == nullptr || given->kind != Kind::string || given->text.empty() ||
        std::find(choices.begin(), choices.end(), given->text) != choices.end()) {
      return;
    }
    const std::vector<std::string> words(choices.begin(), choices.end());
    say(*given, path + "/" + std::string(key),
        std::string(key) + " \"" + text::printable(given->text) + "\" is none of " +
            text::join(words, ", "));
  }

  void no_label(const Node& node, std::string path) {
    say(node, std::move(path), '"' + text::printable(node.text) + "\" is not a name of RFC 1035");
  }

  [[nodiscard]] std::span<const Node> items(const Node* node) const {
    return node == nullptr || node->kind != Kind::sequence ? std::span<const Node>{}
                                                           : document_.children(*node);
  }

  void say(const Node& at, std::string path, std::string message) {
    fault_({&at, std::move(path), std::move(message), {}});
  }

  const Document& document_;
  const Faults& fault_;
};

}  // namespace

bool is_plain(const Document& document, const Node& schema) {
  constexpr std::array<std::string_view, 13> harmless{
      "description", "properties", "items",     "required", "format",  "enum",   "default",
      "title",       "maxLength",  "minLength", "maxItems", "minimum", "maximum"};
  bool typed = false;
  const auto pairs = document.children(schema);
  for (std::size_t i = 0; i + 1 < pairs.size(); i += 2) {
    const std::string_view key = pairs[i].text;
    if (key == "type") {
      const std::string_view type = pairs[i + 1].text;
      typed = type == "string" || type == "object" || type == "integer" || type == "boolean" ||
              type == "number" || (type == "array" && document.find(schema, "items") != nullptr);
    } else if (key == "items" && pairs[i + 1].kind != Kind::mapping) {
      return false;
    } else if (std::find(harmless.begin(), harmless.end(), key) == harmless.end()) {
      return false;
    }
  }
  return typed;
}

bool is_label(std::string_view text) {
  return !text.empty() && text.size() <= 63 && text[0] >= 'a' && text[0] <= 'z' &&
         text.back() != '-' && std::all_of(text.begin(), text.end(), is_label_character);
}

void check_rules(const Document& document,
                 const Node& schema,
                 const std::string& path,
                 const Faults& fault) {
  constexpr std::array<std::string_view, 4> reasons{"FieldValueInvalid", "FieldValueForbidden",
                                                    "FieldValueRequired", "FieldValueDuplicate"};
  const Node* rules = document.find(schema, "x-kubernetes-validations");
  if (rules == nullptr || rules->kind != Kind::sequence) {
    return;
  }
  std::size_t index = 0;
  for (const Node& one : document.children(*rules)) {
    const std::string at = path + "/x-kubernetes-validations/" + std::to_string(index++);
    const std::string_view rule = document.text(one, {"rule"});
    const Node* message = document.find(one, "message");
    const Node* reason = document.find(one, "reason");
    if (text::trim(rule).empty()) {
      fault({&one, at + "/rule", "the rule is empty", {}});
    }
    if (message != nullptr && message->text.find('\n') != std::string_view::npos) {
      fault({message, at + "/message", "the message of a rule is one line", {}});
    }
    if (reason != nullptr &&
        std::find(reasons.begin(), reasons.end(), reason->text) == reasons.end()) {
      fault({reason,
             at + "/reason",
             "the reason \"" + text::printable(reason->text) +
                 "\" is none of FieldValueInvalid, "
                 "FieldValueForbidden, FieldValueRequired, FieldValueDuplicate",
             {}});
    }
  }
}

void check_version_parts(const Document& document,
                         const Node& version,
                         const std::string& path,
                         const Faults& fault) {
  Parts parts(document, fault);
  parts.columns(version, path);
  parts.scale(version, path);
  parts.selectable(version, path);
  parts.deprecation(version, path);
  parts.root_with_status(version, path);
}

void check_definition_parts(const Document& document, const Node& spec, const Faults& fault) {
  Parts parts(document, fault);
  parts.names(spec);
  parts.conversion(spec);
}

}  // namespace sluice::schema
