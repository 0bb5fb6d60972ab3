// SPDX-License-Identifier: Apache-2.0
#include "base/in_parts.hpp"
#include "cost/counter.hpp"
#include "cost/workload.hpp"
#include "k8s/scope.hpp"

#include <algorithm>
#include <iterator>
#include <set>
#include <unordered_map>
#include <utility>

namespace sluice::cost {
namespace {

using k8s::Resource;
using Resources = std::vector<const Resource*>;

/// The tallies of some objects, in their order.
std::vector<Tally> tallies(const Resources& resources, const Basis& basis, unsigned jobs) {
  constexpr std::size_t worth_a_thread = 500;  // objects
  const auto parts = std::clamp<std::size_t>(resources.size() / worth_a_thread, 1, jobs);
  std::vector<Tally> out(parts);
  in_parts(resources.size(), parts, [&](std::size_t part, std::size_t begin, std::size_t end) {
    Counter counter(basis.context, basis.options, basis.prices);
    for (auto i = begin; i < end; ++i) {
      counter.take(*resources[i]);
    }
    out[part] = std::move(counter).tally();
  });
  return out;
}

/// A claim counts once, however many workloads name it: for the first one that does.
void place_shared_devices(std::vector<std::vector<Workload>>& tallied, const Prices* prices) {
  std::set<const Resource*> placed;
  for (auto& workloads : tallied) {
    for (auto& workload : workloads) {
      for (const auto& [claim, devices] : workload.shared_devices) {
        if (placed.insert(claim).second) {
          add(workload.claims, devices);
        }
      }
      if (prices != nullptr && !workload.claims.empty()) {
        workload.claims_charge = charge(*prices, workload.claims, {});
      }
    }
  }
}

/// A workload and its object's place in the stream.
struct Placed {
  const Workload* workload = nullptr;
  std::size_t at = 0;
};

bool in_order(const Placed& a, const Placed& b) {
  const auto order = a.workload->key <=> b.workload->key;
  return order != 0 ? order < 0 : a.at < b.at;
}

/// Keeps the first of those that have one key. `placed` is sorted up to `sorted`.
void put_in_order(std::vector<Placed> placed, std::size_t sorted, Account& account) {
  const auto middle = placed.begin() + static_cast<std::ptrdiff_t>(sorted);
  std::sort(middle, placed.end(), in_order);
  std::inplace_merge(placed.begin(), middle, placed.end(), in_order);
  account.workloads.reserve(placed.size());
  for (const auto& [workload, at] : placed) {
    if (!account.workloads.empty() && account.workloads.back()->key == workload->key) {
      account.left_out.push_back({workload->key,
                                  "the stream holds this object twice; the first one counts",
                                  workload->resource});
    } else {
      account.workloads.push_back(workload);
    }
  }
  std::ranges::stable_sort(account.left_out, {}, &LeftOut::key);
}

/// Counts `rest`, objects of a stream that begins at `first`; `placed` lie in another account, and
/// are sorted.
Account account_of(const Resource* first,
                   const Resources& rest,
                   std::vector<Placed> placed,
                   const Basis& basis,
                   unsigned jobs) {
  Account out;
  for (auto& tally : tallies(rest, basis, jobs)) {
    std::ranges::move(tally.left_out, std::back_inserter(out.left_out));
    std::ranges::move(tally.findings, std::back_inserter(out.findings));
    out.own.push_back(std::move(tally.workloads));
  }
  place_shared_devices(out.own, basis.prices);
  const auto sorted = placed.size();
  for (const auto& workloads : out.own) {
    for (const auto& workload : workloads) {
      placed.push_back({&workload, static_cast<std::size_t>(workload.resource - first)});
    }
  }
  put_in_order(std::move(placed), sorted, out);
  return out;
}

}  // namespace

KeyView key_of(const Resource& resource) {
  const auto& ref = resource.ref;
  const auto group = resource.group();
  std::string_view name_space = ref.name_space;
  if (name_space.empty() && !k8s::is_cluster_scoped(group, ref.kind)) {
    name_space = "default";
  }
  return {.env = resource.env(),
          .destination = resource.document->origin().destination,
          .name_space = name_space,
          .kind = ref.kind,
          .group = group,
          .name = ref.name};
}

Key key_of(const KeyView& view) {
  return {.env = std::string(view.env),
          .destination = std::string(view.destination),
          .name_space = std::string(view.name_space),
          .kind = std::string(view.kind),
          .group = std::string(view.group),
          .name = std::string(view.name)};
}

Account count(std::span<const Resource> resources, const Basis& basis, unsigned jobs) {
  Resources all;
  all.reserve(resources.size());
  for (const auto& resource : resources) {
    all.push_back(&resource);
  }
  return account_of(resources.data(), all, {}, basis, jobs);
}

Account count_beside(const Account& other,
                     const Context& other_context,
                     std::span<const Resource> resources,
                     const Basis& basis,
                     unsigned jobs) {
  const Differences differences(basis.context, other_context);
  std::unordered_map<const yaml::Node*, std::size_t> known;  // places in other.workloads
  known.reserve(other.workloads.size());
  for (std::size_t i = 0; i < other.workloads.size(); ++i) {
    const auto& workload = *other.workloads[i];
    if (workload.complete && workload.shared_devices.empty() &&
        !differences.touch(place_of(*workload.resource).name_space)) {
      known.emplace(workload.resource->object, i);
    }
  }
  Resources rest;
  std::vector<std::pair<std::size_t, std::size_t>> shared;  // the place there, the place here
  for (std::size_t i = 0; i < resources.size(); ++i) {
    const auto found = known.find(resources[i].object);
    if (found != known.end() && other.workloads[found->second]->resource->ref == resources[i].ref) {
      shared.emplace_back(found->second, i);
    } else {
      rest.push_back(&resources[i]);
    }
  }
  std::ranges::sort(shared);
  std::vector<Placed> placed;
  placed.reserve(resources.size());
  for (const auto& [there, here] : shared) {
    placed.push_back({other.workloads[there], here});
  }
  return account_of(resources.data(), rest, std::move(placed), basis, jobs);
}

}  // namespace sluice::cost
