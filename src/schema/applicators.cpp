// SPDX-License-Identifier: Apache-2.0
// Keywords that apply one schema depending on another, or to names and to places in a list.
#include "schema/schema_compiler.hpp"
#include "yaml/canonical.hpp"

#include <limits>

namespace sluice::schema {

using yaml::Kind;
using yaml::Node;

void SchemaCompiler::read_condition(const Node& schema, NodeParts& parts) {
  const Node* condition = document_->find(schema, "if");
  if (condition == nullptr) {
    return;
  }
  std::vector<std::uint32_t> payload{reference(*condition, Where::junction)};
  for (const std::string_view keyword : {"then", "else"}) {
    const Node* branch = document_->find(schema, keyword);
    payload.push_back(branch == nullptr ? 0 : reference(*branch, Where::junction));
  }
  TableBuilder::rule(parts.rules, Rule::conditional, payload);
}

/// dependencies (up to draft 7), and the two that took its place.
void SchemaCompiler::read_dependencies(const Node& schema, NodeParts& parts) {
  for (const std::string_view keyword : {"dependencies", "dependentRequired", "dependentSchemas"}) {
    const Node* all = document_->find(schema, keyword);
    if (all == nullptr || all->kind != Kind::mapping) {
      continue;
    }
    const auto pairs = document_->children(*all);
    for (std::size_t i = 0; i + 1 < pairs.size(); i += 2) {
      const std::string_view name = pairs[i].text;
      std::vector<std::uint32_t> payload{table_.text(name),
                                         static_cast<std::uint32_t>(name.size())};
      const Node& demanded = pairs[i + 1];
      if (demanded.kind != Kind::sequence) {
        payload.push_back(reference(demanded, Where::junction));
        TableBuilder::rule(parts.rules, Rule::dependent_schema, payload);
        continue;
      }
      for (const Node& other : document_->children(demanded)) {
        payload.insert(payload.end(),
                       {table_.text(other.text), static_cast<std::uint32_t>(other.text.size())});
      }
      TableBuilder::rule(parts.rules, Rule::dependent_names, payload);
    }
  }
}

void SchemaCompiler::read_names(const Node& schema, NodeParts& parts) {
  if (const Node* names = document_->find(schema, "propertyNames"); names != nullptr) {
    TableBuilder::rule(parts.rules, Rule::names, {reference(*names, Where::junction)});
  }
  const Node* part = document_->find(schema, "contains");
  if (part == nullptr) {
    return;
  }
  const auto bound = [&](std::string_view keyword, std::uint32_t otherwise) {
    const Node* limit = document_->find(schema, keyword);
    const auto number = limit == nullptr ? std::nullopt : yaml::as_int64(*limit);
    return number && *number >= 0 && *number <= std::numeric_limits<std::int32_t>::max()
               ? static_cast<std::uint32_t>(*number)
               : otherwise;
  };
  TableBuilder::rule(parts.rules, Rule::contains,
                     {reference(*part, Where::junction), bound("minContains", 1),
                      bound("maxContains", std::numeric_limits<std::uint32_t>::max())});
}

/// `items` of all; or of the first ones (prefixItems; up to draft 2019 a list in items) and of the
/// rest (items; then additionalItems).
void SchemaCompiler::read_items(const Node& schema, Where where, NodeParts& parts) {
  const Node* items = document_->find(schema, "items");
  const Node* first = document_->find(schema, "prefixItems");
  const Node* rest = items;
  if (items != nullptr && items->kind == Kind::sequence) {
    first = items;
    rest = document_->find(schema, "additionalItems");
  }
  if (rest != nullptr && (rest->kind == Kind::mapping || rest->kind == Kind::boolean)) {
    parts.items = reference(*rest, where);
  }
  if (first != nullptr && first->kind == Kind::sequence) {
    std::vector<std::uint32_t> payload;
    for (const Node& one : document_->children(*first)) {
      payload.push_back(reference(one, where));
    }
    TableBuilder::rule(parts.rules, Rule::prefix, payload);
  }
}

}  // namespace sluice::schema
