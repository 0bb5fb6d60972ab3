// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"
#include "config/reader.hpp"

#include <functional>
#include <string>

namespace sluice::config {

/// Reads a configuration file of one document, strictly: what the reader of manifests has against
/// the text (syntax, repeated keys, depth, aliases without end) and what `read` notes are all
/// problems. `read` gets the root, and is not called for an empty document.
/// Errors (parse): all problems with file:line:column, one a line.
Status read_strictly(const std::string& text,
                     const std::string& file,
                     const std::function<void(Reader& reader, const YAML::Node& root)>& read);

}  // namespace sluice::config
