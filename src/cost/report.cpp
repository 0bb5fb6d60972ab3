// SPDX-License-Identifier: Apache-2.0
#include "cost/report.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

namespace sluice::cost {
namespace {

const Totals nothing{};

const std::string& value(const Group& group, Dimension dimension) {
  switch (dimension) {
    case Dimension::env:
      return group.env;
    case Dimension::name_space:
      return group.name_space;
    case Dimension::team:
      return group.owners.team.empty() ? group.owners.owner : group.owners.team;
    case Dimension::owner:
      return group.owners.owner;
    case Dimension::cost_center:
      break;
  }
  return group.owners.cost_center;
}

}  // namespace

std::string_view name(Role role) {
  return role == Role::steady ? "steady" : role == Role::batch ? "batch" : "perNode";
}

std::string_view name(Bound bound) {
  return bound == Bound::written        ? "written"
         : bound == Bound::keda_default ? "kedaDefault"
                                        : "none";
}

std::string_view name(Change change) {
  constexpr std::array<std::string_view, 5> names{"added", "removed", "changed", "renamed",
                                                  "unchanged"};
  return names[static_cast<std::size_t>(change)];
}

std::string_view name(Dimension dimension) {
  constexpr std::array<std::string_view, 5> names{"env", "namespace", "team", "owner",
                                                  "costCenter"};
  return names[static_cast<std::size_t>(dimension)];
}

const Totals& Row::before() const {
  return base ? base->totals : nothing;
}

const Totals& Row::after() const {
  return head ? head->totals : nothing;
}

std::vector<std::string> unpriced(const Totals& before,
                                  const Totals& after,
                                  Amounts Totals::*moment) {
  std::vector<std::string> out;
  for (const auto& [name, change] : difference(before.*moment, after.*moment)) {
    const auto without_price = [&name](const Totals& totals) {
      return std::ranges::binary_search(totals.unpriced, name);
    };
    if (without_price(before) || without_price(after)) {
      out.push_back(name);
    }
  }
  return out;
}

std::vector<Slice> slices(const std::vector<Group>& groups,
                          const std::vector<Dimension>& dimensions) {
  std::map<std::vector<std::string>, Slice> sums;
  for (const auto& group : groups) {
    std::vector<std::string> values;
    for (const auto dimension : dimensions) {
      values.push_back(value(group, dimension));
    }
    auto& slice = sums[values];
    add(slice.base, group.base);
    add(slice.head, group.head);
  }
  std::vector<Slice> out;
  for (auto& [values, slice] : sums) {
    slice.values = values;
    out.push_back(std::move(slice));
  }
  return out;
}

}  // namespace sluice::cost
