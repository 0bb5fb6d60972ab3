// SPDX-License-Identifier: Apache-2.0
#include "schema/schema_compiler.hpp"
#include "yaml/canonical.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace sluice::schema {

using yaml::Kind;
using yaml::Node;

void SchemaCompiler::add_value(const Node& value, std::vector<std::uint32_t>& payload) {
  std::string text(value.text);
  std::uint32_t flag = flag_text;
  if (value.kind != Kind::string) {
    text.clear();
    yaml::append_canonical_json(*document_, value, text);
    flag = 0;
  }
  payload.insert(payload.end(),
                 {table_.text(text), static_cast<std::uint32_t>(text.size()) | flag});
}

void SchemaCompiler::read_enumeration(const Node& schema, NodeParts& parts) {
  std::vector<std::uint32_t> payload;
  const Node* choices = document_->find(schema, "enum");
  if (choices != nullptr && choices->kind == Kind::sequence) {  // an empty one allows nothing
    for (const Node& value : document_->children(*choices)) {
      add_value(value, payload);
    }
    TableBuilder::rule(parts.rules, Rule::enumeration, payload);
  }
  if (const Node* value = document_->find(schema, "const"); value != nullptr) {
    payload.clear();
    add_value(*value, payload);
    TableBuilder::rule(parts.rules, Rule::enumeration, payload);
  }
}

void SchemaCompiler::read_limit(const Node& schema,
                                std::string_view keyword,
                                Rule kind,
                                NodeParts& parts) {
  const std::string exclusive_keyword =
      kind == Rule::minimum ? "exclusiveMinimum" : "exclusiveMaximum";
  const Node* limit = document_->find(schema, keyword);
  const Node* exclusive = document_->find(schema, exclusive_keyword);
  const bool strict =
      exclusive != nullptr && exclusive->kind == Kind::boolean && yaml::as_bool(*exclusive);
  if (limit != nullptr) {
    if (const auto number = yaml::as_double(*limit)) {
      TableBuilder::number_rule(parts.rules, kind, *number, strict ? 1 : 0);
    }
  }
  if (exclusive != nullptr &&
      exclusive->kind != Kind::boolean) {  // a number of its own, since draft 6
    if (const auto number = yaml::as_double(*exclusive)) {
      TableBuilder::number_rule(parts.rules, kind, *number, 1);
    }
  }
}

void SchemaCompiler::read_sizes(const Node& schema, NodeParts& parts) {
  struct Row {
    std::string_view keyword;
    Rule kind;
  };
  constexpr std::array rows{
      Row{"minLength", Rule::min_length},         Row{"maxLength", Rule::max_length},
      Row{"minItems", Rule::min_items},           Row{"maxItems", Rule::max_items},
      Row{"minProperties", Rule::min_properties}, Row{"maxProperties", Rule::max_properties}};
  for (const Row& row : rows) {
    const Node* limit = document_->find(schema, row.keyword);
    const auto number = limit == nullptr ? std::nullopt : yaml::as_int64(*limit);
    if (number && *number >= 0) {
      const auto capped =
          std::min<std::int64_t>(*number, std::numeric_limits<std::uint32_t>::max());
      TableBuilder::rule(parts.rules, row.kind, {static_cast<std::uint32_t>(capped)});
    }
  }
}

void SchemaCompiler::read_list_type(const Node& schema, NodeParts& parts) {
  const std::string_view type = document_->text(schema, {"x-kubernetes-list-type"});
  if (type == "set" || is_true(schema, "uniqueItems")) {
    TableBuilder::rule(parts.rules, Rule::list_set, {});
  } else if (type == "map") {
    std::vector<std::uint32_t> payload;
    if (const Node* keys = document_->find(schema, "x-kubernetes-list-map-keys"); keys != nullptr) {
      for (const Node& key : document_->children(*keys)) {
        std::string standard;
        if (const Node* value =
                document_->find(schema, {"items", "properties", key.text, "default"})) {
          yaml::append_canonical_json(*document_, *value, standard);
        }
        payload.insert(payload.end(),
                       {table_.text(key.text), static_cast<std::uint32_t>(key.text.size()),
                        table_.text(standard), static_cast<std::uint32_t>(standard.size())});
      }
    }
    TableBuilder::rule(parts.rules, Rule::list_map, payload);
  }
}

void SchemaCompiler::read_rules(const Node& schema, NodeParts& parts) {
  read_enumeration(schema, parts);
  if (const std::string_view pattern = document_->text(schema, {"pattern"}); !pattern.empty()) {
    TableBuilder::rule(parts.rules, Rule::pattern, {out_.patterns_.add(pattern)});
  }
  read_limit(schema, "minimum", Rule::minimum, parts);
  read_limit(schema, "maximum", Rule::maximum, parts);
  if (const Node* step = document_->find(schema, "multipleOf"); step != nullptr) {
    if (const auto number = yaml::as_double(*step); number && *number > 0) {
      TableBuilder::number_rule(parts.rules, Rule::multiple_of, *number, 0);
    }
  }
  read_sizes(schema, parts);
  read_list_type(schema, parts);
  if (const Node* named = document_->find(schema, "patternProperties");
      named != nullptr && named->kind == Kind::mapping) {
    const auto pairs = document_->children(*named);
    for (std::size_t i = 0; i + 1 < pairs.size(); i += 2) {
      const std::uint32_t pattern = out_.patterns_.add(pairs[i].text);
      parts.flags |= flag_patterns;
      TableBuilder::rule(parts.rules, Rule::pattern_properties,
                         {pattern, reference(pairs[i + 1], Where::inside)});
    }
  }
}

void SchemaCompiler::read_combinations(const Node& schema, NodeParts& parts) {
  struct Row {
    std::string_view keyword;
    Rule kind;
  };
  constexpr std::array rows{Row{"allOf", Rule::all_of}, Row{"anyOf", Rule::any_of},
                            Row{"oneOf", Rule::one_of}};
  const Where where = dialect_ != Dialect::json_schema ? Where::junction : Where::inside;
  for (const Row& row : rows) {
    const Node* branches = document_->find(schema, row.keyword);
    // "anyOf: integer, string" beside int-or-string says the same again.
    const bool repeats = row.kind == Rule::any_of && is_true(schema, "x-kubernetes-int-or-string");
    if (branches == nullptr || branches->kind != Kind::sequence || repeats) {
      continue;
    }
    std::vector<std::uint32_t> payload;
    for (const Node& branch : document_->children(*branches)) {
      payload.push_back(reference(branch, where));
    }
    TableBuilder::rule(parts.rules, row.kind, payload);
  }
  if (const Node* branch = document_->find(schema, "not"); branch != nullptr) {
    TableBuilder::rule(parts.rules, Rule::none_of, {reference(*branch, where)});
  }
}

}  // namespace sluice::schema
