// SPDX-License-Identifier: Apache-2.0
#include "schema/compile.hpp"

#include "schema/builtin.hpp"
#include "schema/format.hpp"
#include "schema/schema_compiler.hpp"
#include "yaml/canonical.hpp"

#include <algorithm>
#include <array>

namespace sluice::schema {
namespace {

using yaml::Kind;
using yaml::Node;

constexpr std::uint32_t bit(Kind kind) {
  return 1U << static_cast<unsigned>(kind);
}
constexpr std::uint32_t anything = 0x7F;
constexpr std::uint32_t numbers = bit(Kind::integer) | bit(Kind::real);

struct TypeRow {
  std::string_view name;
  std::uint32_t bits;
};
constexpr std::array types{
    TypeRow{"null", bit(Kind::null)},     TypeRow{"boolean", bit(Kind::boolean)},
    TypeRow{"integer", numbers},          TypeRow{"number", numbers},
    TypeRow{"string", bit(Kind::string)}, TypeRow{"array", bit(Kind::sequence)},
    TypeRow{"object", bit(Kind::mapping)}};

std::uint32_t bits_of(std::string_view type) {
  const auto* row =
      std::find_if(types.begin(), types.end(), [&](const TypeRow& r) { return r.name == type; });
  return row == types.end() ? anything : row->bits;
}

/// Keywords that restrict a value and that nothing here reads.
constexpr std::array<std::string_view, 12> unread_keywords{"if",
                                                           "then",
                                                           "else",
                                                           "dependencies",
                                                           "dependentRequired",
                                                           "dependentSchemas",
                                                           "contains",
                                                           "propertyNames",
                                                           "prefixItems",
                                                           "unevaluatedProperties",
                                                           "unevaluatedItems",
                                                           "$dynamicRef"};

}  // namespace

bool SchemaCompiler::is_true(const Node& schema, std::string_view key) const {
  const Node* found = document_.find(schema, key);
  return found != nullptr && found->kind == Kind::boolean && yaml::as_bool(*found);
}

std::uint32_t SchemaCompiler::reference(const Node& schema, Where where) {
  if (schema.kind == Kind::boolean) {
    return yaml::as_bool(schema) ? 0 : table_.node({.accepts = 0});
  }
  if (schema.kind != Kind::mapping || schema.child_count == 0) {
    return 0;
  }
  if (const Node* target = document_.find(schema, "$ref"); target != nullptr) {
    return referred(*target);
  }
  if (const auto number = definition_of(schema);
      number && document_.find(schema, "properties") == nullptr) {
    return definition | *number;
  }
  return table_.node(parts(schema, where));
}

std::optional<std::uint32_t> SchemaCompiler::definition_of(const Node& schema) const {
  const std::string_view name = document_.text(schema, {"x-sluice-definition"});
  return name.empty() ? std::nullopt : definition_number(name);
}

std::uint32_t SchemaCompiler::referred(const Node& target) {
  if (dialect_ == Dialect::structural || !target.text.starts_with('#')) {
    out_.unread_.insert("$ref " + std::string(target.text));
    return 0;
  }
  const Node* node = &root_;
  for (std::string_view rest = target.text.substr(1); !rest.empty() && node != nullptr;) {
    rest.remove_prefix(1);
    const std::size_t end = std::min(rest.find('/'), rest.size());
    node = document_.find(*node, rest.substr(0, end));
    rest.remove_prefix(end);
  }
  if (node == nullptr) {
    out_.unread_.insert("$ref " + std::string(target.text));
    return 0;
  }
  const auto [found, added] =
      numbers_.try_emplace(node, static_cast<std::uint32_t>(numbers_.size()));
  if (added) {
    waiting_.push_back(node);
  }
  return local | found->second;
}

/// A reference as a node of this table.
std::uint32_t SchemaCompiler::as_node(std::uint32_t reference) {
  if (reference != 0 && (reference & (definition | local)) == 0) {
    return reference;
  }
  NodeParts parts;
  if (reference != 0) {
    TableBuilder::rule(parts.rules, Rule::all_of, {reference});
  }
  return table_.node(std::move(parts));
}

NodeParts SchemaCompiler::parts(const Node& schema, Where where) {
  NodeParts parts;
  for (const std::string_view keyword : unread_keywords) {
    if (document_.find(schema, keyword) != nullptr) {
      out_.unread_.emplace(keyword);
    }
  }
  if (const Node* cel = document_.find(schema, "x-kubernetes-validations"); cel != nullptr) {
    out_.cel_rules_ += cel->child_count;
  }
  read_type(schema, parts);
  read_fields(schema, where, parts);
  read_values(schema, where, parts);
  read_rules(schema, parts);
  read_combinations(schema, parts);
  return parts;
}

void SchemaCompiler::read_type(const Node& schema, NodeParts& parts) {
  const Node* type = document_.find(schema, "type");
  bool whole = false;
  if (is_true(schema, "x-kubernetes-int-or-string")) {
    parts.accepts = numbers | bit(Kind::string);
    whole = true;
  } else if (type != nullptr && type->kind == Kind::string) {
    parts.accepts = bits_of(type->text);
    whole = type->text == "integer";
  } else if (type != nullptr && type->kind == Kind::sequence) {
    parts.accepts = 0;
    bool number = false;
    for (const Node& one : document_.children(*type)) {
      parts.accepts |= bits_of(one.text);
      whole = whole || one.text == "integer";
      number = number || one.text == "number";
    }
    whole = whole && !number;
  }
  if (parts.accepts != anything && is_true(schema, "nullable")) {
    parts.accepts |= bit(Kind::null);
  }
  const Format format = parse_format(document_.text(schema, {"format"}));
  if (whole) {
    parts.format = format == Format::int32 || format == Format::int64 ? format : Format::integer;
  } else if (format >= Format::byte && (parts.accepts & bit(Kind::string)) != 0) {
    parts.format = format;
  }
}

void SchemaCompiler::add_field(NodeParts& parts, std::string_view name, std::uint32_t reference) {
  for (Property& field : parts.fields) {
    if (field.name == name) {
      field.reference = reference;
      return;
    }
  }
  parts.fields.push_back({name, 0, reference});
}

void SchemaCompiler::add_object_fields(const Node* properties, NodeParts& parts) {
  const std::uint32_t text = table_.node({.accepts = bit(Kind::string)});
  add_field(parts, "apiVersion", text);
  add_field(parts, "kind", text);
  const auto meta = definition_number("io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta");
  std::uint32_t metadata = meta ? definition | *meta : 0;
  const Node* own = properties == nullptr ? nullptr : document_.find(*properties, "metadata");
  if (own != nullptr && document_.find(*own, "properties") != nullptr) {
    NodeParts both;  // what the schema says of the name, on top of what metadata is
    TableBuilder::rule(both.rules, Rule::all_of,
                       {metadata, as_node(reference(*own, Where::junction))});
    both.accepts = bit(Kind::mapping);
    metadata = table_.node(std::move(both));
  }
  add_field(parts, "metadata", metadata);
}

void SchemaCompiler::read_fields(const Node& schema, Where where, NodeParts& parts) {
  const Node* properties = document_.find(schema, "properties");
  if (properties != nullptr && properties->kind == Kind::mapping) {
    const auto pairs = document_.children(*properties);
    for (std::size_t i = 0; i + 1 < pairs.size(); i += 2) {
      parts.fields.push_back(
          {pairs[i].text, 0,
           reference(pairs[i + 1], where == Where::junction ? where : Where::inside)});
    }
  }
  if (const Node* required = document_.find(schema, "required");
      required != nullptr && required->kind == Kind::sequence) {
    for (const Node& name : document_.children(*required)) {
      const Node* field = properties == nullptr ? nullptr : document_.find(*properties, name.text);
      const bool defaulted = dialect_ == Dialect::structural && field != nullptr &&
                             document_.find(*field, "default") != nullptr;
      if (!defaulted) {  // defaults are applied before anything is asked
        parts.required.push_back(name.text);
      }
    }
  }
  if (where == Where::root) {
    add_object_fields(properties, parts);
  } else if (is_true(schema, "x-kubernetes-embedded-resource")) {
    add_object_fields(properties, parts);
    parts.required.insert(parts.required.end(), {"apiVersion", "kind"});
  }
  if (const auto number = definition_of(schema)) {
    TableBuilder::rule(parts.rules, Rule::extends, {definition | *number});
  }
}

void SchemaCompiler::read_values(const Node& schema, Where where, NodeParts& parts) {
  const Where below = where == Where::junction ? where : Where::inside;
  if (const Node* items = document_.find(schema, "items");
      items != nullptr && items->kind == Kind::mapping) {
    parts.items = reference(*items, below);
  }
  const Node* more = document_.find(schema, "additionalProperties");
  const bool forbids = more != nullptr && more->kind == Kind::boolean && !yaml::as_bool(*more);
  if (more != nullptr && more->kind == Kind::mapping) {
    parts.values = reference(*more, below);
  }
  const bool prunes = dialect_ == Dialect::structural && where != Where::junction &&
                      more == nullptr && !is_true(schema, "x-kubernetes-preserve-unknown-fields") &&
                      (document_.text(schema, {"type"}) == "object" || where == Where::root);
  if (forbids || prunes) {
    parts.flags |= flag_closed;
  }
}

std::unique_ptr<const Schema> SchemaCompiler::compile() {
  std::uint32_t root = 0;
  const Node* target = document_.find(root_, "$ref");
  if (target == nullptr && root_.kind == Kind::mapping) {
    root = table_.node(parts(root_, Where::root));
  } else {
    root = as_node(reference(root_, Where::root));
  }
  while (out_.locals_.size() < waiting_.size()) {
    const Node* next = waiting_[out_.locals_.size()];
    out_.locals_.push_back(0);  // counts as done: its own references must not see it again
    const std::uint32_t at = as_node(reference(*next, Where::inside));
    out_.locals_[static_cast<std::size_t>(numbers_.at(next))] = at;
  }
  out_.root_ = root;
  out_.table_ = {out_.bytes_.data(), &out_.patterns_, &out_.locals_};
  return std::move(result_);
}

std::unique_ptr<const Schema> compile(const yaml::Document& document,
                                      const Node& schema,
                                      Dialect dialect) {
  return SchemaCompiler(document, schema, dialect).compile();
}

}  // namespace sluice::schema
