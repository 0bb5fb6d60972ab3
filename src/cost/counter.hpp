// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cost/namespace_rules.hpp"
#include "cost/running.hpp"
#include "cost/workload.hpp"

#include <map>
#include <string>
#include <vector>

namespace sluice::cost {

/// What some objects of a stream came to, in the order of the stream; each by itself, so that
/// several threads count a stream together.
struct Tally {
  std::vector<Workload> workloads;
  std::vector<LeftOut> left_out;
  std::vector<diag::Finding> findings;
};

/// Counts objects, one at a time.
class Counter {
 public:
  /// What is given must outlive the tally. `prices` may be nullptr.
  Counter(const Context& context, const Options& options, const Prices* prices)
      : context_(context), options_(options), prices_(prices) {}

  void take(const k8s::Resource& resource);
  Tally tally() && { return std::move(out_); }

 private:
  bool take_core(const k8s::Resource& resource, std::string_view kind);
  void take_row(const k8s::Resource& resource, const KindRow& row);
  void take_claim(const k8s::Resource& resource);
  void take_balancer(const k8s::Resource& resource);
  void check_limit_range(const k8s::Resource& range);
  RunningPods running_pods(const k8s::Resource& resource,
                           const KindRow& row,
                           std::vector<const k8s::Resource*>& used,
                           std::vector<BadQuantity>& bad);
  void add_part(Workload& workload, RunningPods::Entry pods);
  void add_overhead(const Place& place, PodShape& shape, Workload& workload);
  void add_devices(Workload& workload, const PodShape& shape, Part& part);
  void add_claim_templates(const KindRow& row, Workload& workload, std::vector<BadQuantity>& bad);
  const NamespaceRules& rules_of(const Place& place);
  void end(Workload workload, const std::vector<BadQuantity>& bad);
  void refuse(const BadQuantity& bad);
  void leave_out(const k8s::Resource& resource, std::string reason);

  const Context& context_;
  const Options& options_;
  const Prices* prices_;
  std::map<Place, NamespaceRules> rules_;
  Tally out_;
};

}  // namespace sluice::cost
