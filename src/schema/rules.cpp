// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "schema/checker.hpp"
#include "schema/pattern.hpp"
#include "yaml/canonical.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

namespace sluice::schema {
namespace {

using yaml::Kind;
using yaml::Node;

bool is_number(const Node& node) { return node.kind == Kind::integer || node.kind == Kind::real; }

/// Characters as the API server counts them: code points.
std::size_t length_of(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
  }));
}

std::string plain(double number) {
  if (number == std::trunc(number) && std::abs(number) < 1e15) {
    return std::to_string(static_cast<std::int64_t>(number));
  }
  std::string out = std::to_string(number);
  out.erase(out.find_last_not_of('0') + 1);
  return out;
}

std::string canonical(const yaml::Document& document, const Node& node) {
  std::string out;
  yaml::append_canonical_json(document, node, out);
  return out;
}

}  // namespace

void Checker::rules(Place place, const Node& node, const Frame& frame) {
  const Table& table = *place.table;
  for (std::size_t at = place.rules(); table.word(at) != 0;) {
    const std::uint32_t head = table.word(at);
    rule(static_cast<Rule>(head & 0xFFU), head >> 8U, at + 4, place, node, frame);
    at += 4 + std::size_t{4} * (head >> 8U);
  }
}

void Checker::rule(Rule kind,
                   std::uint32_t words,
                   std::size_t at,
                   Place place,
                   const Node& node,
                   const Frame& frame) {
  const Table& table = *place.table;
  switch (kind) {
    case Rule::enumeration:
      return enumeration(words, at, place, node, frame);
    case Rule::pattern:
      if (node.kind == Kind::string && !table.patterns->matches(table.word(at), node.text)) {
        complain(node, {"schema/pattern",
                        subject(frame) + " is " + value_text(node) + ", which does not match " +
                            text::printable(table.patterns->text(table.word(at))),
                        {}, pointer(frame)});
      }
      return;
    case Rule::minimum:
    case Rule::maximum:
    case Rule::multiple_of:
      return number_rule(kind, at, place, node, frame);
    case Rule::min_length:
    case Rule::max_length:
    case Rule::min_items:
    case Rule::max_items:
    case Rule::min_properties:
    case Rule::max_properties:
      return size_rule(kind, table.word(at), node, frame);
    case Rule::all_of:
      for (std::uint32_t i = 0; i < words; ++i) {
        if (const Place part = resolve(table, table.word(at + std::size_t{4} * i))) {
          value(part, node, frame);
        }
      }
      return;
    case Rule::server:
      if (of_kubernetes_) {
        value(resolve(table, table.word(at)), node, frame);
      }
      return;
    case Rule::any_of:
    case Rule::one_of:
    case Rule::none_of:
      return alternatives(kind, words, at, place, node, frame);
    case Rule::required:
      return required_names(words, at, place, node, frame);
    case Rule::list_set:
    case Rule::list_map:
      return unique_items(kind, words, at, place, node, frame);
    case Rule::end:
    case Rule::pattern_properties:
    case Rule::extends:
      return;  // of fields: unnamed_field() reads them
  }
}

void Checker::number_rule(Rule kind, std::size_t at, Place place, const Node& node, const Frame& frame) {
  const auto number = is_number(node) ? yaml::as_double(node) : std::nullopt;
  if (!number) {
    return;
  }
  const double limit = place.table->real(at);
  const bool exclusive = kind != Rule::multiple_of && place.table->word(at + 8) != 0;
  std::string demand;
  if (kind == Rule::minimum && (exclusive ? *number <= limit : *number < limit)) {
    demand = exclusive ? "more than " : "at least ";
  } else if (kind == Rule::maximum && (exclusive ? *number >= limit : *number > limit)) {
    demand = exclusive ? "less than " : "at most ";
  } else if (kind == Rule::multiple_of && std::fmod(*number, limit) != 0) {
    demand = "a multiple of ";
  } else {
    return;
  }
  complain(node, {"schema/range",
                  subject(frame) + " is " + value_text(node) + "; " + kind_text() + " wants " + demand +
                      plain(limit),
                  {}, pointer(frame)});
}

void Checker::size_rule(Rule kind, std::uint32_t limit, const Node& node, const Frame& frame) {
  std::size_t size = 0;
  std::string_view unit;
  const bool least =
      kind == Rule::min_length || kind == Rule::min_items || kind == Rule::min_properties;
  if (kind == Rule::min_length || kind == Rule::max_length) {
    if (node.kind != Kind::string) {
      return;
    }
    size = length_of(node.text);
    unit = "character";
  } else if (kind == Rule::min_items || kind == Rule::max_items) {
    if (node.kind != Kind::sequence) {
      return;
    }
    size = node.child_count;
    unit = "item";
  } else if (node.kind == Kind::mapping) {
    size = node.child_count / 2;
    unit = "field";
  } else {
    return;
  }
  if (least ? size >= limit : size <= limit) {
    return;
  }
  complain(node, {"schema/range",
                  subject(frame) + " has " + text::counted(size, unit) + "; " + kind_text() +
                      " wants at " + (least ? "least " : "most ") + std::to_string(limit),
                  {}, pointer(frame)});
}

