// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace sluice::validate {

/// Calls work(i) for every i below `count`, on up to `jobs` threads; the first exception is thrown
/// again here. The work writes into places of its own, so that the order of the threads shows
/// nowhere.
template <class Work>
void for_each_index(std::size_t count, unsigned jobs, const Work& work) {
  std::atomic<std::size_t> next = 0;
  std::exception_ptr failure;
  std::mutex failure_mutex;
  const auto loop = [&] {
    try {
      for (std::size_t i = next++; i < count; i = next++) {
        work(i);
      }
    } catch (...) {
      const std::lock_guard lock(failure_mutex);
      failure = std::current_exception();
    }
  };
  {
    std::vector<std::jthread> helpers;
    for (std::size_t i = 1; i < jobs && i < count; ++i) {
      helpers.emplace_back(loop);
    }
    loop();
  }
  if (failure) {
    std::rethrow_exception(failure);
  }
}

}  // namespace sluice::validate
