// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "cli/describe.hpp"
#include "cli/request.hpp"

#include <algorithm>

namespace sluice::cli {

namespace {

constexpr std::size_t help_column = 30;

/// "-q, --quiet", "    --format FORMAT".
std::string spelled(const Flag& flag) {
  std::string words = flag.letter == 0 ? "    " : std::string("-") + flag.letter + ", ";
  words += "--" + std::string(flag.name);
  return flag.value.empty() ? words : words + ' ' + std::string(flag.value);
}

/// "  NAME   what it is", the second column wrapped.
std::string row(std::string_view name, std::string_view meaning) {
  std::string line = "  " + std::string(name);
  const std::string wrapped = wrap(meaning, help_column);
  if (line.size() + 2 > help_column) {
    return line + '\n' + wrapped;
  }
  line.resize(help_column, ' ');
  return line + wrapped.substr(std::min(help_column, wrapped.size()));
}

std::string flag_rows(std::span<const Flag> flags) {
  std::string rows;
  for (const Flag& flag : flags) {
    if (!flag.help.empty()) {
      rows += row(spelled(flag), described(flag));
    }
  }
  return rows;
}

std::string indented(std::string_view lines) {
  std::string result;
  for (const std::string_view line : text::split(text::trim(lines), '\n')) {
    result += line.empty() ? "\n" : "  " + std::string(line) + '\n';
  }
  return result;
}

/// Text for a cell of a table in Markdown.
std::string cell(std::string text) {
  return text::replace_all(text::replace_all(std::move(text), "|", "\\|"), "\n", " ");
}

std::string flag_table(std::span<const Flag> flags) {
  std::string table = "| flag | what it does |\n|---|---|\n";
  for (const Flag& flag : flags) {
    if (!flag.help.empty()) {
      const std::string name(text::trim(spelled(flag)));
      table += "| `" + cell(name) + "` | " + cell(described(flag)) + " |\n";
    }
  }
  return table;
}

}  // namespace

std::string described(const Flag& flag) {
  std::string words(flag.help);
  if (!flag.choices.empty()) {
    const std::vector<std::string> choices(flag.choices.begin(), flag.choices.end());
    words += ": " + text::join(choices, ", ");
  }
  if (flag.arity == Arity::repeatable) {
    words += " (may be repeated)";
  } else if (flag.arity == Arity::list) {
    words += " (may be repeated, or separated by commas)";
  }
  return words;
}

std::string usage_line(const Tool& tool, const Command& command) {
  std::string line(tool.name);
  line += command.name.empty() ? "" : ' ' + std::string(command.name);
  return line + (command.synopsis.empty() ? "" : ' ' + std::string(command.synopsis)) + " [FLAGS]";
}

std::string first_sentence(std::string_view help) {
  const std::string_view sentence = help.substr(0, help.find(". "));
  return std::string(sentence.substr(0, sentence.size() - (sentence.ends_with('.') ? 1 : 0)));
}

std::string wrap(std::string_view text, std::size_t indent, std::size_t width) {
  std::string result;
  std::string line;
  const auto flush = [&] {
    result += line.empty() ? "\n" : std::string(indent, ' ') + line + '\n';
    line.clear();
  };
  for (const std::string_view paragraph : text::split(text, '\n')) {
    for (const std::string_view word : text::split(paragraph, ' ')) {
      if (!line.empty() && indent + line.size() + 1 + word.size() > width) {
        flush();
      }
      line += line.empty() || word.empty() ? "" : " ";
      line += word;
    }
    flush();
  }
  return result;
}

std::string help_text(const Tool& tool, const Command* command) {
  Request request;
  const std::string name(tool.name);
  std::string help = name + ": " + std::string(tool.summary) + "\n\n";
  if (command == nullptr) {
    help += "Usage: " + name + " COMMAND [WORD]... [FLAGS]\n\nCommands:\n";
    for (const Command& each : tool.commands) {
      help += row(each.name, first_sentence(each.help));
    }
    help += '\n' + wrap("`" + name + " COMMAND --help` says more about each.", 0);
  } else {
    help += "Usage: " + usage_line(tool, *command) + "\n\n" + wrap(command->help, 0);
    help += command->flags.empty() ? "" : "\nFlags:\n" + flag_rows(command->flags);
  }
  help += "\nCommon flags:\n" + flag_rows(common_flags(request));
  help += tool.examples.empty() ? "" : "\nExamples:\n" + indented(tool.examples);
  help += "\nExit codes:\n";
  for (const ExitCode& each : exit_codes) {
    help += "  " + std::string(1, each.code) + "  " + wrap(each.meaning, 5).substr(5);
  }
  return help;
}

std::string help_markdown(const Tool& tool) {
  Request request;
  std::string page = "# " + std::string(tool.name) + "\n\n" + std::string(tool.summary) + ".\n\n";
  page += "<!-- Made by `" + std::string(tool.name) + " --help-markdown`; a test compares. -->\n";
  for (const Command& command : tool.commands) {
    page += command.name.empty() ? "" : "\n## " + std::string(command.name) + "\n";
    page += "\n```\n" + usage_line(tool, command) + "\n```\n\n" + wrap(command.help, 0, 100);
    page += command.flags.empty() ? "" : '\n' + flag_table(command.flags);
  }
  page += "\n## Common flags\n\n" + flag_table(common_flags(request));
  page += "\n## Exit codes\n\n| code | meaning |\n|---|---|\n";
  for (const ExitCode& each : exit_codes) {
    page += "| " + std::string(1, each.code) + " | " + std::string(each.meaning) + " |\n";
  }
  if (!tool.examples.empty()) {
    page += "\n## Examples\n\n```sh\n" + std::string(text::trim(tool.examples)) + "\n```\n";
  }
  return page;
}

}  // namespace sluice::cli
