// SPDX-License-Identifier: Apache-2.0
#include "cost/delta.hpp"

#include <algorithm>
#include <map>
#include <tuple>

namespace sluice::cost {
namespace {

bool same_part(const Part& a, const Part& b) {
  return a.name == b.name && a.per_pod.amounts == b.per_pod.amounts && a.pods.min == b.pods.min &&
         a.pods.max == b.pods.max && a.pods.surge == b.pods.surge && a.pods.bound == b.pods.bound &&
         a.pods.role == b.pods.role && a.charge == b.charge;
}

Pair pair_of(const Workload* base, const Workload* head) {
  if (base == nullptr) {
    return {.head = head, .change = Change::added};
  }
  if (head == nullptr) {
    return {.base = base, .change = Change::removed};
  }
  return {base, head,
          base == head || same_cost(*base, *head) ? Change::unchanged : Change::changed};
}

/// Both lists are sorted by key.
std::vector<Pair> pairs_of(const std::vector<const Workload*>& base,
                           const std::vector<const Workload*>& head) {
  std::vector<Pair> pairs;
  pairs.reserve(std::max(base.size(), head.size()));
  auto left = base.begin();
  auto right = head.begin();
  while (left != base.end() || right != head.end()) {
    if (right == head.end() || (left != base.end() && (*left)->key < (*right)->key)) {
      pairs.push_back(pair_of(*left++, nullptr));
    } else if (left == base.end() || (*right)->key < (*left)->key) {
      pairs.push_back(pair_of(nullptr, *right++));
    } else {
      pairs.push_back(pair_of(*left++, *right++));
    }
  }
  return pairs;
}

/// What two names of one workload share: environment, cluster, kind, and the pod spec's digest.
using Likeness =
    std::tuple<std::string_view, std::string_view, std::string_view, std::string_view, Digest>;

struct Candidates {
  std::vector<std::size_t> added, removed;
};

/// Turns an added and a removed pair into one; the removed one is left empty.
void join_renamed(std::vector<Pair>& pairs) {
  std::map<Likeness, Candidates> alike;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const auto change = pairs[i].change;
    const auto& workload = pairs[i].shown();
    if ((change != Change::added && change != Change::removed) || workload.pod_spec == nullptr) {
      continue;
    }
    const auto& key = workload.key;
    auto& candidates = alike[{key.env, key.destination, key.group, key.kind,
                              yaml::digest(*workload.pod_holder->document, *workload.pod_spec)}];
    (change == Change::added ? candidates.added : candidates.removed).push_back(i);
  }
  for (const auto& [likeness, candidates] : alike) {
    if (candidates.added.size() == 1 && candidates.removed.size() == 1) {
      auto& gone = pairs[candidates.removed.front()];
      auto& joined = pairs[candidates.added.front()];
      joined.base = gone.base;
      joined.change = Change::renamed;
      gone = {};
    }
  }
  std::erase_if(pairs,
                [](const Pair& pair) { return pair.base == nullptr && pair.head == nullptr; });
}

}  // namespace

bool same_cost(const Workload& a, const Workload& b) {
  return a.claims == b.claims && a.claims_charge == b.claims_charge &&
         std::equal(a.parts.begin(), a.parts.end(), b.parts.begin(), b.parts.end(), same_part);
}

Delta compare(const Account* base, const Account& head) {
  Delta delta{.base = base, .head = &head, .pairs = {}};
  if (base == nullptr) {
    for (const auto* workload : head.workloads) {
      delta.pairs.push_back({.head = workload});
    }
    return delta;
  }
  delta.pairs = pairs_of(base->workloads, head.workloads);
  join_renamed(delta.pairs);
  return delta;
}

}  // namespace sluice::cost
