// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

/// Flux's postBuild: ${variables} in the text of rendered objects.
namespace sluice::flux {

enum class Strict : std::uint8_t { no, yes };  ///< whether an unset variable is an error

struct Substituted {
  bool ok = true;
  std::string text;        ///< the document, variables replaced; as it was when `ok` is false
  std::string message;     ///< why not: 'variable "region" is not set', printable, one line
  std::string variable;    ///< the one at fault, when there is one
  std::uint32_t line = 0;  ///< of the document, from 1
};

/// Replaces the variables in one document, as kustomize-controller does: in the YAML text that
/// `kustomize build` prints for it, so that what a variable holds may become a number or a boolean.
///
///     ${var}  ${var:-default} ${var:=default} ${var=default}  ${var:offset} ${var:offset:length}
///     ${#var}  ${var#prefix} ${var##prefix} ${var%suffix} ${var%%suffix}
///     ${var/first/by} ${var//all/by} ${var/#prefix/by} ${var/%suffix/by}
///     ${var,} ${var,,} ${var^} ${var^^}        "$$" is a dollar; $var stays as it is
///
/// Arguments may hold variables. A variable that is not set is an error unless the form has a
/// default (Flux 2.7 and later). An object with the label or annotation
/// kustomize.toolkit.fluxcd.io/substitute: disabled is left alone.
Substituted substitute(std::string_view document,
                       const std::map<std::string, std::string>& variables,
                       Strict strict = Strict::yes);

/// Whether a variable may have that name: a letter or '_', then letters, digits and '_'.
bool is_variable_name(std::string_view name);

}  // namespace sluice::flux
