// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "render/model.hpp"

#include <string>
#include <vector>

namespace sluice::render {

/// The stream (ARCHITECTURE.md) over some deliveries, in their order; `skipped` goes into the last
/// line.
std::string stream_of(const std::vector<const Delivery*>& deliveries, std::size_t skipped);
std::string stream_of(const Delivery& delivery);

/// SHA-256 over what a unit's tool printed, in hexadecimal.
std::string digest_of(const Delivery& delivery);

}  // namespace sluice::render
