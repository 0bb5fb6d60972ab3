// SPDX-License-Identifier: Apache-2.0
#include "cost-proxy/settings.hpp"

#include "base/text.hpp"
#include "manifests/input.hpp"

#include <iterator>
#include <utility>

namespace sluice::cost_proxy {
namespace {

constexpr std::uint64_t largest_price_list = 16U << 20U;

cost::KindRow row_of(const config::CostKind& kind) {
  cost::KindRow row{.group = kind.group,
                    .kind = kind.kind,
                    .role = kind.role == "batch" ? cost::Role::batch : cost::Role::steady,
                    .count = kind.role == "node" ? cost::Count::per_node : cost::Count::groups};
  row.pods[0] = {.pod = kind.pod,
                 .replicas = kind.replicas,
                 .otherwise = kind.otherwise,
                 .each = kind.each,
                 .min = kind.min,
                 .max = kind.max,
                 .times = kind.times};
  row.claims = kind.claims;
  row.suspend = kind.suspend;
  return row;
}

diag::Severity severity_of(const config::Config& config,
                           const std::string& rule,
                           diag::Severity otherwise) {
  const auto found = config.cost.rules.find(rule);
  if (found == config.cost.rules.end()) {
    return otherwise;
  }
  return found->second == "fail"   ? diag::Severity::error
         : found->second == "warn" ? diag::Severity::warning
                                   : diag::Severity::note;
}

Result<cost::Thresholds> thresholds_of(const config::CostThresholds& from, const std::string& key) {
  cost::Thresholds out{.owner = from.owner};
  SLUICE_TRY_ASSIGN(out.flags, cost::read_bounds(from.flags, key + ".flags"));
  SLUICE_TRY_ASSIGN(out.limits, cost::read_bounds(from.limits, key + ".limits"));
  return out;
}

}  // namespace

void read_counting(const config::Config& config, const Options& options, Counting& out) {
  const auto& cost = config.cost;
  for (const auto& kind : cost.kinds) {
    out.kinds.push_back(row_of(kind));
  }
  for (const auto& pool : cost.node_pools) {
    out.pools.push_back({pool.label, pool.value, pool.count});
  }
  out.options.nodes = options.nodes ? options.nodes : cost.nodes;
  out.options.pools = out.pools;
  out.options.kinds = out.kinds;
  out.options.queue_proxy_cpu = cost.queue_proxy_cpu;
  out.options.queue_proxy_memory = cost.queue_proxy_memory;
}

Result<cost::Rules> read_rules(const config::Config& config) {
  cost::Rules rules{.file = config.file};
  SLUICE_TRY_ASSIGN(rules.workload, thresholds_of(config.cost.workload, "cost"));
  SLUICE_TRY_ASSIGN(rules.change, thresholds_of(config.cost.change, "cost.change"));
  rules.gpu = severity_of(config, "gpu", rules.gpu);
  rules.missing_requests = severity_of(config, "missing-requests", rules.missing_requests);
  rules.quota = severity_of(config, "quota", rules.quota);
  rules.unbounded = severity_of(config, "unbounded", rules.unbounded);
  return rules;
}

Result<cost::PricesRead> read_price_lists(const config::Config& config, const Options& options) {
  const auto& files = options.prices.empty() ? config.cost.prices : options.prices;
  const auto& word = options.prices_unit.empty() ? config.cost.prices_unit : options.prices_unit;
  const auto unit = word == "monthly" ? cost::PriceUnit::monthly : cost::PriceUnit::hourly;
  cost::PricesRead out;
  bool all = true;
  for (const auto& file : files) {
    std::string bytes;
    SLUICE_TRY_ASSIGN(bytes, manifests::read_bytes(manifests::input_of(file), largest_price_list));
    auto read = cost::read_prices(std::move(bytes), file, unit);
    std::move(read.findings.begin(), read.findings.end(), std::back_inserter(out.findings));
    all = all && read.prices;
    if (read.prices && out.prices) {
      cost::merge(*out.prices, std::move(*read.prices));
    } else if (read.prices) {
      out.prices = std::move(read.prices);
    }
  }
  if (!all) {
    out.prices.reset();
  }
  return out;
}

}  // namespace sluice::cost_proxy
