// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace sluice::cost {

/// Whether ISO 4217 has a current currency of these three letters.
bool is_currency(std::string_view code);

}  // namespace sluice::cost
