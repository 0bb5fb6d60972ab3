// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "yaml/document.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace sluice::yaml {

/// The type that go-yaml v2 (sigs.k8s.io/yaml) gives to a plain scalar without a tag. Timestamps
/// count as strings, because that is what reaches the API server.
Kind resolve_plain(std::string_view text);

/// The value of an integer as go-yaml reads it: base 0 ("0x10", "0o17", "017", "0b11"), underscores
/// ignored. `negative` is only set for values below zero. Nothing when it is no integer of 64 bits.
struct Integer {
  std::uint64_t magnitude = 0;
  bool negative = false;
};
std::optional<Integer> parse_integer(std::string_view text);

/// The value of a real ("1e3", ".5", "1_0.5", ".inf").
std::optional<double> parse_real(std::string_view text);

/// Bytes of the character at `i` (RFC 3629); 0 when there is none.
std::size_t utf8_size(std::string_view bytes, std::size_t i);

/// Each byte that is no part of UTF-8 replaced by U+FFFD, as Go's JSON encoder writes such a
/// string.
std::string valid_utf8(std::string_view bytes);

}  // namespace sluice::yaml
