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

bool is_number(const Node& node) {
  return node.kind == Kind::integer || node.kind == Kind::real;
}

/// Characters as the API server counts them: code points.
std::size_t length_of(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
  }));
}

/// As the API server has it: 0.0075 is 75 times 0.0001, whatever binary fractions make of it.
bool is_whole(double number) {
  constexpr double epsilon = 1e-9;  // relative
  const double nearest = std::round(number);
  return std::abs(number - nearest) <= epsilon * std::max(1.0, std::abs(number));
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
    rule({place, static_cast<Rule>(head & 0xFFU), head >> 8U, at + 4}, node, frame);
    at += 4 + std::size_t{4} * (head >> 8U);
  }
}

void Checker::rule(const Demand& demand, const Node& node, const Frame& frame) {
  const Table& table = *demand.place.table;
  switch (demand.kind) {
    case Rule::enumeration:
      return enumeration(demand, node, frame);
    case Rule::pattern:
      if (node.kind == Kind::string && !table.patterns->matches(demand.word(0), node.text)) {
        complain(node, {"schema/pattern",
                        subject(frame) + " is " + value_text(node) + ", which does not match " +
                            text::printable(table.patterns->text(demand.word(0))),
                        {},
                        pointer(frame)});
      }
      return;
    case Rule::minimum:
    case Rule::maximum:
    case Rule::multiple_of:
      return number_rule(demand, node, frame);
    case Rule::min_length:
    case Rule::max_length:
    case Rule::min_items:
    case Rule::max_items:
    case Rule::min_properties:
    case Rule::max_properties:
      return size_rule(demand, node, frame);
    case Rule::server:
      if (!of_kubernetes_) {
        return;
      }
      [[fallthrough]];
    case Rule::all_of:
      for (std::uint32_t i = 0; i < demand.words; ++i) {
        if (const Place part = resolve(table, demand.word(i))) {
          value(part, node, frame);
        }
      }
      return;
    case Rule::any_of:
    case Rule::one_of:
    case Rule::none_of:
      return alternatives(demand, node, frame);
    case Rule::required:
      return required_names(demand, node, frame);
    case Rule::list_set:
    case Rule::list_map:
      return unique_items(demand, node, frame);
    case Rule::conditional:
      return conditional(demand, node, frame);
    case Rule::dependent_names:
    case Rule::dependent_schema:
      return dependent(demand, node, frame);
    case Rule::names:
      return names(demand, node, frame);
    case Rule::contains:
      return contains(demand, node, frame);
    case Rule::end:
    case Rule::pattern_properties:
    case Rule::extends:
    case Rule::prefix:
      return;  // of fields and items: unnamed_field() and item_at() read them
  }
}

void Checker::number_rule(const Demand& demand, const Node& node, const Frame& frame) {
  const auto number = is_number(node) ? yaml::as_double(node) : std::nullopt;
  if (!number) {
    return;
  }
  const double limit = demand.place.table->real(demand.at);
  const bool exclusive = demand.word(2) != 0;
  std::string wanted;
  if (demand.kind == Rule::minimum && (exclusive ? *number <= limit : *number < limit)) {
    wanted = exclusive ? "more than " : "at least ";
  } else if (demand.kind == Rule::maximum && (exclusive ? *number >= limit : *number > limit)) {
    wanted = exclusive ? "less than " : "at most ";
  } else if (demand.kind == Rule::multiple_of && !is_whole(*number / limit)) {
    wanted = "a multiple of ";
  } else {
    return;
  }
  complain(node, {"schema/range",
                  subject(frame) + " is " + value_text(node) + "; " + kind_text() + " wants " +
                      wanted + plain(limit),
                  {},
                  pointer(frame)});
}

void Checker::size_rule(const Demand& demand, const Node& node, const Frame& frame) {
  const Rule kind = demand.kind;
  const std::uint32_t limit = demand.word(0);
  std::size_t size = 0;
  std::string_view unit;
  const bool least =
      kind == Rule::min_length || kind == Rule::min_items || kind == Rule::min_properties;
  if ((kind == Rule::min_length || kind == Rule::max_length) && node.kind == Kind::string) {
    size = length_of(node.text);
    unit = "character";
  } else if ((kind == Rule::min_items || kind == Rule::max_items) && node.kind == Kind::sequence) {
    size = node.child_count;
    unit = "item";
  } else if ((kind == Rule::min_properties || kind == Rule::max_properties) &&
             node.kind == Kind::mapping) {
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
                  {},
                  pointer(frame)});
}

