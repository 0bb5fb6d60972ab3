// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "k8s/resource.hpp"
#include "yaml/parse.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace sluice::cost_proxy {

/// The objects of one side, with what they point into. Not copied: resources hold addresses.
struct Side {
  std::vector<yaml::Stream> streams;
  std::vector<k8s::Resource> resources;
  std::vector<diag::Finding> findings;  ///< yaml/* and meta/*: documents that could not be read
  std::uint64_t skipped = 0;            ///< objects that render left out, by its last line
  bool rendered = false;                ///< every stream is a whole stream of render

  Side() = default;
  Side(Side&&) = default;
  Side& operator=(Side&&) = default;
  Side(const Side&) = delete;
  Side& operator=(const Side&) = delete;
};

/// Reads files, folders (*.yaml, *.yml and *.json below them, sorted) and "-".
/// Errors: not_found, io, limit, parse (a stream of render that is cut off).
Result<Side> read_side(const std::vector<std::string>& paths, unsigned jobs);

}  // namespace sluice::cost_proxy
