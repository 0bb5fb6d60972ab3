// SPDX-License-Identifier: Apache-2.0
#include "schema/structural.hpp"

#include "base/text.hpp"
#include "schema/crd_parts.hpp"
#include "schema/frame.hpp"
#include "schema/pattern.hpp"
#include "yaml/canonical.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace sluice::schema {
namespace {

using yaml::Document;
using yaml::Kind;
using yaml::Node;

constexpr std::array<std::string_view, 6> types{"string",  "number", "integer",
                                                "boolean", "array",  "object"};
constexpr std::array<std::string_view, 6> unknown_keywords{
    "$ref", "definitions", "dependencies", "patternProperties", "additionalItems", "id"};
/// What a junction (allOf, anyOf, oneOf, not) must not say again.
constexpr std::array<std::string_view, 10> outside_only{"type",
                                                        "title",
                                                        "description",
                                                        "default",
                                                        "nullable",
                                                        "additionalProperties",
                                                        "x-kubernetes-preserve-unknown-fields",
                                                        "x-kubernetes-embedded-resource",
                                                        "x-kubernetes-int-or-string",
                                                        "x-kubernetes-list-type"};

class StructuralCheck {
 public:
  StructuralCheck(const Document& document, const std::function<void(SchemaFault)>& fault)
      : document_(document), fault_(fault) {}

  enum class Level : std::uint8_t { root, field, item };

  void place(const Node& schema, std::string& path, Level level) {
    if (schema.kind != Kind::mapping) {
      return;  // the schema of the definition itself says so
    }
    if (level != Level::root && is_plain(document_, schema)) {
      return below(schema, path, level);
    }
    type(schema, path, level);
    keywords(schema, path);
    check_rules(document_, schema, path, fault_);
    extensions(schema, path);
    list(schema, path);
    metadata(schema, path, level);
    below(schema, path, level);
    const bool numbers_and_text = is_true(schema, "x-kubernetes-int-or-string");
    for (const std::string_view keyword : {"allOf", "anyOf", "oneOf"}) {
      const Node* branches = sequence(schema, keyword);
      std::size_t index = 0;
      for (const Node& branch : items(branches)) {
        const std::string at = path + "/" + std::string(keyword) + "/" + std::to_string(index++);
        junction(branch, schema, at,
                 numbers_and_text && (keyword == "allOf" || is_integer_then_string(branches)));
      }
    }
    if (const Node* branch = document_.find(schema, "not")) {
      junction(*branch, schema, path + "/not", false);
    }
  }

 private:
  void type(const Node& schema, const std::string& path, Level level) {
    const Node* given = document_.find(schema, "type");
    const std::string_view name = given == nullptr ? "" : given->text;
    const bool free = is_true(schema, "x-kubernetes-int-or-string") ||
                      is_true(schema, "x-kubernetes-preserve-unknown-fields");
    if (is_true(schema, "x-kubernetes-embedded-resource") && name != "object") {
      say(given == nullptr ? schema : *given, path + "/type",
          "an embedded resource has the type object");
    } else if (name.empty() && (!free || level == Level::root)) {
      if (level == Level::root && free) {
        return;
      }
      say(schema, path, where(level, path) + " has no type",
          "give type, x-kubernetes-int-or-string or x-kubernetes-preserve-unknown-fields");
    } else if (!name.empty() && std::find(types.begin(), types.end(), name) == types.end()) {
      const auto near = text::nearest(name, types);
      say(*given, path + "/type", "the type \"" + text::printable(name) + "\" is none",
          near             ? "did you mean \"" + std::string(*near) + "\"?"
          : name == "null" ? "write nullable: true beside the type"
                           : "string, number, integer, boolean, array or object");
    } else if (level == Level::root && !name.empty() && name != "object") {
      say(*given, path + "/type", "the root of a schema has the type object");
    }
    if (level == Level::root && is_true(schema, "nullable")) {
      say(*document_.find(schema, "nullable"), path + "/nullable", "the root cannot be nullable");
    }
  }

