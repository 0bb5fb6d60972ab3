// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "yaml/builder.hpp"

#include <cstddef>

namespace sluice::yaml {

/// Feeds the events that libyaml finds in source[begin, end) to `builder`, which must have been
/// started there. At most one document is read; text after it is a problem (yaml/trailing-text),
/// because kubectl drops it without a word.
void read_yaml(
    const Source& source, std::size_t begin, std::size_t end, LastLine last_line, Builder& builder);

/// Reads a document of the plain kind, which nearly all are: block style without anchors, tags,
/// tabs, rare escapes and folded blocks. Gives the builder exactly what read_yaml would, in a
/// quarter of the time, or returns false: then the builder must be started again for read_yaml. It
/// reports no problem of its own. tests/yaml/plain_reader_test.cpp and the fuzz target hold the two
/// against each other.
bool read_plain(const Source& source, std::size_t begin, std::size_t end, Builder& builder);

/// Feeds one JSON value that starts at or after `begin` (white space is skipped) and returns the
/// byte after it. RFC 8259, with our own reader because libyaml is none (surrogate escapes, long
/// keys, "{}{}").
std::size_t read_json(const Source& source, std::size_t begin, std::size_t end, Builder& builder);

}  // namespace sluice::yaml
