// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>

namespace sluice::render {

/// Calls work(0) ... work(count - 1) from up to `jobs` threads. Which thread does what must not
/// show in any result; the first exception is thrown again at the end.
void parallel(unsigned jobs, std::size_t count, const std::function<void(std::size_t)>& work);

}  // namespace sluice::render
