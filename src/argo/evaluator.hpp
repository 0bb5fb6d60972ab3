// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "argo/go_template.hpp"
#include "argo/templater.hpp"
#include "yaml/value.hpp"

#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace sluice::argo {

/// Templates that wait for the engine, and what it answered, over all ApplicationSets of a run: one
/// start of the engine costs as much as a thousand templates.
class TemplateBatch {
 public:
  using Key = std::pair<std::string, std::string>;  ///< template and parameters

  /// The answer, or nullptr: then it is asked for at the next run().
  const TemplateResult* ask(Key key);
  [[nodiscard]] bool waiting() const { return !waiting_.empty(); }
  /// Errors: the engine could not be run, or there is none.
  Status run(const Templater* templater);

 private:
  std::map<Key, TemplateResult> answers_;
  std::map<Key, char> waiting_;
};

enum class Language : std::uint8_t { fast, go };

/// What came of a template for one set of parameters.
struct Rendered {
  enum class State : std::uint8_t { done, pending, failed, unsupported };
  State state = State::done;
  std::string text;  ///< the result, or why there is none
};

/// Evaluates the templates of one ApplicationSet.
class Evaluator {
 public:
  Evaluator(Language language, MissingKey missing, TemplateBatch& batch)
      : language_(language), missing_(missing), batch_(batch) {}

  /// `parameters` must stay as it is while an Evaluator sees it: its JSON is kept.
  Rendered evaluate(std::string_view text, const yaml::Value& parameters);
  [[nodiscard]] Language language() const { return language_; }

 private:
  Rendered ask(std::string_view text, const yaml::Value& parameters);

  Language language_;
  MissingKey missing_;
  TemplateBatch& batch_;
};

/// `{{tag}}` for the texts among `parameters`; other tags stay as they are. Only on one line, as
/// Argo CD looks for them. State failed: a tag without an end.
Evaluation evaluate_fast(std::string_view text, const yaml::Value& parameters);

/// Nested members as "a.b" and "list.0", everything as text: the parameters of `{{tag}}`.
yaml::Value flatten(const yaml::Value& value);
/// The same, of those names alone.
yaml::Value flatten(const yaml::Value& value, const std::set<std::string>& names);

}  // namespace sluice::argo
