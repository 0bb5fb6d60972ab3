// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"

#include <string>

namespace sluice::helm {

/// A values.schema.json may name other schemas, and Helm 3.22 fetches what it names: over HTTP,
/// past any proxy when it is on this machine, and from any file of the disk (all tried). JSON
/// Schema's own drafts are built into Helm, and a reference within the file needs nothing.
///
/// Errors: unsupported (it names an address), usage (it names a file), parse (nobody can tell:
/// it is no JSON, or has a key twice).
Status check_schema_references(std::string bytes, const std::string& file);

}  // namespace sluice::helm
