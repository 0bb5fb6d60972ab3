// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::text {

/// Untrusted text made safe for a terminal or a one-line message: control characters, DEL, invalid
/// UTF-8, line separators, bidirectional overrides and invisible tags become \xNN or \u{NNNN}; cut
/// with "..." after `limit` bytes (never inside a character).
std::string printable(std::string_view untrusted, std::size_t limit = 200);

/// `untrusted` made printable, in double quotes.
std::string quoted(std::string_view untrusted, std::size_t limit = 200);

/// Edits (insert, delete, replace, swap neighbours) from one word to the other; `limit` + 1 when
/// more than `limit` are needed.
std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t limit);

/// The candidate that `word` was probably meant to be: equal but for case, '-' and '_', else the
/// nearest within max(1, length/4) edits; the first of equals. Nothing when no candidate is near,
/// or when `word` is longer than 256 bytes.
std::optional<std::string_view> nearest(std::string_view word,
                                        std::span<const std::string_view> candidates);

/// `*` any run, `?` one character of UTF-8; the whole text; case-sensitive; no escapes. (Kyverno's wildcards.)
bool wildcard_match(std::string_view pattern, std::string_view text);

/// Path globs: `*` and `?` stay within one path segment, `**` crosses segments, `[a-z]` and
/// `[!a-z]` sets, `{a,b}` alternatives (nested too), `\` takes the next byte as it is. "**/" also
/// stands for nothing and a final "/**" also for the folder itself: "**/a" matches "a", "a/**"
/// matches "a". An unclosed '[' or '{' stands for itself. Linear in pattern times text; never
/// exponential.
bool glob_match(std::string_view pattern, std::string_view path);

std::vector<std::string_view> split(std::string_view text, char separator);
std::string_view trim(std::string_view text);
std::string replace_all(std::string text, std::string_view from, std::string_view to);
std::string to_lower(std::string_view text);
std::string join(std::span<const std::string> words, std::string_view separator);

/// Percent-encodes every byte outside [A-Za-z0-9._/@:+,~-]; one word, safe in a comment of the
/// stream. Decoding leaves a '%' that does not begin an escape as it is.
std::string percent_encode(std::string_view text);
std::string percent_decode(std::string_view text);

/// "1 object", "3 objects", "2 policies", "1,204 boxes".
std::string counted(std::size_t n, std::string_view singular);

}  // namespace sluice::text
