// SPDX-License-Identifier: Apache-2.0
#include "render/parallel.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace sluice::render {

void parallel(unsigned jobs, std::size_t count, const std::function<void(std::size_t)>& work) {
  std::atomic<std::size_t> next = 0;
  std::exception_ptr failed;
  std::mutex mutex;
  const auto loop = [&] {
    try {
      for (std::size_t i = next++; i < count; i = next++) {
        work(i);
      }
    } catch (...) {
      const std::lock_guard lock(mutex);
      failed = failed ? failed : std::current_exception();
      next = count;
    }
  };
  std::vector<std::jthread> helpers;
  for (std::size_t i = 1; i < std::min<std::size_t>(jobs, count); ++i) {
    helpers.emplace_back(loop);
  }
  loop();
  helpers.clear();
  if (failed) {
    std::rethrow_exception(failed);
  }
}

}  // namespace sluice::render
