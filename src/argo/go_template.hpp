// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "yaml/value.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The part of Go's text/template that ApplicationSets use most, evaluated exactly; the rest is
/// prepared for an engine that has all of it (templater.hpp). Internal to this folder.
namespace sluice::argo {

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

enum class MissingKey : std::uint8_t { no_value, error };

struct Evaluation {
  enum class State : std::uint8_t {
    done,
    failed,      ///< Argo CD would refuse it: `text` says why
    unsupported  ///< not decided here: `text` says why
  };
  State state = State::done;
  std::string text;
};

/// Fields, index, and a few string functions on exactly typed arguments.
Evaluation evaluate_natively(std::string_view text,
                             const yaml::Value& parameters,
                             MissingKey missing);

/// The template as a Helm chart's `tpl` must get it to print what Argo CD prints: normalize becomes
/// a named template, and a missing value prints `no_value_mark`. State done: `text` is the
/// template.
Evaluation prepare_for_helm(std::string_view text,
                            const yaml::Value& parameters,
                            MissingKey missing);

/// Stands for Argo CD's "<no value>", which Helm would print as nothing.
extern const std::string_view no_value_mark;

/// As Go's %v prints it: a number is a float64, "1e+06".
std::string go_text(const yaml::Value& value);

/// Lower case, everything outside [-a-z0-9.] a '-', cut at 253, no '-' or '.' at the ends.
std::string normalize_name(std::string_view name);

}  // namespace sluice::argo
