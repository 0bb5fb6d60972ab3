// SPDX-License-Identifier: Apache-2.0
// Man pages in the macros of man(7).
#include "base/text.hpp"
#include "cli/describe.hpp"
#include "cli/request.hpp"
#include "version.hpp"

namespace sluice::cli {

namespace {

/// Text as troff shows it unchanged: a '-' must stay one that can be searched for and copied, and a
/// line must not begin with a control character.
std::string literal(std::string_view text) {
  std::string result;
  bool at_line_start = true;
  for (const char c : text) {
    if (at_line_start && (c == '.' || c == '\'')) {
      result += "\\&";
    }
    at_line_start = c == '\n';
    if (c == '\\') {
      result += "\\e";
    } else if (c == '-') {
      result += "\\-";
    } else {
      result += c;
    }
  }
  return result;
}

/// ".TP", the flag's names in bold and its value in italics, and below it what it does.
std::string entry(const Flag& flag) {
  std::string names = flag.letter == 0 ? "" : std::string("\\fB\\-") + flag.letter + "\\fR, ";
  names += "\\fB\\-\\-" + literal(flag.name) + "\\fR";
  names += flag.value.empty() ? "" : " \\fI" + literal(flag.value) + "\\fR";
  return ".TP\n" + names + '\n' + literal(described(flag)) + ".\n";
}

std::string entries(std::span<const Flag> flags) {
  std::string result;
  for (const Flag& flag : flags) {
    result += flag.help.empty() ? "" : entry(flag);
  }
  return result;
}

}  // namespace

std::string manual_page(const Tool& tool) {
  Request request;
  std::string page = ".TH \"" + std::string(tool.name) + "\" 1 \"\" \"Sluice " +
                     std::string(version) + "\" \"Sluice\"\n.SH NAME\n" + literal(tool.name) +
                     " \\- " + literal(tool.summary) + "\n.SH SYNOPSIS\n";
  for (const Command& command : tool.commands) {
    page += literal(usage_line(tool, command)) + "\n.br\n";
  }
  page += tool.commands.size() == 1 ? ".SH DESCRIPTION\n" : ".SH COMMANDS\n";
  for (const Command& command : tool.commands) {
    page += command.name.empty() ? "" : ".SS " + literal(command.name) + '\n';
    page += literal(command.help) + '\n' + entries(command.flags);
  }
  page += ".SH COMMON FLAGS\n" + entries(common_flags(request)) + ".SH EXIT STATUS\n";
  for (const ExitCode& each : exit_codes) {
    page += std::string(".TP\n") + each.code + '\n' + literal(each.meaning) + ".\n";
  }
  if (!tool.examples.empty()) {
    page += ".SH EXAMPLES\n.nf\n" + literal(text::trim(tool.examples)) + "\n.fi\n";
  }
  return page;
}

}  // namespace sluice::cli
