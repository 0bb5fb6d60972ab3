// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cost/workload.hpp"

#include <optional>
#include <string>
#include <vector>

namespace sluice::cost {

enum class Change : std::uint8_t { added, removed, changed, unchanged };
std::string_view name(Change change);  ///< "added", ...

/// One workload on both sides. Points into the accounts, which must outlive it.
struct Row {
  const Workload* base = nullptr;
  const Workload* head = nullptr;
  Change change = Change::unchanged;
  /// Why it changed: "manifest", "HorizontalPodAutoscaler web", "LimitRange defaults". Sorted.
  std::vector<std::string> because;

  [[nodiscard]] const Workload& shown() const { return head != nullptr ? *head : *base; }
  [[nodiscard]] const Totals& before() const;
  [[nodiscard]] const Totals& after() const;
};

/// The workloads of one environment, namespace and team together.
struct Group {
  std::string env, name_space, team;
  Totals base, head;
};

struct Delta {
  bool has_base = false;
  std::vector<Row> rows;      ///< sorted by key; without a base every row is `unchanged`
  std::vector<Group> groups;  ///< sorted by environment, namespace, team
  Totals base, head;
  std::size_t added = 0, removed = 0, changed = 0, unchanged = 0;
};

/// Compares by environment, destination, namespace, kind and name; without a base the rows and
/// sums are those of `head` alone.
Delta compare(const Account* base, const Account& head);

/// Whether everything that is counted about a workload is the same; the words of notes apart.
bool same_cost(const Workload& a, const Workload& b);

}  // namespace sluice::cost
