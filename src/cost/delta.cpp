// SPDX-License-Identifier: Apache-2.0
#include "cost/delta.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace sluice::cost {
namespace {

const Totals nothing{};

bool same_part(const Part& a, const Part& b) {
  return a.name == b.name && plain(a.per_pod) == plain(b.per_pod) && a.pods.min == b.pods.min &&
         a.pods.max == b.pods.max && a.pods.surge == b.pods.surge && a.pods.bound == b.pods.bound &&
         a.pods.role == b.pods.role;
}

bool same_object(const k8s::Resource& a, const k8s::Resource& b) {
  return yaml::digest(*a.document, *a.object) == yaml::digest(*b.document, *b.object);
}

using Used = std::map<Key, const k8s::Resource*>;

Used by_key(const Workload& workload) {
  Used out;
  for (const auto* resource : workload.used) {
    out.emplace(key_of(*resource), resource);
  }
  return out;
}

std::vector<std::string> reasons(const Workload& base, const Workload& head) {
  std::set<std::string> out;
  const auto before = by_key(base);
  const auto after = by_key(head);
  const auto look = [&](const Used& from, const Used& in) {
    for (const auto& [key, resource] : from) {
      const auto other = in.find(key);
      if (other == in.end() || !same_object(*resource, *other->second)) {
        out.insert(key.kind + " " + key.name);
      }
    }
  };
  look(before, after);
  look(after, before);
  if (!same_object(*base.resource, *head.resource)) {
    out.insert("manifest");
  }
  return {out.begin(), out.end()};
}

Row row_of(const Workload* base, const Workload* head) {
  if (base == nullptr) {
    return {.head = head, .change = Change::added};
  }
  if (head == nullptr) {
    return {.base = base, .change = Change::removed};
  }
  Row row{.base = base, .head = head};
  if (!same_cost(*base, *head)) {
    row.change = Change::changed;
    row.because = reasons(*base, *head);
  }
  return row;
}

/// Both lists are sorted by key.
std::vector<Row> rows_of(const std::vector<Workload>& base, const std::vector<Workload>& head) {
  std::vector<Row> rows;
  rows.reserve(std::max(base.size(), head.size()));
  auto left = base.begin();
  auto right = head.begin();
  while (left != base.end() || right != head.end()) {
    if (right == head.end() || (left != base.end() && left->key < right->key)) {
      rows.push_back(row_of(&*left++, nullptr));
    } else if (left == base.end() || right->key < left->key) {
      rows.push_back(row_of(nullptr, &*right++));
    } else {
      rows.push_back(row_of(&*left++, &*right++));
    }
  }
  return rows;
}

void sum_up(Delta& delta) {
  std::map<std::tuple<std::string, std::string, std::string>, Group> groups;
  const auto take = [&](const Workload* workload, Totals Group::*side) {
    if (workload == nullptr) {
      return;
    }
    const auto& key = workload->key;
    const auto& team =
        workload->owners.team.empty() ? workload->owners.owner : workload->owners.team;
    auto& group = groups[{key.env, key.name_space, team}];
    group.env = key.env;
    group.name_space = key.name_space;
    group.team = team;
    add(group.*side, workload->totals);
  };
  for (const auto& row : delta.rows) {
    take(row.base, &Group::base);
    take(row.head, &Group::head);
  }
  for (auto& entry : groups) {
    add(delta.base, entry.second.base);
    add(delta.head, entry.second.head);
    delta.groups.push_back(std::move(entry.second));
  }
}

}  // namespace

std::string_view name(Change change) {
  switch (change) {
    case Change::added:
      return "added";
    case Change::removed:
      return "removed";
    case Change::changed:
      return "changed";
    case Change::unchanged:
      break;
  }
  return "unchanged";
}

const Totals& Row::before() const {
  return base != nullptr ? base->totals : nothing;
}
const Totals& Row::after() const {
  return head != nullptr ? head->totals : nothing;
}

bool same_cost(const Workload& a, const Workload& b) {
  return a.claims == b.claims &&
         std::equal(a.parts.begin(), a.parts.end(), b.parts.begin(), b.parts.end(), same_part);
}

Delta compare(const Account* base, const Account& head) {
  Delta delta{.has_base = base != nullptr};
  if (base == nullptr) {
    for (const auto& workload : head.workloads) {
      delta.rows.push_back({.head = &workload});
    }
  } else {
    delta.rows = rows_of(base->workloads, head.workloads);
    for (const auto& row : delta.rows) {
      delta.added += row.change == Change::added ? 1U : 0U;
      delta.removed += row.change == Change::removed ? 1U : 0U;
      delta.changed += row.change == Change::changed ? 1U : 0U;
      delta.unchanged += row.change == Change::unchanged ? 1U : 0U;
    }
  }
  sum_up(delta);
  return delta;
}

}  // namespace sluice::cost
