// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sluice::policy {

/// A block of PEM (RFC 7468): its label ("PUBLIC KEY") and its bytes.
struct PemBlock {
  std::string_view label;
  std::string bytes;
};

/// The first block of a text; nothing when there is none or it cannot be read.
std::optional<PemBlock> first_pem_block(std::string_view text);

}  // namespace sluice::policy
