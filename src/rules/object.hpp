// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "k8s/quantity.hpp"
#include "k8s/resource.hpp"
#include "rules/forms.hpp"
#include "schema/builtin.hpp"
#include "yaml/document.hpp"

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::rules {

using yaml::Node;

/// Key and value of a mapping.
struct Pair {
  const Node& key;
  const Node& value;
};

/// The pairs of a mapping, for a range-based loop.
class Pairs {
 public:
  explicit Pairs(std::span<const Node> nodes) : nodes_(nodes.first(nodes.size() / 2 * 2)) {}

  class Iterator {
   public:
    explicit Iterator(const Node* at) : at_(at) {}
    Pair operator*() const { return {*at_, *(at_ + 1)}; }
    Iterator& operator++() {
      at_ += 2;
      return *this;
    }
    bool operator!=(const Iterator& other) const { return at_ != other.at_; }

   private:
    const Node* at_;
  };

  [[nodiscard]] Iterator begin() const { return Iterator(nodes_.data()); }
  [[nodiscard]] Iterator end() const { return Iterator(nodes_.data() + nodes_.size()); }
  [[nodiscard]] std::size_t size() const { return nodes_.size() / 2; }
  [[nodiscard]] bool empty() const { return nodes_.empty(); }

 private:
  std::span<const Node> nodes_;
};

/// A place in an object: a value, or with `field` a field of the mapping `node`, there or not.
struct At {
  const Node* node = nullptr;
  std::string_view field{};
};

/// One object as the API server decodes it, and what there is to say against it.
///
/// Reading never complains: a value of a wrong type reads as an absent one (schema::check has said
/// so already), null reads as absent, and a null mapping has no fields. Nothing is allocated until
/// something is wrong. Each place is complained about once: what the schema said there first stays.
class Object {
 public:
  Object(const k8s::Resource& resource,
         schema::KubeVersion version,
         std::size_t first_finding,
         std::vector<diag::Finding>& findings)
      : resource_(resource),
        document_(*resource.document),
        minor_(version.minor),
        first_finding_(first_finding),
        findings_(findings) {}

  [[nodiscard]] const Node* root() const { return resource_.object; }
  [[nodiscard]] const k8s::Resource& resource() const { return resource_; }
  /// 33 of Kubernetes 1.33.
  [[nodiscard]] std::uint32_t minor() const { return minor_; }

  /// The value of a field; nullptr when it is absent or null.
  [[nodiscard]] const Node* get(const Node* mapping, std::string_view key) const;
  [[nodiscard]] const Node* get(const Node* mapping,
                                std::initializer_list<std::string_view> keys) const;
  /// The items of a list; none when the field is no list.
  [[nodiscard]] std::span<const Node> items(const Node* list) const;
  [[nodiscard]] std::span<const Node> items(const Node* mapping, std::string_view key) const {
    return items(get(mapping, key));
  }
  [[nodiscard]] Pairs pairs(const Node* mapping) const;
  [[nodiscard]] Pairs pairs(const Node* mapping, std::string_view key) const {
    return pairs(get(mapping, key));
  }
  /// The text of a string; empty when there is none.
  [[nodiscard]] std::string_view text(const Node* mapping, std::string_view key) const;
  [[nodiscard]] std::string_view text(const Node* node) const;
  [[nodiscard]] std::optional<std::int64_t> integer(const Node* mapping,
                                                    std::string_view key) const;
  /// Whether the field is there and true.
  [[nodiscard]] bool is_true(const Node* mapping, std::string_view key) const;
  [[nodiscard]] bool is_false(const Node* mapping, std::string_view key) const;
  [[nodiscard]] bool has(const Node* mapping, std::string_view key) const {
    return get(mapping, key) != nullptr;
  }
  /// A quantity as a resource list holds it (rounded up to thousandths). Nothing when it is none;
  /// absent and null read as zero.
  [[nodiscard]] std::optional<k8s::Quantity> quantity(const Node* node) const;

  /// From here on findings are warnings with this ending, because the server itself does not look;
  /// an empty one makes them errors again.
  void only_warn(std::string_view because) { only_warn_ = because; }

  // What is wrong. Each takes the place, what the server demands, and what to do about it.

  /// `field` of `mapping` must be there: "... is required, WHY".
  void required(const Node* mapping,
                std::string_view field,
                std::string_view why = {},
                std::string_view hint = {});
  /// "... is "x"; it must WHY".
  void invalid(At at, std::string_view code, std::string_view why, std::string_view hint = {});
  /// The value is none of these.
  void unsupported(At at, std::span<const std::string_view> known);
  /// "... may not be set WHY" (schema/conflict).
  void forbidden(At at, std::string_view why, std::string_view hint = {});
  /// "... is "x", which WHAT already has" (schema/duplicate-item).
  void duplicate(At at, std::string_view what, std::string_view hint = {});

  // The commonest demands.

  /// A string that is there and not empty must have the form.
  void form(const Node* mapping, std::string_view field, Form form, std::string_view code = {});
  /// So must this text, which stands at a place.
  void text_form(At at, std::string_view text, Form form, std::string_view code = {});
  /// Required, and of the form.
  void named(const Node* mapping, std::string_view field, Form form);
  /// A number that is there must lie in [least, most].
  void range(const Node* mapping, std::string_view field, std::int64_t least, std::int64_t most);
  /// A string that is there and not empty must be one of these.
  void one_of(const Node* mapping,
              std::string_view field,
              std::initializer_list<std::string_view> known);
  /// Required (an empty one too), and one of these.
  void chosen(const Node* mapping,
              std::string_view field,
              std::initializer_list<std::string_view> known);

 private:
  struct Place {
    std::string pointer;  ///< RFC 6901
    std::string subject;  ///< field "name" of containers[0]
    const Node* show = nullptr;
    const Node* point = nullptr;
  };
  [[nodiscard]] Place locate(At at) const;
  void say(At at, std::string_view code, std::string message, std::string_view hint, Place place);
  [[nodiscard]] std::string value_text(const Place& place) const;

  const k8s::Resource& resource_;
  const yaml::Document& document_;
  std::uint32_t minor_;
  std::size_t first_finding_;
  std::vector<diag::Finding>& findings_;
  std::string_view only_warn_;
};

}  // namespace sluice::rules
