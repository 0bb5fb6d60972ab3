// SPDX-License-Identifier: Apache-2.0
#include "schema/check.hpp"

#include "schema/checker.hpp"
#include "schema/format.hpp"
#include "yaml/canonical.hpp"

#include <limits>
#include <utility>

namespace sluice::schema {
namespace {

using yaml::Kind;
using yaml::Node;

/// The parser lets documents be 1,000 deep; references of a schema to itself may add to that.
constexpr int depth_limit = 4000;

bool accepts(Place place, Kind kind) {
  return (place.accepts() >> static_cast<unsigned>(kind) & 1U) != 0;
}

}  // namespace

void check(const k8s::Resource& resource,
           Place schema,
           KubeVersion version,
           std::vector<diag::Finding>& findings,
           Demands demands,
           std::uint64_t visit_limit) {
  if (schema) {
    Checker(resource, schema, version, demands, visit_limit, findings)
        .value(schema, *resource.object, Frame{});
  }
}

void Checker::value(Place place, const Node& node, const Frame& frame) {
  if (stopped_ || (probing_ != 0 && failed_)) {
    return;
  }
  if (visits_left_ == 0 || depth_ == depth_limit) {
    stopped_ = true;
    const int probing = std::exchange(probing_, 0);
    complain(node,
             {"schema/limit", "checking this object takes more steps than are allowed",
              "its schema refers to itself or nests alternatives too deeply", pointer(frame)});
    probing_ = probing;
    return;
  }
  --visits_left_;
  if (!accepts(place, node.kind)) {
    return wrong_type(place, node, frame);
  }
  ++depth_;
  switch (node.kind) {
    case Kind::mapping:
      object(place, node, frame);
      break;
    case Kind::sequence:
      list(place, node, frame);
      break;
    case Kind::string:
      if (const Format format = place.format();
          format > Format::int_or_string && !has_format(format, node.text)) {
        wrong_format(format, node, frame);
      }
      break;
    case Kind::integer:
    case Kind::real:
      number(place, node, frame);
      break;
    case Kind::null:
    case Kind::boolean:
      break;
  }
  if (place.rules() != 0 && !lenient_) {
    rules(place, node, frame);
  }
  --depth_;
}

void Checker::object(Place place, const Node& node, const Frame& frame) {
  const std::uint32_t table = place.properties();
  const std::uint32_t values = place.values();
  std::uint32_t seen = 0;
  const auto pairs = document_.children(node);
  Property property;
  for (std::size_t i = 0; i + 1 < pairs.size(); i += 2) {
    const Node& key = pairs[i];
    const Node& child = pairs[i + 1];
    const bool named = table != 0 && find_property(*place.table, table, key.text, property);
    if (!named && values == 0 && !place.closed() && place.rules() == 0) {
      continue;
    }
    if (named && property.required != 0 && child.kind != Kind::null) {
      seen |= 1U << (property.required - 1);
    }
    field(place, named ? &property : nullptr, key, frame);
    if (named && property.required != 0 && child.kind == Kind::null &&
        resolve(*place.table, property.reference).nullable()) {
      seen |= 1U << (property.required - 1);
    }
  }
  if (seen != place.required() && !lenient_) {
    missing_fields(place, seen, node, frame);
  }
}

void Checker::field(Place place, const Property* property, const Node& key, const Frame& frame) {
  const Node& node = *(&key + 1);
  Place child;
  const bool patterned = place.has_patterns() && patterned_field(place, key, frame);
  if (patterned && property == nullptr) {
    return;
  }
  if (property != nullptr) {
    child = resolve(*place.table, property->reference);
  } else if (const Unnamed unnamed = unnamed_field(place, key.text); unnamed.known) {
    child = unnamed.place;
  } else if (place.closed()) {
    return unknown_field(place, key, frame);
  } else {
    return;
  }
  if (!child || (node.kind == Kind::null && !child.nullable())) {
    return;  // anything goes, or null: as if the field were not there
  }
  const Frame below{&frame, &key, 0};
  const bool status = frame.up == nullptr && key.text == "status";
  const bool lenient = std::exchange(lenient_, lenient_ || status);
  value(child, node, below);
  lenient_ = lenient;
}

Checker::Unnamed Checker::unnamed_field(Place place, std::string_view key) const {
  const Table& table = *place.table;
  for (std::size_t at = place.rules(); at != 0 && table.word(at) != 0;) {
    const std::uint32_t words = table.word(at) >> 8U;
    switch (static_cast<Rule>(table.word(at) & 0xFFU)) {
      case Rule::extends: {
        const Place base = resolve(table, table.word(at + 4));
        Property property;
        if (base && base.properties() != 0 &&
            find_property(*base.table, base.properties(), key, property)) {
          return {true, resolve(*base.table, property.reference)};
        }
        if (const Unnamed deeper = base ? unnamed_field(base, key) : Unnamed{}; deeper.known) {
          return deeper;
        }
        break;
      }
      default:
        break;
    }
    at += 4 + std::size_t{4} * words;
  }
  if (place.values() != 0) {
    return {true, resolve(table, place.values())};
  }
  return {};
}

void Checker::list(Place place, const Node& node, const Frame& frame) {
  Place item = resolve(*place.table, place.items());
  const bool by_place = place.rules() != 0;  // perhaps: rules are rare on lists
  if (!item && !by_place) {
    return;
  }
  std::uint32_t index = 0;
  for (const Node& child : document_.children(node)) {
    const Frame below{&frame, nullptr, index++};
    if (by_place && !(item = item_at(place, below.index))) {
      continue;
    }
    if (child.kind == Kind::null && !item.nullable()) {
      null_item(item, child, below);
    } else {
      value(item, child, below);
    }
  }
}

void Checker::number(Place place, const Node& node, const Frame& frame) {
  const Format format = place.format();
  if (format == Format::none || format > Format::int_or_string) {
    return;  // any number; a quantity takes every one of them
  }
  constexpr std::size_t safe =
      9;  // fewer characters than the least number outside 32 bits, in any base
  if (node.kind == Kind::integer && node.text.size() <= safe) {
    return;
  }
  const auto whole = yaml::as_int64(node);
  if (!whole) {
    return wrong_format(format == Format::int_or_string ? Format::int32 : format, node, frame);
  }
  const bool narrow = format == Format::int32 || format == Format::int_or_string;
  if (narrow && (*whole < std::numeric_limits<std::int32_t>::min() ||
                 *whole > std::numeric_limits<std::int32_t>::max())) {
    wrong_format(Format::int32, node, frame);
  }
}

}  // namespace sluice::schema
