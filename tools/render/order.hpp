// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "render/model.hpp"

#include <algorithm>
#include <deque>
#include <tuple>

namespace sluice::render {

/// The deliveries that were rendered and count, by environment and name: the order of every output,
/// whatever order they were found in.
inline std::vector<const Delivery*> sorted(const std::deque<Delivery>& deliveries) {
  std::vector<const Delivery*> order;
  for (const auto& delivery : deliveries) {
    if (!delivery.superseded && delivery.stage == Stage::rendered) {
      order.push_back(&delivery);
    }
  }
  std::sort(order.begin(), order.end(), [](const auto* a, const auto* b) {
    return std::tie(a->unit.env, a->unit.name) < std::tie(b->unit.env, b->unit.name);
  });
  return order;
}

}  // namespace sluice::render
