// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "argo/context.hpp"
#include "argo/evaluator.hpp"

#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

/// What the generators of an ApplicationSet give. Internal to this folder.
namespace sluice::argo {

/// One attempt at an ApplicationSet. Each step returns nothing once the attempt is over: because
/// something is wrong (reported in the context), or because a template waits for its engine.
class Attempt {
 public:
  Attempt(Context& the_context,
          const Subject& the_subject,
          Evaluator& the_evaluator,
          std::span<const Cluster> the_clusters)
      : context(the_context),
        subject(the_subject),
        evaluator(the_evaluator),
        clusters(the_clusters) {}

  Context& context;
  const Subject& subject;
  Evaluator& evaluator;
  std::span<const Cluster> clusters;
  bool pending = false;
  /// Places of the generators that ask a server, by kind, in the order in which they were met: a
  /// matrix meets its second one for each parameter set of the first.
  std::map<std::string, std::vector<std::pair<std::uint32_t, std::uint32_t>>> recorded;

  [[nodiscard]] bool go() const { return evaluator.language() == Language::go; }

  /// One template; nothing after a report or when it waits.
  std::optional<std::string> text(const yaml::Value& at,
                                  std::string_view written,
                                  const yaml::Value& parameters);
  /// A copy of `written` with every text (keys too) evaluated.
  std::optional<yaml::Value> tree(const yaml::Value& written, const yaml::Value& parameters);
  /// False, with a finding, when there are more than an ApplicationSet may make.
  bool within_limit(std::size_t count, const yaml::Value& at);

 private:
  std::size_t bytes_ = 0;  ///< made by templates so far
};

/// Parameter sets in the generator's order. In the fast language they are flat and hold only texts.
using Parameters = std::vector<yaml::Value>;
using Generated = std::optional<Parameters>;

/// One entry of spec.generators, its selector applied. `outer` are the parameters of the first
/// generator of a matrix, nullptr elsewhere.
Generated generate(Attempt& attempt,
                   const yaml::Value& generator,
                   const yaml::Value* outer,
                   int depth = 0);

/// The member of `generator` that says what it is: {"git", value}.
const yaml::Value::Member* generator_kind(const yaml::Value& generator);

Generated generate_git(Attempt& attempt, const yaml::Value& git);
Generated generate_clusters(Attempt& attempt, const yaml::Value& clusters);
/// A generator that asks a server, from the answers that were recorded.
Generated generate_recorded(Attempt& attempt, const yaml::Value::Member& kind);
/// The parameters of a list's element; in the fast language they must be texts.
std::optional<yaml::Value> parameters_of_element(Attempt& attempt, const yaml::Value& element);
Generated generate_matrix(Attempt& attempt, const yaml::Value& matrix, int depth);
Generated generate_merge(Attempt& attempt, const yaml::Value& merge, int depth);

/// Adds the generator's `values`, each evaluated over the parameters so far.
bool append_values(Attempt& attempt, const yaml::Value* values, yaml::Value& parameters);

/// Whether flat parameters fit matchLabels and matchExpressions; nothing when the selector is wrong
/// (reported). A null selector fits all.
std::optional<bool> selected(Context& context,
                             const Subject& subject,
                             const yaml::Value* selector,
                             const yaml::Value& labels);

}  // namespace sluice::argo
