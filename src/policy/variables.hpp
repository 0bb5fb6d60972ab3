// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/context.hpp"

#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::policy {

/// A part of a policy whose strings may hold {{ variables }}; compiled as far as can be.
///
/// A string that is one variable takes the variable's typed value; in any other string the text is
/// put in its place, and the result is looked through again, innermost variables first. Keys of
/// mappings are substituted too.
struct Template {
  Value source;
  bool constant = true;                ///< no variable anywhere below
  const Expression* single = nullptr;  ///< the string is exactly this variable
  std::string own_place = {};          ///< what {{@}} in the string means, below the object
  std::string broken = {};             ///< a $(reference) of the string leads nowhere
  std::vector<Template> children;      ///< of a list or mapping with variables, in order
};

/// Expressions of a policy, compiled at load time and shared by all threads.
class ExpressionStore {
 public:
  /// Errors: as Expression::compile.
  Result<const Expression*> get(std::string_view text);
  /// A text that lives as long as this.
  std::string_view keep(std::string text);

 private:
  std::map<std::string, std::unique_ptr<Expression>, std::less<>> by_text_;
  std::deque<std::string> kept_;
};

/// References "$(path)" are looked up in `source` as a whole.
/// Errors: unsupported (a function that nobody knows), parse (an expression
/// that is none).
Result<Template> compile_template(const Value& source, ExpressionStore& store);

/// The value with all variables replaced. False: `failure` says which one has none.
bool substitute(const Template& source, Context& context, Value& out, Failure& failure);

/// Of one string. `own_place` is what {{@}} means: Template::own_place.
bool substitute_text(std::string_view text,
                     Context& context,
                     Value& out,
                     Failure& failure,
                     std::string_view own_place = {});

/// The text with `word` in the place of each variable, from the innermost outwards.
std::string without_variables(std::string_view text, std::string_view word);

/// The variables of a text, as they are written between the braces, innermost only.
std::vector<std::string_view> variables_in(std::string_view text);

}  // namespace sluice::policy
