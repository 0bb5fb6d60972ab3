// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "config/config.hpp"
#include "config/reader.hpp"

namespace sluice::config {

/// Reads the whole file into `config`; what is wrong goes to the reader.
void read_root(Reader& reader, const YAML::Node& root, Config& config);

}  // namespace sluice::config
