// SPDX-License-Identifier: Apache-2.0
#include "cost/namespace_rules.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>

namespace sluice::cost {
namespace {

using diag::Finding;
using k8s::Quantity;
using k8s::Resource;
using yaml::Kind;

/// "requests.cpu", "cpu" and "limits.memory" demand that every container says its own; others
/// (storage, devices, objects) do not. An extended resource is never demanded.
void read_demands(const Resource& quota, NamespaceRules& rules) {
  const auto& document = *quota.document;
  const auto* hard = document.find(*quota.object, {"spec", "hard"});
  const bool scoped = document.find(*quota.object, {"spec", "scopes"}) != nullptr ||
                      document.find(*quota.object, {"spec", "scopeSelector"}) != nullptr;
  if (hard == nullptr || hard->kind != Kind::mapping) {
    return;
  }
  const auto children = document.children(*hard);
  for (std::size_t i = 0; i + 1 < children.size(); i += 2) {
    const auto name = children[i].text;
    const bool limit = name.starts_with("limits.");
    rules.counts_limits = rules.counts_limits || limit;
    const auto resource =
        limit || name.starts_with("requests.") ? name.substr(name.find('.') + 1) : name;
    if (scoped || (resource != "cpu" && resource != "memory")) {
      continue;
    }
    (limit ? rules.limits : rules.requests).push_back({resource, &quota});
  }
}

void read_bounds(const Resource& range, NamespaceRules& rules) {
  const auto& document = *range.document;
  const auto* items = document.find(*range.object, {"spec", "limits"});
  if (items == nullptr || items->kind != Kind::sequence) {
    return;
  }
  std::vector<BadQuantity> elsewhere;
  const Reading reading{range, Origin::Basis::object, elsewhere};
  for (const auto& item : document.children(*items)) {
    const auto type = document.text(item, {"type"});
    const auto list = [&](std::string_view key) {
      return read_resource_list(reading, document.find(item, key));
    };
    NamespaceRules::Bounds bounds{&range, list("min"), list("max"), list("maxLimitRequestRatio")};
    if (bounds.min.empty() && bounds.max.empty() && bounds.ratio.empty()) {
      continue;
    }
    if (type == "Container" || type == "Pod") {
      (type == "Pod" ? rules.pod_bounds : rules.container_bounds).push_back(std::move(bounds));
    }
  }
}

Amounts plain(const ResourceList& list) {
  Amounts out;
  for (const auto& [name, value] : list) {
    out.set(name, value.quantity);
  }
  return out;
}

/// The findings about one pod of one workload.
class Check {
 public:
  Check(const Resource& workload, std::vector<Finding>& findings)
      : workload_(workload), findings_(findings) {}

  void demand(const Container& container,
              const ResourceList& list,
              const ResourceList& whole,
              const NamespaceRules::Demand& demand,
              std::string_view what) {
    if (list.find(demand.resource) != nullptr || whole.find(demand.resource) != nullptr) {
      return;
    }
    auto out = finding("cost/quota-refuses");
    out.message = "container " + shown(container) + " has no " + std::string(demand.resource) +
                  " " + std::string(what) + ", which ResourceQuota " +
                  text::printable(demand.quota->ref.name, 80) + " demands of every pod";
    out.hint = "set it, or give the namespace a LimitRange with defaults";
    findings_.push_back(std::move(out));
  }

  /// A limit that the LimitRange fills in below the container's own request makes the pod invalid.
  void filled_limit(const Container& container, const Resource& range) {
    for (const auto& [name, limit] : container.limits) {
      const auto* request = container.requests.find(name);
      if (limit.from.object == &range && request != nullptr && request->quantity > limit.quantity) {
        refuse(range, "container " + shown(container),
               "requests " + people_text(name, request->quantity) + " " + name +
                   ", above the default limit of " + people_text(name, limit.quantity) +
                   " that it gets");
      }
    }
  }

