// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/tool.hpp"

#include <string>
#include <vector>

namespace sluice::cli {

/// What a command line asks for.
struct Request {
  enum class Action : std::uint8_t { run, help, version, explain, markdown, manual, completion };

  Action action = Action::run;
  std::string explain_code;
  std::string shell;                 ///< whose completion is asked for: bash, zsh, fish
  const Command* command = nullptr;  ///< Nothing when only the whole tool was named.
  Common common;
};

/// The rows of the flags that every tool has; their setters write into `request`, which must
/// outlive them. A row without a help text is hidden.
std::vector<Flag> common_flags(Request& request);

/// The values of flags that are not given, as far as they depend on the machine and its terminal.
void set_defaults(Common& common);

/// Parses the words after the program's name. Errors (usage): one sentence for a person.
Status parse_command_line(const Tool& tool, std::span<char* const> words, Request& request);

/// "2026-11-20" or RFC 3339 as RFC 3339 in UTC, without a fraction. Errors (usage).
Result<std::string> parse_time(const std::string& text);

/// The text of --help: of one command, or of the whole tool.
std::string help_text(const Tool& tool, const Command* command);

/// docs/cli/<tool>.md.
std::string help_markdown(const Tool& tool);

/// The man page, section 1.
std::string manual_page(const Tool& tool);

/// A script that completes the tool's command line in `shell` (bash, zsh or fish).
std::string completion(const Tool& tool, std::string_view shell);

/// Lines at most `width` wide, each after `indent` spaces, the first one too; ends with a newline.
std::string wrap(std::string_view text, std::size_t indent, std::size_t width = 80);

}  // namespace sluice::cli
