// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "render/model.hpp"

#include <string>
#include <vector>

namespace sluice::render {

/// What a stream is without, for its last line.
struct Absent {
  std::size_t skipped = 0;    ///< could not be rendered
  std::size_t unchanged = 0;  ///< units left out by --changed-since; such a stream is a part
};

/// The stream (ARCHITECTURE.md) over some deliveries, in their order.
std::string stream_of(const std::vector<const Delivery*>& deliveries, Absent absent);
std::string stream_of(const Delivery& delivery);

/// SHA-256 over what a unit's tool printed, in hexadecimal.
std::string digest_of(const Delivery& delivery);

}  // namespace sluice::render