  void bounds(const std::string& subject,
              const Amounts& requests,
              const Amounts& limits,
              const NamespaceRules::Bounds& bounds) {
    for (const auto& [name, least] : bounds.min) {
      const auto* request = requests.find(name);
      if (request != nullptr && *request < least.quantity) {
        refuse(*bounds.range, subject,
               "requests " + people_text(name, *request) + " " + name + ", below the minimum of " +
                   people_text(name, least.quantity));
      }
    }
    for (const auto& [name, most] : bounds.max) {
      const auto own = std::max(get(limits, name), get(requests, name));
      if (own > most.quantity) {
        refuse(*bounds.range, subject,
               "asks for " + people_text(name, own) + " " + name + ", above the maximum of " +
                   people_text(name, most.quantity));
      }
    }
    for (const auto& [name, ratio] : bounds.ratio) {
      if (exceeds(get(limits, name), get(requests, name), ratio.quantity)) {
        refuse(*bounds.range, subject,
               "has a limit of " + people_text(name, get(limits, name)) + " " + name +
                   " for a request of " + people_text(name, get(requests, name)) + ", more than " +
                   people_text("", ratio.quantity) + " times as much");
      }
    }
  }

 private:
  /// limit / request > ratio, without a fraction; the ratio is in thousandths.
  static bool exceeds(Quantity limit, Quantity request, Quantity ratio) {
    constexpr k8s::Int128 nano_per_milli = 1'000'000;
    const auto thousandths = static_cast<std::int64_t>(
        std::min<k8s::Int128>(ratio.nano() / nano_per_milli, k8s::Int128{1} << 40));
    return request.nano() != 0 && times(limit, 1000) > times(request, thousandths);
  }

  void refuse(const Resource& range, const std::string& subject, const std::string& what) {
    auto out = finding("cost/limit-range");
    out.message =
        subject + " " + what + " (LimitRange " + text::printable(range.ref.name, 80) + ")";
    out.hint = "the cluster would refuse its pods: change the request, or the LimitRange";
    findings_.push_back(std::move(out));
  }

  static std::string shown(const Container& container) {
    return text::printable(container.name, 80);
  }

  Finding finding(std::string code) const {
    const auto* spec = workload_.document->find(*workload_.object, "spec");
    auto out = k8s::finding_at(workload_, spec == nullptr ? *workload_.object : *spec);
    out.code = std::move(code);
    out.severity = diag::Severity::warning;
    return out;
  }

  const Resource& workload_;
  std::vector<Finding>& findings_;
};

}  // namespace

NamespaceRules namespace_rules(const Context& context, const Place& place) {
  NamespaceRules out;
  out.ranges = context.find(place, "LimitRange", place.name_space);
  out.quotas = context.find(place, "ResourceQuota", place.name_space);
  std::vector<BadQuantity> elsewhere;  // reported where the LimitRange itself is taken
  out.defaults = container_defaults(out.ranges, elsewhere);
  for (const auto* range : out.ranges) {
    read_bounds(*range, out);
  }
  for (const auto* quota : out.quotas) {
    read_demands(*quota, out);
  }
  return out;
}

void check_pod(const NamespaceRules& rules,
               const Resource& workload,
               const PodShape& pod,
               std::vector<Finding>& findings) {
  Check check(workload, findings);
  for (const auto* containers : {&pod.init, &pod.app}) {
    for (const auto& container : *containers) {
      for (const auto& demand : rules.requests) {
        check.demand(container, container.requests, pod.requests, demand, "request");
      }
      for (const auto& demand : rules.limits) {
        check.demand(container, container.limits, pod.limits, demand, "limit");
      }
      for (const auto* range : rules.ranges) {
        check.filled_limit(container, *range);
      }
      for (const auto& bounds : rules.container_bounds) {
        check.bounds("container " + text::printable(container.name, 80), plain(container.requests),
                     plain(container.limits), bounds);
      }
    }
  }
  for (const auto& bounds : rules.pod_bounds) {
    check.bounds("one pod", effective(pod).amounts, effective_limits(pod), bounds);
  }
}

}  // namespace sluice::cost
