// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/tool.hpp"

namespace sluice::validate {

cli::Tool tool();

}  // namespace sluice::validate