  void keywords(const Node& schema, const std::string& path) {
    for (const std::string_view keyword : unknown_keywords) {
      if (const Node* found = document_.find(schema, keyword); found != nullptr) {
        say(*found, path + "/" + std::string(keyword),
            std::string(keyword) + " is not supported in the schema of a custom resource");
      }
    }
    if (is_true(schema, "uniqueItems")) {
      say(*document_.find(schema, "uniqueItems"), path + "/uniqueItems",
          "uniqueItems cannot be true", "x-kubernetes-list-type: set says the same");
    }
    if (const Node* pattern = document_.find(schema, "pattern");
        pattern != nullptr && patterns_.insert(pattern->text).second &&
        !is_pattern(pattern->text)) {
      say(*pattern, path + "/pattern",
          "the pattern " + text::printable(pattern->text) + " cannot be read",
          "the API server wants Go's syntax: no look-around, no back references");
    }
    const Node* more = document_.find(schema, "additionalProperties");
    const Node* properties = document_.find(schema, "properties");
    const bool any = more != nullptr && more->kind == Kind::boolean && yaml::as_bool(*more);
    if (more != nullptr && !any && properties != nullptr && properties->child_count != 0) {
      say(*more, path + "/additionalProperties",
          "additionalProperties and properties exclude each other",
          "unknown fields are pruned anyway");
    }
    if (const Node* all = document_.find(schema, "items");
        all != nullptr && all->kind == Kind::sequence) {
      say(*all, path + "/items", "items is a list; it must be one schema");
    }
  }

  void extensions(const Node& schema, const std::string& path) {
    constexpr std::string_view preserve = "x-kubernetes-preserve-unknown-fields";
    constexpr std::string_view embedded = "x-kubernetes-embedded-resource";
    const Node* keep = document_.find(schema, preserve);
    if (keep != nullptr && keep->kind == Kind::boolean && !yaml::as_bool(*keep)) {
      say(*keep, path + "/" + std::string(preserve),
          std::string(preserve) + " is true or left out");
    }
    if (is_true(schema, "x-kubernetes-int-or-string")) {
      for (const std::string_view other : {preserve, embedded}) {
        if (is_true(schema, other)) {
          say(*document_.find(schema, other), path + "/" + std::string(other),
              std::string(other) + " cannot stand beside x-kubernetes-int-or-string");
        }
      }
    }
    const Node* properties = document_.find(schema, "properties");
    if (is_true(schema, embedded) && !is_true(schema, preserve) &&
        (properties == nullptr || properties->child_count == 0)) {
      say(schema, path,
          "an embedded resource has properties, or x-kubernetes-preserve-unknown-fields");
    }
    if (const Node* more = document_.find(schema, "additionalProperties");
        more != nullptr && is_true(schema, embedded)) {
      say(*more, path + "/additionalProperties",
          "additionalProperties cannot stand in an embedded resource");
    }
    if (const Node* map = document_.find(schema, "x-kubernetes-map-type"); map != nullptr) {
      if (map->text != "atomic" && map->text != "granular") {
        say(*map, path + "/x-kubernetes-map-type", "x-kubernetes-map-type is atomic or granular");
      } else if (document_.text(schema, {"type"}) != "object") {
        say(*map, path + "/x-kubernetes-map-type", "x-kubernetes-map-type is for the type object");
      }
    }
  }

  void list(const Node& schema, const std::string& path) {
    const Node* kind = document_.find(schema, "x-kubernetes-list-type");
    const Node* keys = document_.find(schema, "x-kubernetes-list-map-keys");
    const Node* item = document_.find(schema, "items");
    if (document_.text(schema, {"type"}) == "array" && item == nullptr) {
      say(schema, path, "a list needs items");
    }
    if (kind == nullptr && keys != nullptr) {
      say(*keys, path + "/x-kubernetes-list-map-keys",
          "x-kubernetes-list-map-keys needs x-kubernetes-list-type: map");
    }
    if (kind == nullptr) {
      return;
    }
    const std::string at = path + "/x-kubernetes-list-type";
    if (kind->text != "atomic" && kind->text != "set" && kind->text != "map") {
      return say(*kind, at, "x-kubernetes-list-type is atomic, set or map");
    }
    if (document_.text(schema, {"type"}) != "array") {
      say(*kind, at, "x-kubernetes-list-type is for the type array");
    }
    if (kind->text != "map" && keys != nullptr && keys->child_count != 0) {
      say(*keys, path + "/x-kubernetes-list-map-keys",
          "x-kubernetes-list-map-keys needs x-kubernetes-list-type: map");
    }
    if (item != nullptr && kind->text != "atomic" && is_true(*item, "nullable")) {
      say(*document_.find(*item, "nullable"), path + "/items/nullable",
          "items of a list of the type " + std::string(kind->text) + " cannot be nullable");
    }
    if (kind->text == "set" && item != nullptr) {
      const std::string_view list_type = document_.text(*item, {"x-kubernetes-list-type"});
      const std::string_view map_type = document_.text(*item, {"x-kubernetes-map-type"});
      const std::string_view type = document_.text(*item, {"type"});
      if ((type == "array" && list_type != "atomic") ||
          (type == "object" && map_type != "atomic")) {
        say(*item, path + "/items", "items of a set are scalars, or atomic");
      }
    }
    if (kind->text == "map") {
      map_keys(schema, keys, item, path);
    }
  }

