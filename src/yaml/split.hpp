// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"
#include "yaml/document.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace sluice::yaml {

/// The bytes between two separator lines.
struct Chunk {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string_view provenance;  ///< what render wrote in front of it; empty for other streams
};

/// What a chunk's line of provenance says.
Provenance origin_of(const Chunk& chunk);

struct Split {
  std::vector<Chunk> chunks;
  std::vector<diag::Finding> findings;  ///< yaml/separator
  bool from_render = false;
  std::uint64_t objects = 0;  ///< of the last line
  std::uint64_t skipped = 0;
  std::uint64_t unchanged = 0;  ///< units that a partial render left out
};

/// Cuts at the lines that begin with "---", as kubectl does; only white space and a comment may
/// follow on such a line. In a stream of `render` (ARCHITECTURE.md, "The stream") the line after a
/// separator gives the provenance, and the digest of the last line must fit. Errors (Kind::parse):
/// it does not, or the last line is missing.
Result<Split> split(const Source& source);

}  // namespace sluice::yaml
