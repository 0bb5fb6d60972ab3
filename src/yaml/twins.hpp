// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "yaml/parse.hpp"
#include "yaml/split.hpp"

#include <cstddef>
#include <memory>
#include <span>
#include <unordered_map>

namespace sluice::yaml {

/// Documents of other streams, found by their bytes and their provenance.
class Twins {
 public:
  explicit Twins(std::span<const std::shared_ptr<const Stream>> streams);

  /// The document that this chunk would become, or nullptr. JSON is never found: a chunk of it may
  /// hold several values, and a file that is called .json is read by other rules.
  [[nodiscard]] const Document* find(const Source& source, const Chunk& chunk) const;

 private:
  std::unordered_multimap<std::size_t, const Document*> by_hash_;  ///< of the bytes
};

}  // namespace sluice::yaml
