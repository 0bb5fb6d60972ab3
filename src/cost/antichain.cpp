// SPDX-License-Identifier: Apache-2.0
#include "cost/antichain.hpp"

#include <algorithm>
#include <limits>
#include <numeric>
#include <optional>

namespace sluice::cost {
namespace {

using k8s::Int128;
constexpr std::size_t nobody = std::numeric_limits<std::size_t>::max();

/// waits[i][j]: i waits for j, directly or through others.
std::vector<std::vector<bool>> closure(const std::vector<std::vector<std::size_t>>& before) {
  const auto count = before.size();
  std::vector<std::vector<bool>> waits(count, std::vector<bool>(count, false));
  for (std::size_t i = 0; i < count; ++i) {
    for (const auto j : before[i]) {
      waits[i][j] = true;
    }
  }
  for (std::size_t k = 0; k < count; ++k) {
    for (std::size_t i = 0; i < count; ++i) {
      for (std::size_t j = 0; waits[i][k] && j < count; ++j) {
        waits[i][j] = waits[i][j] || waits[k][j];
      }
    }
  }
  for (std::size_t i = 0; i < count; ++i) {  // a circle orders nothing
    for (std::size_t j = 0; j <= i; ++j) {
      if (waits[i][j] && waits[j][i]) {
        waits[i][j] = waits[j][i] = false;
      }
    }
  }
  return waits;
}

/// Weights flow from each item to those that it waits for, at most its weight out and its weight
/// in: what flows is what can share a chain with another item.
class Flow {
 public:
  Flow(const std::vector<Int128>& weights, const std::vector<std::vector<bool>>& edges)
      : edges_(edges),
        free_out_(weights),
        free_in_(weights),
        flow_(weights.size(), std::vector<Int128>(weights.size(), 0)) {}

  Int128 maximum() {
    Int128 total = 0;
    while (const auto more = augment()) {
      total += *more;
    }
    return total;
  }

 private:
  /// Finds a path with room by breadth, and fills it.
  std::optional<Int128> augment() {
    const auto count = free_out_.size();
    std::vector<std::size_t> from_out(count, nobody);  // the giver by which a taker was reached
    std::vector<std::size_t> from_in(count, nobody);   // the taker by which a giver was reached
    std::vector<std::size_t> open;
    for (std::size_t i = 0; i < count; ++i) {
      if (free_out_[i] > 0) {
        open.push_back(i);
        from_in[i] = i;  // here a path begins
      }
    }
    for (std::size_t at = 0; at < open.size(); ++at) {
      const auto giver = open[at];
      for (std::size_t taker = 0; taker < count; ++taker) {
        if (!edges_[giver][taker] || from_out[taker] != nobody) {
          continue;
        }
        from_out[taker] = giver;
        if (free_in_[taker] > 0) {
          return fill(taker, from_out, from_in);
        }
        for (std::size_t other = 0; other < count; ++other) {
          if (flow_[other][taker] > 0 && from_in[other] == nobody) {
            from_in[other] = taker;
            open.push_back(other);
          }
        }
      }
    }
    return std::nullopt;
  }

  Int128 fill(std::size_t last,
              const std::vector<std::size_t>& from_out,
              const std::vector<std::size_t>& from_in) {
    Int128 room = free_in_[last];
    for (auto taker = last;;) {
      const auto giver = from_out[taker];
      if (from_in[giver] == giver) {
        room = std::min(room, free_out_[giver]);
        break;
      }
      taker = from_in[giver];
      room = std::min(room, flow_[giver][taker]);
    }
    free_in_[last] -= room;
    for (auto taker = last;;) {
      const auto giver = from_out[taker];
      flow_[giver][taker] += room;
      if (from_in[giver] == giver) {
        free_out_[giver] -= room;
        return room;
      }
      taker = from_in[giver];
      flow_[giver][taker] -= room;
    }
  }

  const std::vector<std::vector<bool>>& edges_;
  std::vector<Int128> free_out_, free_in_;
  std::vector<std::vector<Int128>> flow_;
};

}  // namespace

Int128 heaviest_antichain(const std::vector<Int128>& weights,
                          const std::vector<std::vector<std::size_t>>& before) {
  const auto waits = closure(before);
  return std::accumulate(weights.begin(), weights.end(), Int128{0}) -
         Flow(weights, waits).maximum();
}

}  // namespace sluice::cost
