// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "yaml/parse.hpp"
#include "yaml/split.hpp"

#include <memory>
#include <span>
#include <string>
#include <vector>

/// Streams that mostly hold the same documents, as base and head of a change do: what both hold is
/// parsed once.
namespace sluice::yaml {

/// A stream that is whole (`render`'s last line fits its bytes) and cut into documents, which are
/// not parsed yet.
struct Opened {
  std::shared_ptr<const Source> source;
  Split cut;
  Limits limits;
  LastLine last_line = LastLine::as_is;
};

/// Errors: as parse(), apart from a last line that does not fit the objects.
Result<Opened> open(std::string bytes, std::string file, const Limits& limits, LastLine last_line);

/// A stream of which some documents lie in others.
struct SharedStream {
  Stream stream;  ///< `documents` holds only those that lie nowhere else
  /// All documents in order, wherever they lie. One of another stream has the same bytes and the
  /// same provenance; its places are those in the other stream.
  std::vector<const Document*> documents;
};

/// Parses what does not stand in `others` already, which must outlive the result. Errors
/// (Kind::parse): the last line of render's stream does not fit the objects.
Result<SharedStream> parse_beside(std::span<const std::shared_ptr<const Stream>> others,
                                  Opened opened,
                                  unsigned jobs);

}  // namespace sluice::yaml
