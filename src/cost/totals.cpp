// SPDX-License-Identifier: Apache-2.0
#include "cost/workload.hpp"

#include <algorithm>

namespace sluice::cost {
namespace {

void merge(std::vector<std::string>& names, const std::vector<std::string>& more) {
  for (const auto& name : more) {
    const auto at = std::ranges::lower_bound(names, name);
    if (at == names.end() || *at != name) {
      names.insert(at, name);
    }
  }
}

/// Adds one part: what its pods ask for, by when they ask for it.
void add(Totals& to, const Part& part) {
  const auto& [amounts, origins] = part.per_pod;
  const auto& pods = part.pods;
  const auto money = part.charge.per_hour;
  switch (pods.role) {
    case Role::steady:
      add(to.steady_min, amounts, pods.min);
      add(to.steady_max, amounts, pods.max);
      add(to.rollout_peak, amounts, pods.max + pods.surge);
      to.costs.steady_min = to.costs.steady_min + money * pods.min;
      to.costs.steady_max = to.costs.steady_max + money * pods.max;
      to.costs.rollout_peak = to.costs.rollout_peak + money * (pods.max + pods.surge);
      break;
    case Role::batch:
      add(to.batch_peak, amounts, pods.max);
      to.costs.batch_peak = to.costs.batch_peak + money * pods.max;
      break;
    case Role::per_node:
      add(to.per_node, amounts, 1);
      to.costs.per_node = to.costs.per_node + money;
      break;
  }
  to.open = to.open || (pods.role == Role::steady && pods.bound == Bound::none);
  to.batch_open = to.batch_open || (pods.role == Role::batch && pods.bound == Bound::none);
  if (pods.max != 0) {
    merge(to.unpriced, part.charge.unpriced);
  }
}

}  // namespace

void add(Totals& to, const Workload& workload) {
  for (const auto& part : workload.parts) {
    add(to, part);
  }
  if (workload.claims.empty()) {
    return;
  }
  for (auto* amounts : {&to.steady_min, &to.steady_max, &to.rollout_peak}) {
    add(*amounts, workload.claims);
  }
  auto& costs = to.costs;
  for (auto* money : {&costs.steady_min, &costs.steady_max, &costs.rollout_peak}) {
    *money = *money + workload.claims_charge.per_hour;
  }
  merge(to.unpriced, workload.claims_charge.unpriced);
}

void add(Totals& to, const Totals& more) {
  add(to.steady_min, more.steady_min);
  add(to.steady_max, more.steady_max);
  add(to.rollout_peak, more.rollout_peak);
  add(to.batch_peak, more.batch_peak);
  add(to.per_node, more.per_node);
  auto& costs = to.costs;
  costs.steady_min = costs.steady_min + more.costs.steady_min;
  costs.steady_max = costs.steady_max + more.costs.steady_max;
  costs.rollout_peak = costs.rollout_peak + more.costs.rollout_peak;
  costs.batch_peak = costs.batch_peak + more.costs.batch_peak;
  costs.per_node = costs.per_node + more.costs.per_node;
  merge(to.unpriced, more.unpriced);
  to.open = to.open || more.open;
  to.batch_open = to.batch_open || more.batch_open;
}

Totals totals_of(const Workload& workload) {
  Totals out;
  add(out, workload);
  return out;
}

Amounts steady_max(const Workload& workload) {
  Amounts out = workload.claims;
  for (const auto& part : workload.parts) {
    if (part.pods.role == Role::steady) {
      add(out, part.per_pod.amounts, part.pods.max);
    }
  }
  return out;
}

}  // namespace sluice::cost
