// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace sluice::config {

/// "2027-01-31", a day that there is.
bool is_day(std::string_view text);

}  // namespace sluice::config
