// SPDX-License-Identifier: Apache-2.0
#include "schema/compile.hpp"

#include "base/text.hpp"
#include "schema/builtin.hpp"
#include "schema/format.hpp"
#include "schema/schema_compiler.hpp"
#include "yaml/canonical.hpp"

#include <algorithm>
#include <array>
#include <charconv>

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
constexpr std::array<std::string_view, 5> unread_keywords{
    "unevaluatedProperties", "unevaluatedItems", "$dynamicRef", "$recursiveRef", "extends"};

/// One step of a JSON pointer in a fragment: "~1" is '/', "~0" is '~', "%25" is '%'.
std::string unescaped(std::string_view step) {
  std::string out = text::percent_decode(step);
  out = text::replace_all(std::move(out), "~1", "/");
  return text::replace_all(std::move(out), "~0", "~");
}

/// The child of that name, or the item of that number.
const Node* step_into(const yaml::Document& document, const Node& node, const std::string& step) {
  if (node.kind != Kind::sequence) {
    return document.find(node, step);
  }
  std::size_t index = 0;
  const auto [end, failed] = std::from_chars(step.data(), step.data() + step.size(), index);
  const bool whole = failed == std::errc{} && end == step.data() + step.size();
  return whole && index < node.child_count ? &document.children(node)[index] : nullptr;
}

}  // namespace

bool SchemaCompiler::is_true(const Node& schema, std::string_view key) const {
  const Node* found = document_->find(schema, key);
  return found != nullptr && found->kind == Kind::boolean && yaml::as_bool(*found);
}

std::uint32_t SchemaCompiler::reference(const Node& schema, Where where) {
  if (schema.kind == Kind::boolean) {
    return yaml::as_bool(schema) ? 0 : table_.node({.accepts = 0});
  }
  if (schema.kind != Kind::mapping || schema.child_count == 0) {
    return 0;
  }
  if (const Node* target = document_->find(schema, "$ref");
      target != nullptr && target->kind == Kind::string) {
    const std::uint32_t named = referred(*target);
    if (schema.child_count == 2 || ignores_beside_ref()) {
      return named;
    }
    NodeParts both = parts(schema, where);
    if (named != 0) {
      TableBuilder::rule(both.rules, Rule::all_of, {named});
    }
    return table_.node(std::move(both));
  }
  if (const auto number = definition_of(schema);
      number && document_->find(schema, "properties") == nullptr) {
    return definition | *number;
  }
  return table_.node(parts(schema, where));
}

/// Up to draft 7 what stands beside $ref does not count; kubeconform's reader takes files that do
/// not say their draft for the newest.
bool SchemaCompiler::ignores_beside_ref() const {
  const std::string_view draft = document_->text(*root_, {"$schema"});
  return draft.find("draft-0") != std::string_view::npos;
}

std::optional<std::uint32_t> SchemaCompiler::definition_of(const Node& schema) const {
  const std::string_view name = document_->text(schema, {"x-sluice-definition"});
  return name.empty() ? std::nullopt : definition_number(name);
}

SchemaCompiler::Part SchemaCompiler::find_part(std::string_view target) const {
  const auto hash = target.find('#');
  const std::string_view file = target.substr(0, hash);
  std::string_view rest = hash == std::string_view::npos ? "" : target.substr(hash + 1);
  Part part{document_, root_, nullptr};
  if (!file.empty()) {
    part.document = load_ ? load_(file, *document_).document : nullptr;
    if (part.document == nullptr) {
      return part;
    }
    part.root = &part.document->root();
  }
  if (!rest.empty() && !rest.starts_with('/')) {
    return part;  // an anchor
  }
  part.node = part.root;
  while (!rest.empty() && part.node != nullptr) {
    rest.remove_prefix(1);
    const std::size_t end = std::min(rest.find('/'), rest.size());
    part.node = step_into(*part.document, *part.node, unescaped(rest.substr(0, end)));
    rest.remove_prefix(end);
  }
  return part;
}

