// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

/// The pieces of JSON text that every reader and writer of it needs.
namespace sluice::text {

/// Appends a code point as UTF-8. Precondition: at most 0x10FFFF.
void append_utf8(std::uint32_t code_point, std::string& out);

enum class JsonEscapes : std::uint8_t {
  /// What RFC 8259 demands, \n, \r and \t by letter; and what a reader of YAML, which may get the
  /// text as well (helm's values), takes for a line break or refuses: U+007F to U+009F, U+2028,
  /// U+2029, U+FEFF, U+FFFE, U+FFFF (YAML 1.1, section 4.1).
  needed,
  go,  ///< as Go's encoding/json: \b and \f by letter too, and <, >, &, U+2028, U+2029 as \uNNNN
};

/// Appends `text` as a JSON string, with its quotes.
void append_json_string(std::string_view text,
                        std::string& out,
                        JsonEscapes escapes = JsonEscapes::needed);

}  // namespace sluice::text
