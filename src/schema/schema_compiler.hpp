// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "schema/compile.hpp"
#include "schema/table_builder.hpp"

#include <map>
#include <optional>
#include <string_view>

namespace sluice::schema {

/// One compilation. What a value is made of is read in compile.cpp, what restricts it in
/// keywords.cpp.
class SchemaCompiler {
 public:
  SchemaCompiler(const yaml::Document& document,
                 const yaml::Node& root,
                 Dialect dialect,
                 const LoadFile& load)
      : document_(&document), root_(&root), dialect_(dialect), load_(load) {}

  std::unique_ptr<const Schema> compile();

 private:
  /// Where a part of the schema stands.
  enum class Where : std::uint8_t {
    root,
    inside,
    junction,  ///< below allOf, anyOf, oneOf or not: it restricts fields and names none
  };

  std::uint32_t reference(const yaml::Node& schema, Where where);
  std::uint32_t referred(const yaml::Node& target);
  std::uint32_t as_node(std::uint32_t reference);
  NodeParts parts(const yaml::Node& schema, Where where);
  void read_type(const yaml::Node& schema, NodeParts& parts);
  void read_fields(const yaml::Node& schema, Where where, NodeParts& parts);
  void read_values(const yaml::Node& schema, Where where, NodeParts& parts);
  void add_object_fields(const yaml::Node* properties, NodeParts& parts);
  static void add_field(NodeParts& parts, std::string_view name, std::uint32_t reference);

  // keywords.cpp
  void read_rules(const yaml::Node& schema, NodeParts& parts);
  void read_limit(const yaml::Node& schema, std::string_view keyword, Rule kind, NodeParts& parts);
  void read_sizes(const yaml::Node& schema, NodeParts& parts);
  void read_list_type(const yaml::Node& schema, NodeParts& parts);
  void read_enumeration(const yaml::Node& schema, NodeParts& parts);
  void read_combinations(const yaml::Node& schema, NodeParts& parts);
  // applicators.cpp
  void read_condition(const yaml::Node& schema, NodeParts& parts);
  void read_dependencies(const yaml::Node& schema, NodeParts& parts);
  void read_names(const yaml::Node& schema, NodeParts& parts);
  void read_items(const yaml::Node& schema, Where where, NodeParts& parts);

  void add_value(const yaml::Node& value, std::vector<std::uint32_t>& payload);

  [[nodiscard]] bool is_true(const yaml::Node& schema, std::string_view key) const;
  [[nodiscard]] bool ignores_beside_ref() const;
  [[nodiscard]] std::optional<std::uint32_t> definition_of(const yaml::Node& schema) const;

  /// A part of a schema that a $ref names, perhaps in another file.
  struct Part {
    const yaml::Document* document = nullptr;
    const yaml::Node* root = nullptr;
    const yaml::Node* node = nullptr;
  };
  [[nodiscard]] Part find_part(std::string_view target) const;

  const yaml::Document* document_;  ///< that of the part which is being read
  const yaml::Node* root_;
  Dialect dialect_;
  const LoadFile& load_;
  std::unique_ptr<Schema> result_ = std::make_unique<Schema>();
  Schema& out_ = *result_;
  TableBuilder table_{out_.bytes_};
  std::map<const yaml::Node*, std::uint32_t> numbers_;  ///< of the targets of $ref
  std::vector<Part> waiting_;                           ///< the same, in order
};

}  // namespace sluice::schema
