// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "promote/environments.hpp"
#include "promote/evidence.hpp"
#include "promote/message.hpp"
#include "promote/places.hpp"
#include "promote/rules.hpp"
#include "promote/tree.hpp"

#include <functional>
#include <map>
#include <string>
#include <vector>

/// A promotion evaluated on one state of the repository: which bytes change, and what is against
/// it. Evaluated from the beginning on each new tip.
namespace sluice::promote {

/// One thing to promote, as the command line names it.
struct Ask {
  ItemKind kind = ItemKind::image;
  std::string name;        ///< image or model; of a value "file:path"
  std::string wanted;      ///< reference, URI or value; empty: what the earlier environment holds
  std::string file, path;  ///< of a value
};

/// A rollback goes to what was there before: no rule is against that.
enum class Rules : std::uint8_t { all, none };

struct Request {
  std::string verb = "promote";
  Rules rules = Rules::all;
  std::vector<Ask> asks;
  std::string to;
  std::string from;  ///< where an ask without a version takes it from; empty: the one before
  std::string object, container;  ///< narrows the places
  Several several = Several::refuse;
  Downgrade downgrade = Downgrade::refuse;
  std::vector<Evidence> evidence;
  std::string expect_old;
  std::string source_commit;
  time::Seconds now;
};

/// What the history says; asked only where a rule needs it.
struct History {
  /// How the version that `holders` hold came into the environment: the newest commit after which
  /// they have been as they are.
  std::function<Result<Arrival>(const std::string& environment,
                                const Ask& ask,
                                const std::vector<std::string>& files,
                                const std::string& held)>
      arrival;
  /// Whether the environment held the version before the one that it holds now.
  std::function<Result<bool>(
      const Ask& ask, const std::vector<std::string>& files, const std::string& version)>
      was_left;
  /// Commit statuses that are "success" at the commit.
  std::function<Result<std::vector<std::string>>(const std::string& commit)> statuses;
  /// Whether the first commit is in the history of the second; nothing when it is not known.
  std::function<Result<std::optional<bool>>(const std::string& ancestor, const std::string& commit)>
      is_ancestor;
};

struct Evaluation {
  Story story;
  std::vector<diag::Finding> findings;
  std::vector<File> before, after;  ///< the files that change; `before` in the same order
  /// Nothing has to change: every place holds the version already.
  [[nodiscard]] bool is_done() const { return after.empty(); }
};

/// Errors: usage (no such environment, several places fit), not_found (no place), unsupported (a
/// place that cannot be changed), and those of the tree and the history.
Result<Evaluation> evaluate(Tree& tree,
                            const config::Config& config,
                            const Request& request,
                            const History& history);

/// The files of an environment that could hold one of the names, parsed.
Result<Survey> survey_environment(Tree& tree,
                                  const Environments& environments,
                                  std::string_view environment,
                                  std::span<const Ask> asks);

/// The places of an ask in surveyed files. Errors: as select().
Result<std::vector<std::size_t>> places_of(Survey& survey, const Ask& ask, const Request& request);

/// What one environment holds of an ask.
struct Holding {
  std::vector<std::string> versions;  ///< each once, in the order of their places
  std::vector<std::string> files;     ///< each once, sorted
};

/// Of the environment that the request is for. Errors: as survey_environment() and places_of().
Result<Holding> find_holding(Tree& tree,
                             const Environments& environments,
                             const Request& request,
                             const Ask& ask);

}  // namespace sluice::promote
