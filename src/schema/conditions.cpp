// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "schema/checker.hpp"
#include "schema/pattern.hpp"

#include <limits>

namespace sluice::schema {

using yaml::Kind;
using yaml::Node;

void Checker::conditional(const Demand& demand, const Node& node, const Frame& frame) {
  const Table& table = *demand.place.table;
  const bool holds = fits(resolve(table, demand.word(0)), node, frame);
  if (const Place branch = resolve(table, demand.word(holds ? 1 : 2))) {
    value(branch, node, frame);
  }
}

void Checker::dependent(const Demand& demand, const Node& node, const Frame& frame) {
  if (node.kind != Kind::mapping || document_.find(node, demand.text(0)) == nullptr) {
    return;
  }
  if (demand.kind == Rule::dependent_schema) {
    if (const Place part = resolve(*demand.place.table, demand.word(2))) {
      value(part, node, frame);
    }
    return;
  }
  for (std::uint32_t i = 2; i + 1 < demand.words; i += 2) {
    if (document_.find(node, demand.text(i)) == nullptr) {
      missing_field(demand.text(i), node, frame);
    }
  }
}

void Checker::names(const Demand& demand, const Node& node, const Frame& frame) {
  const Place wanted = resolve(*demand.place.table, demand.word(0));
  if (!wanted || node.kind != Kind::mapping) {
    return;
  }
  const auto pairs = document_.children(node);
  for (std::size_t i = 0; i + 1 < pairs.size(); i += 2) {
    Node name = pairs[i];
    name.kind = Kind::string;  // a key is text, whatever it looks like
    if (!fits(wanted, name, frame)) {
      complain(pairs[i], {"schema/pattern",
                          "the name \"" + text::printable(name.text) + "\" in " +
                              (frame.up == nullptr ? "the object" : name_of(frame)) +
                              " is not one that " + kind_text() + " allows",
                          {},
                          pointer(frame, name.text)});
    }
  }
}

void Checker::contains(const Demand& demand, const Node& node, const Frame& frame) {
  if (node.kind != Kind::sequence) {
    return;
  }
  const Place wanted = resolve(*demand.place.table, demand.word(0));
  std::uint32_t fitting = 0;
  std::uint32_t index = 0;
  for (const Node& item : document_.children(node)) {
    const Frame below{&frame, nullptr, index++};
    fitting += fits(wanted, item, below) ? 1 : 0;
  }
  const std::uint32_t least = demand.word(1);
  const std::uint32_t most = demand.word(2);
  if (fitting >= least && fitting <= most) {
    return;
  }
  complain(node, {"schema/range",
                  subject(frame) + " has " + text::counted(fitting, "item") +
                      " of the kind that is counted; " + kind_text() + " wants at " +
                      (fitting < least ? "least " + std::to_string(least)
                                       : "most " + std::to_string(most)),
                  {},
                  pointer(frame)});
}

bool Checker::patterned_field(Place place, const Node& key, const Frame& frame) {
  const Table& table = *place.table;
  const Node& node = *(&key + 1);
  const Frame below{&frame, &key, 0};
  bool matched = false;
  for (std::size_t at = place.rules(); at != 0 && table.word(at) != 0;) {
    const std::uint32_t head = table.word(at);
    if (static_cast<Rule>(head & 0xFFU) == Rule::pattern_properties &&
        table.patterns->matches(table.word(at + 4), key.text)) {
      matched = true;
      const Place child = resolve(table, table.word(at + 8));
      if (child && (node.kind != Kind::null || child.nullable())) {
        value(child, node, below);
      }
    }
    at += 4 + std::size_t{4} * (head >> 8U);
  }
  return matched;
}

Place Checker::item_at(Place list, std::uint32_t index) const {
  const Table& table = *list.table;
  for (std::size_t at = list.rules(); at != 0 && table.word(at) != 0;) {
    const std::uint32_t words = table.word(at) >> 8U;
    if (static_cast<Rule>(table.word(at) & 0xFFU) == Rule::prefix && index < words) {
      return resolve(table, table.word(at + 4 + std::size_t{4} * index));
    }
    at += 4 + std::size_t{4} * words;
  }
  return resolve(table, list.items());
}

}  // namespace sluice::schema
