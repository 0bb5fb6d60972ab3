// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "schema/check.hpp"
#include "schema/frame.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace sluice::schema {

/// One walk over one object. The walk itself is in check.cpp, what a rule demands in rules.cpp, and
/// the words in complain.cpp; nothing outside these three files needs this class.
class Checker {
 public:
  Checker(const k8s::Resource& resource,
          Place schema,
          KubeVersion version,
          Demands demands,
          std::uint64_t visit_limit,
          std::vector<diag::Finding>& findings)
      : resource_(resource),
        document_(*resource.document),
        version_(version),
        visits_left_(visit_limit),
        findings_(findings),
        lenient_(demands == Demands::decoding),
        of_kubernetes_(schema.table->patterns == nullptr) {}

  void value(Place place, const yaml::Node& node, const Frame& frame);

 private:
  /// What a schema says of a field that its table of properties does not name.
  struct Unnamed {
    bool known = false;
    Place place;
  };

  void object(Place place, const yaml::Node& node, const Frame& frame);
  /// The field whose key is `key`; its value follows it in the arena.
  void field(Place place, const Property* property, const yaml::Node& key, const Frame& frame);
  void list(Place place, const yaml::Node& node, const Frame& frame);
  void number(Place place, const yaml::Node& node, const Frame& frame);
  [[nodiscard]] Unnamed unnamed_field(Place place, std::string_view key) const;

  // rules.cpp
  /// A rule where it stands: word(0) is the first of its payload.
  struct Demand {
    Place place;
    Rule kind = Rule::end;
    std::uint32_t words = 0;
    std::size_t at = 0;

    [[nodiscard]] std::uint32_t word(std::uint32_t i) const {
      return place.table->word(at + std::size_t{4} * i);
    }
    /// The text whose offset and length are the words i and i + 1.
    [[nodiscard]] std::string_view text(std::uint32_t i) const {
      return place.table->text(word(i), word(i + 1) & ~flag_text);
    }
  };
  void rules(Place place, const yaml::Node& node, const Frame& frame);
  void rule(const Demand& demand, const yaml::Node& node, const Frame& frame);
  void number_rule(const Demand& demand, const yaml::Node& node, const Frame& frame);
  void size_rule(const Demand& demand, const yaml::Node& node, const Frame& frame);
  void enumeration(const Demand& demand, const yaml::Node& node, const Frame& frame);
  void alternatives(const Demand& demand, const yaml::Node& node, const Frame& frame);
  void required_names(const Demand& demand, const yaml::Node& node, const Frame& frame);
  void unique_items(const Demand& demand, const yaml::Node& node, const Frame& frame);
  void not_known(const Demand& demand, const yaml::Node& node, const Frame& frame);
  /// Whether the value fits, without a word about it.
  bool fits(Place place, const yaml::Node& node, const Frame& frame);

  // conditions.cpp
  void conditional(const Demand& demand, const yaml::Node& node, const Frame& frame);
  void dependent(const Demand& demand, const yaml::Node& node, const Frame& frame);
  void names(const Demand& demand, const yaml::Node& node, const Frame& frame);
  void contains(const Demand& demand, const yaml::Node& node, const Frame& frame);
  /// All patternProperties that the name of the field matches; whether there was one.
  bool patterned_field(Place place, const yaml::Node& key, const Frame& frame);
  /// What the item of that number has to fit.
  [[nodiscard]] Place item_at(Place list, std::uint32_t index) const;

  // complain.cpp
  struct Words {
    std::string_view code;
    std::string message;
    std::string hint;
    std::string path;
  };
  /// While alternatives are tried, a complaint only counts.
  [[nodiscard]] bool silent();
  void complain(const yaml::Node& at, Words words, diag::Severity severity = diag::Severity::error);
  void unknown_field(Place place, const yaml::Node& key, const Frame& frame);
  void wrong_type(Place place, const yaml::Node& node, const Frame& frame);
  void wrong_format(Format format, const yaml::Node& node, const Frame& frame);
  void missing_field(std::string_view name, const yaml::Node& node, const Frame& frame);
  void missing_fields(Place place, std::uint32_t seen, const yaml::Node& node, const Frame& frame);
  void null_item(Place item, const yaml::Node& node, const Frame& frame);
  /// "field \"replicas\"", "item 2 of \"args\"", "the object".
  [[nodiscard]] std::string subject(const Frame& frame) const;
  /// The value for a message; those of a Secret are never shown.
  [[nodiscard]] std::string value_text(const yaml::Node& node) const;
  /// "Deployment (apps/v1)"
  [[nodiscard]] std::string kind_text() const;

  /// The node that a reference of `table` means.
  [[nodiscard]] Place resolve(const Table& table, std::uint32_t reference) const {
    if (reference == 0) {
      return {};
    }
    if ((reference & definition) != 0) {
      return builtin_definition(reference & ~definition, version_);
    }
    if ((reference & local) != 0) {
      return {&table, (*table.locals)[reference & ~local]};
    }
    return {&table, reference};
  }

  const k8s::Resource& resource_;
  const yaml::Document& document_;
  KubeVersion version_;
  std::uint64_t visits_left_;
  std::vector<diag::Finding>& findings_;
  int complaints_ = 0;
  int depth_ = 0;         ///< of value() inside value()
  int probing_ = 0;       ///< alternatives being tried, one inside the other
  bool failed_ = false;   ///< something did not fit while probing
  bool lenient_ = false;  ///< fields and types only: below status, or by order
  bool stopped_ = false;  ///< a limit was met and reported
  bool of_kubernetes_;  ///< the object is of a built-in kind: what the server itself demands counts
};

}  // namespace sluice::schema
