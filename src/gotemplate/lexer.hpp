// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Go's text/template, read and never run: tokens of actions, and (parse.hpp) their structure.
namespace sluice::gotemplate {

struct Token {
  enum class Kind : std::uint8_t {
    field,
    variable,
    string,
    number,
    word,
    pipe,
    open,
    close,
    other
  };
  Kind kind = Kind::other;
  std::string text;                ///< of a string: its value
  std::vector<std::string> names;  ///< of a field: ".a.b" is {a, b}, "." is none; "$.a" is {a} too
  bool from_root = false;          ///< of a field: written with "$"
  std::size_t begin = 0;           ///< in the template
  std::size_t end = 0;
};

/// Text between actions, or an action.
struct Segment {
  bool is_action = false;
  std::string_view text;      ///< of text: what is left after the neighbours' trim marks
  std::vector<Token> tokens;  ///< of an action
  std::size_t begin = 0;      ///< of an action: between its braces, trim marks excluded
  std::size_t end = 0;
};

/// Nothing when an action has no end or holds bytes that Go's lexer would refuse.
std::optional<std::vector<Segment>> split_template(std::string_view text);

}  // namespace sluice::gotemplate
