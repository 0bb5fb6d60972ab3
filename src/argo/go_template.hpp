// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gotemplate/lexer.hpp"
#include "yaml/value.hpp"

#include <cstdint>
#include <string>
#include <string_view>

/// The part of Go's text/template that ApplicationSets use most, evaluated exactly; the rest is
/// prepared for an engine that has all of it (templater.hpp). Internal to this folder.
namespace sluice::argo {

using gotemplate::Segment;
using gotemplate::split_template;
using gotemplate::Token;

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
