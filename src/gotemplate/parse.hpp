// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::gotemplate {

/// A pipeline or a part of it. `a | f b` is already `f b a`.
struct Expression {
  enum class Kind : std::uint8_t {
    dot,
    variable,  ///< name: "$", "$x"
    text,      ///< name: the value of a string
    literal,   ///< number, true, nil, a character
    fields,    ///< arguments[0].names[0].names[1]...
    call,      ///< name: the function
    method     ///< arguments[0] is the field that is called, the rest its arguments
  };
  Kind kind = Kind::literal;
  std::string name;
  std::vector<std::string> names;
  std::vector<Expression> arguments;
};

/// An action; text between actions is left out. `else if` is an `if` alone in `otherwise`.
struct Node {
  enum class Kind : std::uint8_t { output, branch, range, with, define, include };
  enum class Sets : std::uint8_t { nothing, declares, assigns };
  Kind kind = Kind::output;
  Sets sets = Sets::nothing;
  std::vector<std::string> variables;  ///< that the pipeline's value goes to
  Expression pipeline;                 ///< of include: the context, `literal` when there is none
  std::string name;                    ///< of define and include ({{ template "name" . }})
  std::vector<Node> body;
  std::vector<Node> otherwise;
};

/// The actions of a template text. A `block` is a define followed by its include. Nothing when it
/// is no template that Go would parse, or is nested more than 200 deep.
std::optional<std::vector<Node>> parse(std::string_view text);

}  // namespace sluice::gotemplate
