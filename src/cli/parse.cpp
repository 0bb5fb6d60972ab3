// SPDX-License-Identifier: Apache-2.0
// The only file that sees CLI11. It splits words into flags and values; what they mean, and every
// word said about them, comes from our own rows.
#include "base/text.hpp"
#include "cli/request.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <iterator>

namespace sluice::cli {

namespace {

using Words = std::vector<std::string>;

Error usage(std::string message) {
  return {Error::Kind::usage, std::move(message)};
}

std::string in_quotes(std::string_view text) {
  return '"' + text::printable(text) + '"';
}

const Flag* find(std::span<const Flag> flags, std::string_view name) {
  const auto found = std::ranges::find(flags, name, &Flag::name);
  return found == flags.end() ? nullptr : &*found;
}

/// "; did you mean --crds?", or the candidates when none is near.
std::string suggestion(std::string_view word,
                       const std::vector<std::string_view>& candidates,
                       std::string_view prefix) {
  const bool exact = std::ranges::find(candidates, word) != candidates.end();
  const auto near = exact ? std::optional(word) : text::nearest(word, candidates);
  return near ? "; did you mean " + std::string(prefix) + std::string(*near) + '?' : std::string();
}

Error unknown_flag(const std::string& word, std::span<const Flag> flags) {
  std::string_view name = std::string_view(word).substr(0, word.find('='));
  name.remove_prefix(std::min(name.find_first_not_of('-'), name.size()));
  std::vector<std::string_view> names;
  for (const Flag& flag : flags) {
    if (!flag.help.empty()) {
      names.push_back(flag.name);
    }
  }
  return usage("unknown flag " + in_quotes(word) + suggestion(name, names, "--"));
}

Status check_choice(const Flag& flag, const std::string& value) {
  if (flag.choices.empty() || std::ranges::find(flag.choices, value) != flag.choices.end()) {
    return ok;
  }
  const std::string near = suggestion(value, flag.choices, "");
  const Words all(flag.choices.begin(), flag.choices.end());
  return usage("there is no " + in_quotes(value) +
               (near.empty() ? "; there are " + text::join(all, ", ") : near));
}

/// CLI11 takes the next word as the value of "--config=", and a value for a switch.
Status check_equals_signs(const Words& words, std::span<const Flag> flags) {
  for (const std::string& word : words) {
    const std::size_t at = word.find('=');
    if (!word.starts_with("--") || at == std::string::npos) {
      continue;
    }
    const Flag* const flag = find(flags, std::string_view(word).substr(2, at - 2));
    if (flag != nullptr && flag->arity == Arity::switch_on) {
      return usage("--" + std::string(flag->name) + " takes no value");
    }
    if (flag != nullptr && at + 1 == word.size()) {
      return usage("--" + std::string(flag->name) + " needs a value after the '='");
    }
  }
  return ok;
}

Status set_value(const Flag& flag, const std::string& value, std::span<const Flag> flags) {
  const auto checked = [&flag](const std::string& one) {
    Status status = check_choice(flag, one);
    return status ? flag.set(one) : status;
  };
  const std::string name = "--" + std::string(flag.name);
  if (value.starts_with("--") && find(flags, std::string_view(value).substr(2)) != nullptr) {
    return usage(name + " needs a value, and " + in_quotes(value) + " is a flag");
  }
  if (flag.arity != Arity::list) {
    Status status = checked(value);
    return status ? status : Status(in_context(name, std::move(status.error())));
  }
  for (const std::string_view part : text::split(value, ',')) {
    if (part.empty()) {
      return usage(name + ": an empty value in " + in_quotes(value));
    }
    if (Status status = checked(std::string(part)); !status) {
      return in_context(name, std::move(status.error()));
    }
  }
  return ok;
}

/// One CLI11 option for each row; its raw results are read afterwards, because its conversions
/// give "{}" and "[a]" meanings of their own.
std::vector<CLI::Option*> declare(CLI::App& app, std::span<const Flag> flags) {
  std::vector<CLI::Option*> options;
  for (const Flag& flag : flags) {
    const std::string letter = flag.letter == 0 ? "" : std::string("-") + flag.letter + ',';
    const std::string names = letter + "--" + std::string(flag.name);
    if (flag.arity == Arity::switch_on) {
      options.push_back(app.add_flag(names));
    } else {
      // A repeatable option would otherwise swallow every word after it: `--crds x app.yaml`.
      options.push_back(
          app.add_option(names)->expected(1, -1)->allow_extra_args(false)->take_all());
    }
  }
  return options;
}

Status parse_words(Words words, std::span<const Flag> flags, Words& inputs) {
  SLUICE_TRY(check_equals_signs(words, flags));
  CLI::App app;
  app.set_help_flag();  // ours is a row like any other
  app.allow_extras();   // positional words, and unknown flags for a message of our own
  const std::vector<CLI::Option*> options = declare(app, flags);
  const std::string last = words.empty() ? "" : words.back();
  try {
    std::ranges::reverse(words);  // as CLI11 wants them
    app.parse(words);
  } catch (const CLI::ArgumentMismatch&) {
    return usage(last + " needs a value");  // only the last word can lack one
  } catch (const CLI::ParseError& failure) {
    return usage(text::printable(failure.what()));
  }
  for (const std::string& word : app.remaining()) {
    if (word.size() > 1 && word.starts_with('-')) {
      return unknown_flag(word, flags);
    }
    inputs.push_back(word);
  }
  for (std::size_t i = 0; i < flags.size(); ++i) {
    const bool is_switch = flags[i].arity == Arity::switch_on;
    for (const std::string& value : options[i]->results()) {
      SLUICE_TRY(is_switch ? flags[i].set("") : set_value(flags[i], value, flags));
    }
  }
  return ok;
}

/// Whether the words want help, a version or an explanation, which no command is needed for.
bool asks_about_the_tool(const Words& words) {
  constexpr std::array about = {"-h", "--help", "--version", "--explain", "--help-markdown"};
  return std::ranges::any_of(words, [&](const std::string& word) {
    return std::ranges::find(about, word.substr(0, word.find('='))) != about.end();
  });
}

/// The command that flags alone mean; nullptr when there is none.
const Command* usual_command(const Tool& tool) {
  const auto found = std::ranges::find(tool.commands, tool.usual, &Command::name);
  return tool.usual.empty() || found == tool.commands.end() ? nullptr : &*found;
}

/// The command that the first word names. A tool that does one thing has nothing to choose.
Result<const Command*> choose_command(const Tool& tool, Words& words) {
  if (tool.commands.size() == 1 && tool.commands[0].name.empty()) {
    return &tool.commands[0];
  }
  const std::string first = words.empty() ? "" : words.front();
  if (first.starts_with('-')) {
    return asks_about_the_tool(words) ? nullptr : usual_command(tool);
  }
  std::vector<std::string_view> names;
  for (const Command& command : tool.commands) {
    if (command.name == first) {
      words.erase(words.begin());
      return &command;
    }
    names.push_back(command.name);
  }
  const Words all(names.begin(), names.end());
  const std::string which = "; the commands are " + text::join(all, ", ");
  if (words.empty()) {
    return usage("which command?" + which.substr(1));
  }
  const std::string near = suggestion(first, names, "");
  return usage("unknown command " + in_quotes(first) + (near.empty() ? which : near));
}

}  // namespace

Status parse_command_line(const Tool& tool, std::span<char* const> argv, Request& request) {
  Words words(argv.begin(), argv.end());
  const auto separator = std::ranges::find(words, "--");
  const Words verbatim(separator == words.end() ? separator : std::next(separator), words.end());
  words.erase(separator, words.end());

  SLUICE_TRY_ASSIGN(request.command, choose_command(tool, words));
  std::vector<Flag> flags = common_flags(request);
  if (request.command != nullptr) {
    flags.insert(flags.begin(), request.command->flags.begin(), request.command->flags.end());
  }
  Words& inputs = request.common.inputs;
  SLUICE_TRY(parse_words(words, flags, inputs));
  inputs.insert(inputs.end(), verbatim.begin(), verbatim.end());
  if (request.command == nullptr && request.action == Request::Action::run) {
    return usage("the command comes first: " + std::string(tool.name) + " COMMAND ...");
  }
  return ok;
}

}  // namespace sluice::cli
