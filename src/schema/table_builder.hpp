// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "schema/table.hpp"

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::schema {

/// The parts of a node before it is written.
struct NodeParts {
  std::uint32_t accepts = 0x7F;
  Format format = Format::none;
  std::uint32_t flags = 0;
  std::vector<Property> fields;  ///< `required` is given by position in `required`
  std::vector<std::string_view> required;
  std::uint32_t items = 0;
  std::uint32_t values = 0;
  std::vector<std::uint32_t> rules;  ///< without the word that ends them
};

/// Writes tables (schema/table.hpp) into a string.
class TableBuilder {
 public:
  explicit TableBuilder(std::string& bytes) : bytes_(bytes) { bytes_.assign(4, '\0'); }

  /// Offset of the node.
  std::uint32_t node(NodeParts parts);

  /// Appends a rule: its head and its payload.
  static void rule(std::vector<std::uint32_t>& rules,
                   Rule kind,
                   std::initializer_list<std::uint32_t> payload) {
    rule(rules, kind, std::vector<std::uint32_t>(payload));
  }
  static void rule(std::vector<std::uint32_t>& rules,
                   Rule kind,
                   const std::vector<std::uint32_t>& payload);
  static void number_rule(std::vector<std::uint32_t>& rules,
                          Rule kind,
                          double limit,
                          std::uint32_t exclusive);

  /// Offset of the text.
  std::uint32_t text(std::string_view text);

 private:
  std::uint32_t words(const std::vector<std::uint32_t>& words);
  std::uint32_t fields(const std::vector<Property>& fields);

  std::string& bytes_;
};

}  // namespace sluice::schema
