// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "config/config.hpp"
#include "cost-proxy/run.hpp"
#include "cost/flags.hpp"
#include "cost/kinds.hpp"
#include "cost/prices.hpp"

#include <optional>
#include <vector>

namespace sluice::cost_proxy {

/// What sluice.yaml and the flags say about counting; points into the configuration that it was
/// made of, which must outlive it.
struct Counting {
  std::vector<cost::KindRow> kinds;
  std::vector<cost::NodePool> pools;
  cost::Options options;
};
/// Fills `out`, which must stay where it is. Flags win over the file.
void read_counting(const config::Config& config, const Options& options, Counting& out);

/// Errors (parse): a threshold that is no quantity.
Result<cost::Rules> read_rules(const config::Config& config);

/// The price lists of the flags, else of sluice.yaml, as one; nothing when there are none, or when
/// a finding (cost/bad-prices) says why not. Errors: not_found, io, limit.
Result<cost::PricesRead> read_price_lists(const config::Config& config, const Options& options);

}  // namespace sluice::cost_proxy