void Checker::enumeration(std::uint32_t words,
                          std::size_t at,
                          Place place,
                          const Node& node,
                          const Frame& frame) {
  const Table& table = *place.table;
  const std::string own = node.kind == Kind::string ? std::string{} : canonical(document_, node);
  const std::string_view wanted = node.kind == Kind::string ? node.text : std::string_view(own);
  std::vector<std::string_view> known;
  for (std::uint32_t i = 0; i + 1 < words; i += 2) {
    const std::uint32_t length = table.word(at + std::size_t{4} * i + 4);
    const std::string_view value = table.text(table.word(at + std::size_t{4} * i), length & ~flag_text);
    const bool is_text = (length & flag_text) != 0;
    if (value == wanted && is_text == (node.kind == Kind::string)) {
      return;
    }
    if (!value.empty()) {
      known.push_back(value);
    }
  }
  if (silent()) {
    return;
  }
  std::vector<std::string> listed(known.begin(), known.begin() + static_cast<long>(std::min<std::size_t>(known.size(), 12)));
  std::string hint = "one of: " + text::join(listed, ", ");
  if (known.size() > listed.size()) {
    hint += ", ...";
  }
  if (const auto near = text::nearest(wanted, known)) {
    hint = "did you mean \"" + std::string(*near) + "\"? " + hint;
  }
  complain(node, {"schema/enum",
                  subject(frame) + " is " + value_text(node) + ", which " + kind_text() + " does not know",
                  text::printable(hint, 400), pointer(frame)});
}

bool Checker::fits(Place place, const Node& node, const Frame& frame) {
  if (!place) {
    return true;
  }
  const bool failed = std::exchange(failed_, false);
  ++probing_;
  value(place, node, frame);
  --probing_;
  return !std::exchange(failed_, failed);
}

void Checker::alternatives(Rule kind,
                           std::uint32_t words,
                           std::size_t at,
                           Place place,
                           const Node& node,
                           const Frame& frame) {
  std::uint32_t fitting = 0;
  for (std::uint32_t i = 0; i < words; ++i) {
    fitting += fits(resolve(*place.table, place.table->word(at + std::size_t{4} * i)), node, frame) ? 1 : 0;
    if (kind == Rule::any_of && fitting != 0) {
      return;
    }
  }
  std::string problem;
  if (kind == Rule::none_of && fitting != 0) {
    problem = " is what its schema forbids (not)";
  } else if (kind != Rule::none_of && fitting == 0) {
    problem = " fits none of the " + std::to_string(words) + " forms that its schema allows";
  } else if (kind == Rule::one_of && fitting > 1) {
    problem = " fits " + std::to_string(fitting) + " of the " + std::to_string(words) +
              " forms that exclude each other";
  } else {
    return;
  }
  complain(node, {"schema/alternatives", subject(frame) + problem + ", in " + kind_text(), {},
                  pointer(frame)});
}

void Checker::required_names(std::uint32_t words,
                             std::size_t at,
                             Place place,
                             const Node& node,
                             const Frame& frame) {
  if (node.kind != Kind::mapping) {
    return;
  }
  for (std::uint32_t i = 0; i + 1 < words; i += 2) {
    const std::string_view name = place.table->text(place.table->word(at + std::size_t{4} * i),
                                                    place.table->word(at + std::size_t{4} * i + 4));
    const Node* found = document_.find(node, name);
    if (found == nullptr || found->kind == Kind::null) {
      missing_field(name, node, frame);
    }
  }
}

void Checker::unique_items(Rule kind,
                           std::uint32_t words,
                           std::size_t at,
                           Place place,
                           const Node& node,
                           const Frame& frame) {
  if (node.kind != Kind::sequence || node.child_count < 2) {
    return;
  }
  std::set<std::string> seen;
  std::uint32_t index = 0;
  for (const Node& item : document_.children(node)) {
    const Frame below{&frame, nullptr, index++};
    std::string key;
    if (kind == Rule::list_set) {
      key = canonical(document_, item);
    }
    for (std::uint32_t i = 0; i + 1 < words; i += 2) {
      const std::string_view name = place.table->text(place.table->word(at + std::size_t{4} * i),
                                                      place.table->word(at + std::size_t{4} * i + 4));
      const Node* part = document_.find(item, name);
      key += (key.empty() ? "" : ", ") + std::string(name) + " " +
             (part == nullptr ? "absent" : canonical(document_, *part));
    }
    if (!seen.insert(key).second) {
      complain(item, {"schema/duplicate-item",
                      subject(below) + " repeats " + text::printable(key) + ", in " + kind_text(),
                      "items of this list differ in that", pointer(below)});
    }
  }
}

}  // namespace sluice::schema
