// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <thread>
#include <vector>

namespace sluice {

/// Calls work(part, begin, end) for `parts` stretches of the numbers below `count`, all at the same
/// time; the first on this thread. `work` must not throw.
template <class Work>
void in_parts(std::size_t count, std::size_t parts, const Work& work) {
  std::vector<std::jthread> helpers;
  for (std::size_t part = 1; part < parts; ++part) {
    helpers.emplace_back([&work, count, parts, part] {
      work(part, count * part / parts, count * (part + 1) / parts);
    });
  }
  work(0, 0, count / parts);
}

}  // namespace sluice
