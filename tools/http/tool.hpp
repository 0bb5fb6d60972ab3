// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/tool.hpp"

namespace sluice::http_tool {

cli::Tool make_tool();

}  // namespace sluice::http_tool
