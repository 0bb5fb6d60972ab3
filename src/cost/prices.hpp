// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cost/amounts.hpp"
#include "cost/money.hpp"
#include "cost/pod.hpp"
#include "diag/finding.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// What resources cost: OpenCost's custom pricing (JSON or CSV), with an extension that OpenCost
/// passes over (docs/cost-proxy.md).
namespace sluice::cost {

/// An hour of some amounts.
struct Charge {
  Money per_hour;
  std::vector<std::string> unpriced;  ///< resources without a price, sorted

  friend bool operator==(const Charge&, const Charge&) = default;
};

/// Prices of a node, each for an hour: of one unit of a resource, of a GiB where it is bytes.
using Rates = FlatMap<Money>;

/// Nodes with other prices than the rest.
struct Selection {
  std::string label, value;
  Rates rates;  ///< "gpu" is any accelerator
};

struct Prices {
  std::string file;
  std::string currency;  ///< ISO 4217
  std::int64_t hours_per_month = 730;
  Rates rates;  ///< cpu, memory, gpu, storage, services.loadbalancers, any resource by its name
  Rates spot_rates;                    ///< cpu, memory and gpu on nodes that may go at any time
  std::vector<Selection> selections;   ///< the first one that a pod is bound to counts
  Rates storage_classes;               ///< by class
  std::string spot_label, spot_value;  ///< a further label of spot nodes
};

/// In which unit the prices of a file are: OpenCost reads its file as hourly, and the same keys in
/// a ConfigMap as monthly.
enum class PriceUnit : std::uint8_t { hourly, monthly };

struct PricesRead {
  std::optional<Prices> prices;         ///< nothing when a finding says why
  std::vector<diag::Finding> findings;  ///< cost/bad-prices, each with file and line
};

/// Reads a price list: JSON, or OpenCost's CSV when the name ends in ".csv". CSV has rows for GPUs
/// (asset class gpu), volumes (pv) and whole nodes (node, not used: it prices no request).
PricesRead read_prices(std::string bytes, const std::string& file, PriceUnit unit);

/// Adds a further list; what the first one prices stays.
void merge(Prices& into, Prices more);

/// What an hour of these amounts costs on nodes with these labels.
Charge charge(const Prices& prices, const Amounts& amounts, std::span<const NodeLabel> node);

/// "nvidia.com/gpu.product=A100", "spot": which prices `charge` takes; empty for the usual ones.
std::string placement(const Prices& prices, std::span<const NodeLabel> node);

}  // namespace sluice::cost
