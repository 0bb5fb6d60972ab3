// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cost/prices.hpp"

namespace sluice::cost {

/// OpenCost's CSV: a header line with AssetClass, InstanceID, InstanceIDField and
/// MarketPriceHourly among others, in any order; lines that begin with '#' are comments.
PricesRead read_csv_prices(std::string_view bytes, const std::string& file, PriceUnit unit);

}  // namespace sluice::cost
