// SPDX-License-Identifier: Apache-2.0
// Completions for three shells. Untrusted text never gets here: every word is from our own rows.
#include "base/text.hpp"
#include "cli/describe.hpp"
#include "cli/request.hpp"

namespace sluice::cli {

namespace {

bool is_hidden(const Flag& flag) {
  return flag.help.empty();
}

std::vector<std::string> visible_names(std::span<const Flag> flags) {
  std::vector<std::string> names;
  for (const Flag& flag : flags) {
    if (!is_hidden(flag)) {
      names.push_back("--" + std::string(flag.name));
    }
  }
  return names;
}

std::string choices_of(const Flag& flag) {
  return text::join(std::vector<std::string>(flag.choices.begin(), flag.choices.end()), " ");
}

std::vector<std::string> command_names(const Tool& tool) {
  std::vector<std::string> names;
  for (const Command& command : tool.commands) {
    if (!command.name.empty()) {
      names.emplace_back(command.name);
    }
  }
  return names;
}

/// A function's name: "_sluice_render".
std::string function_name(const Tool& tool) {
  return '_' + text::replace_all(std::string(tool.name), "-", "_");
}

/// In single quotes, for bash and zsh.
std::string quoted(const std::string& text) {
  return '\'' + text::replace_all(text, "'", "'\\''") + '\'';
}

// --- bash ---

/// The arms of `case "$command:$previous"`: what may follow a flag.
std::string value_arms(std::string_view command, std::span<const Flag> flags) {
  std::string arms;
  for (const Flag& flag : flags) {
    if (is_hidden(flag) || flag.arity == Arity::switch_on) {
      continue;
    }
    arms += "    " + std::string(command) + ":--" + std::string(flag.name) + ") ";
    // Without choices nothing is offered, and `-o default` lets bash complete the name of a file.
    arms += flag.choices.empty() ? "return ;;\n" : "words=" + quoted(choices_of(flag)) + " ;;\n";
  }
  return arms;
}

std::string bash(const Tool& tool) {
  Request request;
  const std::vector<Flag> common = common_flags(request);
  const std::vector<std::string> commands = command_names(tool);
  const std::string shared = text::join(visible_names(common), " ");
  std::string script = function_name(tool) + R"(() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} command='' words='' i
  # bash splits --flag=value at the sign.
  if [ "$current" = = ]; then current=''; elif [ "$previous" = = ]; then previous=${COMP_WORDS[COMP_CWORD - 2]}; fi
)";
  if (!commands.empty()) {
    script += "  for ((i = 1; i < COMP_CWORD; i++)); do\n    case ${COMP_WORDS[i]} in " +
              text::join(commands, " | ") + ") command=${COMP_WORDS[i]}; break ;; esac\n  done\n";
  }
  script += "  case $command:$previous in\n";
  for (const Command& command : tool.commands) {
    script += value_arms(command.name, command.flags);
  }
  script += value_arms("*", common) + "  esac\n  [ -n \"$words\" ] || case $command in\n";
  if (!commands.empty()) {
    script += "    '') words=" + quoted(text::join(commands, " ") + ' ' + shared) + " ;;\n";
  }
  for (const Command& command : tool.commands) {
    const std::string own = text::join(visible_names(command.flags), " ");
    script += "    " + (command.name.empty() ? "''" : std::string(command.name)) +
              ") [[ $current != -* ]] || words=" + quoted(own + ' ' + shared) + " ;;\n";
  }
  return script + "  esac\n  mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$current\")\n}\n" +
         "complete -o default -F " + function_name(tool) + ' ' + std::string(tool.name) + '\n';
}

// --- zsh ---

/// A spec of _arguments; "=" lets the value stand in the same word or in the next one.
std::string zsh_spec(const Flag& flag) {
  std::string help = described(flag);
  for (const char* special : {"\\", "[", "]", ":"}) {
    help = text::replace_all(help, special, std::string("\\") + special);
  }
  const bool several = flag.arity == Arity::repeatable || flag.arity == Arity::list;
  std::string spec = (several ? "*--" : "--") + std::string(flag.name);
  if (flag.arity == Arity::switch_on) {
    return quoted(spec + '[' + help + ']');
  }
  const std::string offered = flag.choices.empty() ? "_files" : '(' + choices_of(flag) + ')';
  return quoted(spec + "=[" + help + "]:" + std::string(flag.value) + ':' + offered);
}

std::string zsh_specs(std::span<const Flag> flags) {
  std::string specs;
  for (const Flag& flag : flags) {
    specs += is_hidden(flag) ? "" : " \\\n    " + zsh_spec(flag);
  }
  return specs;
}

std::string zsh(const Tool& tool) {
  Request request;
  const std::string shared = zsh_specs(common_flags(request));
  const std::vector<std::string> commands = command_names(tool);
  std::string script = "#compdef " + std::string(tool.name) + "\n";
  if (commands.empty()) {
    return script + "_arguments" + zsh_specs(tool.commands.front().flags) + shared +
           " \\\n    '*:input:_files'\n";
  }
  script += "local context state line\n_arguments -C" + shared + " \\\n    '1:command:(" +
            text::join(commands, " ") + ")' '*::argument:->rest'\n" +
            "[ \"$state\" = rest ] || return\ncase $line[1] in\n";
  for (const Command& command : tool.commands) {
    script += "  " + std::string(command.name) + ") _arguments" + zsh_specs(command.flags) +
              shared + " \\\n    '*:input:_files' ;;\n";
  }
  return script + "esac\n";
}

// --- fish ---

std::string fish_quoted(std::string text) {
  text = text::replace_all(std::move(text), "\\", "\\\\");
  return '\'' + text::replace_all(std::move(text), "'", "\\'") + '\'';
}

std::string fish_lines(const Tool& tool, std::string_view condition, std::span<const Flag> flags) {
  std::string lines;
  for (const Flag& flag : flags) {
    if (is_hidden(flag)) {
      continue;
    }
    lines += "complete -c " + std::string(tool.name);
    lines += condition.empty() ? "" : " -n " + fish_quoted(std::string(condition));
    lines += flag.letter == 0 ? "" : std::string(" -s ") + flag.letter;
    lines += " -l " + std::string(flag.name);
    if (!flag.choices.empty()) {
      lines += " -x -a " + fish_quoted(choices_of(flag));
    } else if (flag.arity != Arity::switch_on) {
      lines += " -r";
    }
    lines += " -d " + fish_quoted(described(flag)) + '\n';
  }
  return lines;
}

std::string fish(const Tool& tool) {
  Request request;
  std::string script = fish_lines(tool, "", common_flags(request));
  for (const Command& command : tool.commands) {
    if (command.name.empty()) {
      script += fish_lines(tool, "", command.flags);
      continue;
    }
    const std::string name(command.name);
    script += "complete -c " + std::string(tool.name) + " -n __fish_use_subcommand -a " + name +
              " -d " + fish_quoted(first_sentence(command.help)) + '\n' +
              fish_lines(tool, "__fish_seen_subcommand_from " + name, command.flags);
  }
  return script;
}

}  // namespace

std::string completion(const Tool& tool, std::string_view shell) {
  return shell == "bash" ? bash(tool) : shell == "zsh" ? zsh(tool) : fish(tool);
}

}  // namespace sluice::cli
