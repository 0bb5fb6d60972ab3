// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "config/config.hpp"
#include "config/reader.hpp"

namespace sluice::config {

/// Reads the whole file into `config`; what is wrong goes to the reader.
void read_root(Reader& reader, const YAML::Node& root, Config& config);

/// Reads the `cost` section.
void read_cost(Reader& reader, const YAML::Node& node, Cost& cost);

/// Reads the `promote` section.
void read_promote(Reader& reader, const YAML::Node& node, Promote& promote);

/// What is wrong with the section beside the rest of the file, which has been read.
void check_promote(Reader& reader, const YAML::Node& node, const Config& config);

}  // namespace sluice::config
