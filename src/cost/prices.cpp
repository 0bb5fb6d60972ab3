// SPDX-License-Identifier: Apache-2.0
#include "cost/prices.hpp"

#include <algorithm>

namespace sluice::cost {
namespace {

using k8s::Int128;
using k8s::Quantity;

constexpr Int128 largest = ~(Int128{1} << 127);
constexpr Int128 nano_per_unit = 1'000'000'000;
constexpr Int128 bytes_per_gib = Int128{1} << 30;

/// amount * rate, where the rate is for `unit` nano of the amount; rounded to the nearest
/// trillionth, and at most the largest amount of money. Precondition: nothing is negative.
Money times_rate(Quantity amount, Money rate, Int128 unit) {
  // Whole units and the rest apart, so that the product of large numbers is not needed.
  const Int128 whole = amount.nano() / unit;
  const Int128 rest = amount.nano() % unit;
  Int128 product = 0;
  Int128 part = 0;
  if (__builtin_mul_overflow(whole, rate.pico(), &product) ||
      __builtin_mul_overflow(rest, rate.pico(), &part)) {
    return Money(largest);
  }
  return Money(product) + Money((part + unit / 2) / unit);
}

bool has(std::span<const NodeLabel> node, std::string_view label, std::string_view value) {
  return std::ranges::find(node, NodeLabel{label, value}) != node.end();
}

/// Labels by which clouds and Karpenter mark nodes that may go at any time.
constexpr std::array<NodeLabel, 4> spot_labels{{{"cloud.google.com/gke-spot", "true"},
                                                {"eks.amazonaws.com/capacityType", "SPOT"},
                                                {"karpenter.sh/capacity-type", "spot"},
                                                {"kubernetes.azure.com/scalesetpriority", "spot"}}};

bool is_spot(const Prices& prices, std::span<const NodeLabel> node) {
  return std::ranges::any_of(
             spot_labels,
             [&](const NodeLabel& label) { return has(node, label.first, label.second); }) ||
         (!prices.spot_label.empty() && has(node, prices.spot_label, prices.spot_value));
}

const Selection* selection_of(const Prices& prices, std::span<const NodeLabel> node) {
  const auto found = std::ranges::find_if(prices.selections, [&](const Selection& selection) {
    return has(node, selection.label, selection.value);
  });
  return found == prices.selections.end() ? nullptr : &*found;
}

const Money* rate_in(const Rates& rates, std::string_view resource) {
  const auto* own = rates.find(resource);
  return own == nullptr && is_accelerator(resource) ? rates.find("gpu") : own;
}

const Money* storage_rate(const Prices& prices, std::string_view resource) {
  const auto* of_class = prices.storage_classes.find(storage_class_of(resource));
  return of_class != nullptr ? of_class : prices.rates.find("storage");
}

}  // namespace

Charge charge(const Prices& prices, const Amounts& amounts, std::span<const NodeLabel> node) {
  const auto* selection = selection_of(prices, node);
  const bool spot = is_spot(prices, node);
  const auto rate_of = [&](std::string_view resource) -> const Money* {
    if (is_storage(resource)) {
      return storage_rate(prices, resource);
    }
    const auto* rate = selection == nullptr ? nullptr : rate_in(selection->rates, resource);
    if (rate == nullptr && spot) {
      rate = rate_in(prices.spot_rates, resource);
    }
    return rate != nullptr ? rate : rate_in(prices.rates, resource);
  };
  Charge out;
  for (const auto& [resource, quantity] : amounts) {
    if (quantity.nano() == 0) {
      continue;
    }
    if (const auto* rate = rate_of(resource)) {
      const Int128 unit = nano_per_unit * (is_bytes(resource) ? bytes_per_gib : 1);
      out.per_hour = out.per_hour + times_rate(quantity, *rate, unit);
    } else {
      out.unpriced.push_back(resource);
    }
  }
  return out;
}

std::string placement(const Prices& prices, std::span<const NodeLabel> node) {
  if (const auto* selection = selection_of(prices, node)) {
    return selection->label + "=" + selection->value;
  }
  return is_spot(prices, node) ? "spot" : "";
}

}  // namespace sluice::cost
