// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/tool.hpp"

#include <array>
#include <string>
#include <string_view>

/// Words that --help, the pages, the man pages and the completions share.
namespace sluice::cli {

struct ExitCode {
  char code;
  std::string_view meaning;
};

inline constexpr std::array<ExitCode, 4> exit_codes = {{
    {'0', "clean: no findings at or above --fail-on"},
    {'1', "findings at or above --fail-on"},
    {'2', "no verdict: wrong usage, bad configuration, a missing tool, unreadable or empty input"},
    {'3', "a bug in Sluice"},
}};

/// The help of a flag, with its choices and how often it may be given.
std::string described(const Flag& flag);

/// "sluice-report diff --base STREAM --head STREAM [FLAGS]".
std::string usage_line(const Tool& tool, const Command& command);

/// Without its full stop.
std::string first_sentence(std::string_view help);

}  // namespace sluice::cli