  void map_keys(const Node& schema, const Node* keys, const Node* item, const std::string& path) {
    const std::string at = path + "/x-kubernetes-list-map-keys";
    if (keys == nullptr || keys->child_count == 0) {
      return say(schema, at, "a list of the type map needs x-kubernetes-list-map-keys");
    }
    if (item == nullptr || document_.text(*item, {"type"}) != "object") {
      return say(item == nullptr ? schema : *item, path + "/items",
                 "items of a list of the type map have the type object");
    }
    std::set<std::string_view> seen;
    for (const Node& key : items(keys)) {
      const std::string name = '"' + text::printable(key.text) + '"';
      const Node* field = document_.find(*item, {"properties", key.text});
      if (!seen.insert(key.text).second) {
        say(key, at, "the key " + name + " is there twice");
      }
      if (field == nullptr) {
        say(key, at, "the key " + name + " is no property of the items");
        continue;
      }
      const std::string_view type = document_.text(*field, {"type"});
      if (type == "array" || type == "object") {
        say(*field, path + "/items/properties/" + std::string(key.text),
            "the key " + name + " must be a scalar");
      }
      if (is_true(*field, "nullable")) {
        say(*field, path + "/items/properties/" + std::string(key.text) + "/nullable",
            "the key " + name + " cannot be nullable");
      }
      const auto required = items(sequence(*item, "required"));
      const bool needed = std::any_of(required.begin(), required.end(),
                                      [&](const Node& one) { return one.text == key.text; });
      if (!needed && document_.find(*field, "default") == nullptr) {
        say(*field, path + "/items/properties/" + std::string(key.text),
            "the key " + name + " must be required, or have a default");
      }
    }
  }

  /// metadata is what it is; a schema may narrow the name.
  void metadata(const Node& schema, const std::string& path, Level level) {
    const bool resource = level == Level::root || is_true(schema, "x-kubernetes-embedded-resource");
    if (!resource) {
      return;
    }
    for (const std::string_view key : {"apiVersion", "kind"}) {
      if (const Node* field = document_.find(schema, {"properties", key});
          field != nullptr && document_.text(*field, {"type"}) != "string") {
        say(*field, path + "/properties/" + std::string(key), std::string(key) + " is a string");
      }
    }
    const Node* meta = document_.find(schema, {"properties", "metadata"});
    if (meta == nullptr) {
      return;
    }
    const std::string at = path + "/properties/metadata";
    if (document_.text(*meta, {"type"}) != "object") {
      say(*meta, at, "metadata is an object");
    }
    const Node* fields = document_.find(*meta, "properties");
    if (level == Level::root && fields != nullptr && fields->kind == Kind::mapping) {
      const auto pairs = document_.children(*fields);
      for (std::size_t i = 0; i + 1 < pairs.size(); i += 2) {
        if (pairs[i].text != "name" && pairs[i].text != "generateName") {
          say(pairs[i], at, "of metadata only name and generateName can be narrowed");
        }
      }
    }
  }

  void below(const Node& schema, std::string& path, Level level) {
    if (const Node* properties = document_.find(schema, "properties");
        properties != nullptr && properties->kind == Kind::mapping) {
      const auto pairs = document_.children(*properties);
      for (std::size_t i = 0; i + 1 < pairs.size(); i += 2) {
        const Deeper deeper(path, "properties", pairs[i].text);
        place(pairs[i + 1], path, Level::field);
      }
    }
    if (const Node* item = document_.find(schema, "items")) {
      const Deeper deeper(path, "items");
      place(*item, path, Level::item);
    }
    if (const Node* more = document_.find(schema, "additionalProperties")) {
      const Deeper deeper(path, "additionalProperties");
      if (level == Level::root) {
        say(*more, path, "the root cannot have additionalProperties");
      }
      place(*more, path, Level::field);
    }
  }

