// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cost/report.hpp"
#include "cost/workload.hpp"

#include <span>
#include <string>
#include <vector>

/// Whether the objects of a stream fit into the ResourceQuotas of their namespaces.
namespace sluice::cost {

/// One resource of one quota on one side.
struct QuotaLine {
  Place place;
  const k8s::Resource* quota = nullptr;
  std::string resource;  ///< as the quota writes it: "requests.cpu"
  Sourced hard;
  QuotaFit::Use use;
};

/// The quotas of every namespace in which something was counted, and how they are used. Sorted by
/// place, quota and resource. `resources` are the objects that the account was made of.
std::vector<QuotaLine> quota_lines(const Account& account,
                                   std::span<const k8s::Resource> resources,
                                   const Context& context);

/// The lines of both sides together (base: nullptr when there is none); those that are used alike
/// on both are left out.
std::vector<QuotaFit> fits_of(const std::vector<QuotaLine>* base,
                              const std::vector<QuotaLine>& head);

/// cost/quota for every line of the head that does not hold, at the steady maximum or in a rollout;
/// with a base only where more is asked for, or less granted, than before.
std::vector<diag::Finding> quota_findings(const std::vector<QuotaLine>* base,
                                          const std::vector<QuotaLine>& head,
                                          diag::Severity severity);

}  // namespace sluice::cost