void Checker::enumeration(const Demand& demand, const Node& node, const Frame& frame) {
  const bool is_text = node.kind == Kind::string;
  const std::string own = is_text ? std::string{} : canonical(document_, node);
  const std::string_view wanted = is_text ? node.text : std::string_view(own);
  for (std::uint32_t i = 0; i + 1 < demand.words; i += 2) {
    if (demand.text(i) == wanted && ((demand.word(i + 1) & flag_text) != 0) == is_text) {
      return;
    }
  }
  if (!silent()) {
    not_known(demand, node, frame);
  }
}

void Checker::not_known(const Demand& demand, const Node& node, const Frame& frame) {
  constexpr std::size_t most = 12;
  std::vector<std::string_view> known;
  for (std::uint32_t i = 0; i + 1 < demand.words; i += 2) {
    if (!demand.text(i).empty()) {
      known.push_back(demand.text(i));
    }
  }
  const auto shown_end = known.begin() + static_cast<std::ptrdiff_t>(std::min(known.size(), most));
  std::string hint =
      "one of: " + text::join(std::vector<std::string>(known.begin(), shown_end), ", ");
  hint += known.size() > most ? ", ..." : "";
  if (const auto near = text::nearest(node.text, known)) {
    hint = "did you mean \"" + std::string(*near) + "\"? " + hint;
  }
  complain(node, {"schema/enum",
                  subject(frame) + " is " + value_text(node) + ", which " + kind_text() +
                      " does not know",
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

void Checker::alternatives(const Demand& demand, const Node& node, const Frame& frame) {
  std::uint32_t fitting = 0;
  for (std::uint32_t i = 0; i < demand.words; ++i) {
    fitting += fits(resolve(*demand.place.table, demand.word(i)), node, frame) ? 1 : 0;
    if (demand.kind == Rule::any_of && fitting != 0) {
      return;
    }
  }
  const std::string forms = std::to_string(demand.words) + " forms that ";
  std::string problem;
  if (demand.kind == Rule::none_of && fitting != 0) {
    problem = " is what its schema forbids (not)";
  } else if (demand.kind != Rule::none_of && fitting == 0) {
    problem = " fits none of the " + forms + "its schema allows";
  } else if (demand.kind == Rule::one_of && fitting > 1) {
    problem = " fits " + std::to_string(fitting) + " of the " + forms + "exclude each other";
  } else {
    return;
  }
  complain(node, {"schema/alternatives",
                  subject(frame) + problem + ", in " + kind_text(),
                  {},
                  pointer(frame)});
}

void Checker::required_names(const Demand& demand, const Node& node, const Frame& frame) {
  if (node.kind != Kind::mapping) {
    return;
  }
  for (std::uint32_t i = 0; i + 1 < demand.words; i += 2) {
    const Node* found = document_.find(node, demand.text(i));
    if (found == nullptr || found->kind == Kind::null) {
      missing_field(demand.text(i), node, frame);
    }
  }
}

void Checker::unique_items(const Demand& demand, const Node& node, const Frame& frame) {
  // Within its own kinds the server lets server-side apply look at this; create and update do not.
  if (of_kubernetes_ || node.kind != Kind::sequence || node.child_count < 2) {
    return;
  }
  std::set<std::string> seen;
  std::uint32_t index = 0;
  for (const Node& item : document_.children(node)) {
    const Frame below{&frame, nullptr, index++};
    std::string key = demand.kind == Rule::list_set ? canonical(document_, item) : std::string{};
    for (std::uint32_t i = 0; i + 3 < demand.words; i += 4) {
      const Node* part = document_.find(item, demand.text(i));
      const std::string_view standard = demand.text(i + 2);
      const bool absent = part == nullptr || (part->kind == Kind::null && !standard.empty());
      key += (key.empty() ? "" : ", ") + std::string(demand.text(i)) + " " +
             (!absent            ? canonical(document_, *part)
              : standard.empty() ? "absent"
                                 : std::string(standard));
    }
    if (!seen.insert(key).second) {
      complain(item, {"schema/duplicate-item",
                      subject(below) + " repeats " + text::printable(key) + ", in " + kind_text(),
                      "items of this list differ in that", pointer(below)});
    }
  }
}

}  // namespace sluice::schema
