// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

/// Untrusted text made harmless for the format that it goes into. Every result is one line of valid
/// UTF-8 without control characters: what is none of that is shown as text::printable shows it.
namespace sluice::diag {

/// The longest text that a writer copies from a finding, in bytes; the rest becomes "...".
constexpr std::size_t longest_text = 4000;

/// One line for a terminal or a log; keeps at most longest_text bytes.
std::string one_line(std::string_view untrusted);

/// For XML text and attribute values.
std::string xml(std::string_view untrusted);

/// For GitHub Flavored Markdown and its tables: no markup, mention, reference or HTML survives. Put
/// it between <code> and </code> where mentions matter: forges look for them after entities.
std::string markdown(std::string_view untrusted);

/// markdown() inside <code>; empty for empty text.
std::string markdown_code(std::string_view untrusted);

/// A workflow command's data and its properties
/// (https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts).
std::string workflow_data(std::string_view untrusted);
std::string workflow_property(std::string_view untrusted);

}  // namespace sluice::diag