std::uint32_t SchemaCompiler::referred(const Node& target) {
  const Part part = dialect_ != Dialect::json_schema ? Part{} : find_part(target.text);
  if (part.node == nullptr) {
    out_.unread_.insert("$ref " + std::string(target.text));
    return 0;
  }
  const auto [found, added] =
      numbers_.try_emplace(part.node, static_cast<std::uint32_t>(numbers_.size()));
  if (added) {
    waiting_.push_back(part);
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
    if (document_->find(schema, keyword) != nullptr) {
      out_.unread_.emplace(keyword);
    }
  }
  if (const Node* cel = document_->find(schema, "x-kubernetes-validations"); cel != nullptr) {
    out_.cel_rules_ += cel->child_count;
  }
  read_type(schema, parts);
  read_fields(schema, where, parts);
  read_values(schema, where, parts);
  read_rules(schema, parts);
  read_combinations(schema, parts);
  read_condition(schema, parts);
  read_dependencies(schema, parts);
  read_names(schema, parts);
  return parts;
}

void SchemaCompiler::read_type(const Node& schema, NodeParts& parts) {
  const Node* type = document_->find(schema, "type");
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
    for (const Node& one : document_->children(*type)) {
      parts.accepts |= bits_of(one.text);
      whole = whole || one.text == "integer";
      number = number || one.text == "number";
    }
    whole = whole && !number;
  }
  if (parts.accepts != anything && is_true(schema, "nullable")) {
    parts.accepts |= bit(Kind::null);
  }
  const Format format = parse_format(document_->text(schema, {"format"}));
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
  const Node* own = properties == nullptr ? nullptr : document_->find(*properties, "metadata");
  if (own != nullptr && document_->find(*own, "properties") != nullptr) {
    NodeParts both;  // what the schema says of the name, on top of what metadata is
    TableBuilder::rule(both.rules, Rule::all_of,
                       {metadata, as_node(reference(*own, Where::junction))});
    both.accepts = bit(Kind::mapping);
    metadata = table_.node(std::move(both));
  }
  add_field(parts, "metadata", metadata);
}

void SchemaCompiler::read_fields(const Node& schema, Where where, NodeParts& parts) {
  const Node* properties = document_->find(schema, "properties");
  if (properties != nullptr && properties->kind == Kind::mapping) {
    const auto pairs = document_->children(*properties);
    for (std::size_t i = 0; i + 1 < pairs.size(); i += 2) {
      parts.fields.push_back(
          {pairs[i].text, 0,
           reference(pairs[i + 1], where == Where::junction ? where : Where::inside)});
    }
  }
  if (const Node* required = document_->find(schema, "required");
      required != nullptr && required->kind == Kind::sequence) {
    for (const Node& name : document_->children(*required)) {
      const Node* field = properties == nullptr ? nullptr : document_->find(*properties, name.text);
      const bool defaulted = dialect_ == Dialect::structural && field != nullptr &&
                             document_->find(*field, "default") != nullptr;
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
  read_items(schema, below, parts);
  const Node* more = document_->find(schema, "additionalProperties");
  const bool forbids = more != nullptr && more->kind == Kind::boolean && !yaml::as_bool(*more);
  if (more != nullptr && more->kind == Kind::mapping && more->child_count != 0) {
    parts.values = reference(*more, below);
  }
  const bool prunes = dialect_ != Dialect::json_schema && where != Where::junction &&
                      more == nullptr && !is_true(schema, "x-kubernetes-preserve-unknown-fields") &&
                      (document_->text(schema, {"type"}) == "object" || where == Where::root);
  if (forbids || prunes) {
    parts.flags |= flag_closed;
  }
}

std::unique_ptr<const Schema> SchemaCompiler::compile() {
  std::uint32_t root = 0;
  const Node* target = document_->find(*root_, "$ref");
  if (target == nullptr && root_->kind == Kind::mapping) {
    root = table_.node(parts(*root_, Where::root));
  } else {
    root = as_node(reference(*root_, Where::root));
  }
  while (out_.locals_.size() < waiting_.size()) {
    const Part next = waiting_[out_.locals_.size()];
    document_ = next.document;
    root_ = next.root;
    out_.locals_.push_back(0);  // counts as done: its own references must not see it again
    const std::uint32_t at = as_node(reference(*next.node, Where::inside));
    out_.locals_[static_cast<std::size_t>(numbers_.at(next.node))] = at;
  }
  out_.root_ = root;
  out_.table_ = {out_.bytes_.data(), &out_.patterns_, &out_.locals_};
  return std::move(result_);
}

std::unique_ptr<const Schema> compile(const yaml::Document& document,
                                      const Node& schema,
                                      Dialect dialect,
                                      const LoadFile& load) {
  return SchemaCompiler(document, schema, dialect, load).compile();
}

}  // namespace sluice::schema
