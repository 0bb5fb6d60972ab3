// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace sluice::config {

/// The JSON Schema of sluice.yaml, for editors.
std::string schema();

}  // namespace sluice::config
