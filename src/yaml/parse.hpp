// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"
#include "yaml/document.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace sluice::yaml {

/// Whether a partial stream will do: one of `sluice-render --changed-since`, without the units that
/// did not change.
enum class Partial : std::uint8_t { refuse, accept };

/// What a hostile document may cost. Each is a flag, and its finding (yaml/limit) says so.
struct Limits {
  std::uint32_t depth = 1000;
  std::uint32_t document_bytes = 16U << 20U;
  std::uint64_t stream_bytes = std::uint64_t{1} << 30U;
  Partial partial = Partial::refuse;
};

struct Stream {
  std::vector<Document> documents;  ///< those without a syntax error and not empty, in order
  std::vector<diag::Finding> findings;
  /// The stream has render's first line ("# sluice: stream v1") and its last line fits its bytes
  /// and objects.
  bool from_render = false;
  std::uint64_t skipped = 0;  ///< objects that render left out, by its last line
  std::uint64_t unchanged = 0;  ///< units that are not in a partial stream; 0 for a whole one
};

/// kubectl ends the last line of a file that lacks its line feed, so that a block scalar there
/// keeps one; go-yaml by itself, which reads values files, does not.
enum class LastLine : std::uint8_t { as_is, ended };

/// Cuts a stream into documents as kubectl does (lines that begin with "---"; a JSON stream by
/// values) and parses each.
///
/// What is wrong with a document is a finding (yaml/syntax, yaml/duplicate-key, yaml/limit,
/// yaml/encoding, yaml/separator, yaml/trailing-text), and the others are still read. Errors
/// (Kind::parse): a stream of `render` that is cut off or does not fit its digest, or a partial one
/// where `limits` asks for a whole; (Kind::limit): more than `stream_bytes`.
Result<Stream> parse(std::string bytes,
                     std::string file,
                     const Limits& limits = {},
                     unsigned jobs = 1,
                     LastLine last_line = LastLine::as_is);

}  // namespace sluice::yaml
