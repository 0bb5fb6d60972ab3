// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cost/report.hpp"
#include "cost/workload.hpp"

#include <vector>

namespace sluice::cost {

/// One workload on both sides. Points into the accounts.
struct Pair {
  const Workload* base = nullptr;
  const Workload* head = nullptr;
  Change change = Change::unchanged;

  [[nodiscard]] const Workload& shown() const { return head != nullptr ? *head : *base; }
};

/// Two accounts compared; they must outlive it.
struct Delta {
  const Account* base = nullptr;  ///< nullptr: there is nothing to compare with
  const Account* head = nullptr;
  std::vector<Pair> pairs;  ///< sorted by key; without a base every one is `unchanged`
};

/// Compares by environment, destination, namespace, kind and name; an added and a removed workload
/// of one environment and kind with equal pod specs that no other shares are one renamed one.
Delta compare(const Account* base, const Account& head);

/// Whether everything that is counted about a workload is the same; the words of notes apart.
bool same_cost(const Workload& a, const Workload& b);

/// Makes the plain data of a report, without findings and quotas, with so many threads.
Report finish(const Delta& delta, const Prices* prices, unsigned jobs = 1);

}  // namespace sluice::cost
