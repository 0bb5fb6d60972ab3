// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sluice::policy {

enum class Case : std::uint8_t { lower, upper };

/// As Go's strings.ToLower and ToUpper, one character for one. Nothing for letters beyond Latin-1,
/// Greek and Cyrillic that may have a case: a table of all of them is not kept.
std::optional<std::string> change_case(std::string_view text, Case to);

/// Where the character of UTF-8 that begins at `at` ends.
std::size_t next_character(std::string_view text, std::size_t at);

}  // namespace sluice::policy