  /// `outside` is the structural schema of the same value; null when it has none.
  void junction(const Node& part, const Node& outside, const std::string& path, bool may_type) {
    if (part.kind != Kind::mapping) {
      return;
    }
    for (const std::string_view keyword : outside_only) {
      const Node* found = document_.find(part, keyword);
      const bool says =
          found != nullptr && !(found->kind == Kind::boolean && !yaml::as_bool(*found) &&
                                keyword != "default" && keyword != "additionalProperties");
      if (says && !(may_type && keyword == "type")) {
        say(*found, path + "/" + std::string(keyword),
            std::string(keyword) + " cannot stand below allOf, anyOf, oneOf or not",
            "say it once, outside of them");
      }
    }
    for (const std::string_view keyword : {"allOf", "anyOf", "oneOf"}) {
      std::size_t index = 0;
      for (const Node& branch : items(sequence(part, keyword))) {
        junction(branch, outside, path + "/" + std::string(keyword) + "/" + std::to_string(index++),
                 may_type);
      }
    }
    if (const Node* branch = document_.find(part, "not")) {
      junction(*branch, outside, path + "/not", false);
    }
    keywords(part, path);
    junction_fields(part, outside, path);
  }

  void junction_fields(const Node& part, const Node& outside, const std::string& path) {
    const Node* properties = document_.find(part, "properties");
    if (properties != nullptr && properties->kind == Kind::mapping) {
      const auto pairs = document_.children(*properties);
      for (std::size_t i = 0; i + 1 < pairs.size(); i += 2) {
        std::string at = path + "/properties";
        append_step(at, pairs[i].text);
        const Node* same = document_.find(outside, {"properties", pairs[i].text});
        const bool numbers_and_text =
            same != nullptr && is_true(*same, "x-kubernetes-int-or-string");
        junction(pairs[i + 1], same == nullptr ? nowhere_ : *same, at, numbers_and_text);
      }
    }
    if (const Node* item = document_.find(part, "items")) {
      const Node* same = document_.find(outside, "items");
      const bool numbers_and_text = same != nullptr && is_true(*same, "x-kubernetes-int-or-string");
      junction(*item, same == nullptr ? nowhere_ : *same, path + "/items", numbers_and_text);
    }
  }

  static std::string where(Level level, const std::string& path) {
    const std::string_view last = std::string_view(path).substr(path.rfind('/') + 1);
    return level == Level::root   ? "the root of the schema"
           : level == Level::item ? "the schema of the items"
                                  : "field \"" + text::printable(last) + '"';
  }
  /// The one way in which types may stand below anyOf.
  [[nodiscard]] bool is_integer_then_string(const Node* branches) const {
    const auto both = items(branches);
    return both.size() == 2 && document_.text(both[0], {"type"}) == "integer" &&
           document_.text(both[1], {"type"}) == "string";
  }
  [[nodiscard]] bool is_true(const Node& node, std::string_view key) const {
    const Node* found = document_.find(node, key);
    return found != nullptr && found->kind == Kind::boolean && yaml::as_bool(*found);
  }
  [[nodiscard]] const Node* sequence(const Node& node, std::string_view key) const {
    const Node* found = document_.find(node, key);
    return found != nullptr && found->kind == Kind::sequence ? found : nullptr;
  }
  [[nodiscard]] std::span<const Node> items(const Node* node) const {
    return node == nullptr || node->kind != Kind::sequence ? std::span<const Node>{}
                                                           : document_.children(*node);
  }
  void say(const Node& at, std::string path, std::string message, std::string hint = {}) {
    fault_({&at, std::move(path), std::move(message), std::move(hint)});
  }

  const Document& document_;
  const std::function<void(SchemaFault)>& fault_;
  std::set<std::string_view> patterns_;  ///< seen
  Node nowhere_;                         ///< stands for a schema that says nothing
};

}  // namespace

void check_structural(const Document& document,
                      const Node& schema,
                      const std::string& path,
                      const std::function<void(SchemaFault)>& fault) {
  std::string deeper = path;
  StructuralCheck(document, fault).place(schema, deeper, StructuralCheck::Level::root);
}

}  // namespace sluice::schema
